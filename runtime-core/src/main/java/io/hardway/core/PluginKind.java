package io.hardway.core;

import io.hardway.spi.IsolationProvider;
import io.hardway.spi.NetworkProvider;
import io.hardway.spi.Plugin;
import io.hardway.spi.ResourceController;
import io.hardway.spi.RootfsProvider;

/** The kinds of plugin. */
public enum PluginKind {
  /** What a container can see and do. */
  ISOLATION("isolation", IsolationProvider.class),
  /** What it can use. */
  RESOURCES("resources", ResourceController.class),
  /** What it stands on. */
  ROOTFS("rootfs", RootfsProvider.class),
  /** Whom it can talk to. */
  NETWORK("network", NetworkProvider.class);

  private final String label;
  private final Class<? extends Plugin> type;

  PluginKind(String label, Class<? extends Plugin> type) {
    this.label = label;
    this.type = type;
  }

  /** As the configuration, manifests and {@code hardway plugins} write it. */
  public String label() {
    return label;
  }

  /** The interface of the SPI. */
  public Class<? extends Plugin> type() {
    return type;
  }
}
