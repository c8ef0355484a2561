package io.hardway.core;

import io.hardway.spi.Host;
import io.hardway.spi.Plugin;
import io.hardway.spi.Support;
import java.util.function.Supplier;

/**
 * One plugin that was found, loaded at the first question. A plugin that fails is named in the
 * error, and does no harm to others.
 */
public final class PluginEntry {
  private final PluginKind kind;
  private final String declaredName;
  private final String origin;
  private final boolean bundled;
  private final Supplier<Plugin> loader;
  private Plugin plugin;
  private String failure = "";

  PluginEntry(
      PluginKind kind,
      String declaredName,
      String origin,
      boolean bundled,
      Supplier<Plugin> loader) {
    this.kind = kind;
    this.declaredName = declaredName;
    this.origin = origin;
    this.bundled = bundled;
    this.loader = loader;
  }

  /** What it does. */
  public PluginKind kind() {
    return kind;
  }

  /** Where it comes from: {@code bundled}, or a jar's path. */
  public String origin() {
    return origin;
  }

  /** Whether it came with Hardway. */
  public boolean isBundled() {
    return bundled;
  }

  /** Its name; for one from a folder what its manifest says. */
  public String name() {
    if (!declaredName.isEmpty()) {
      return declaredName;
    }
    Plugin loaded = loadOrNull();
    return loaded == null ? origin : loaded.name();
  }

  /** One line about it, possibly empty. */
  public String description() {
    Plugin loaded = loadOrNull();
    return loaded == null ? "" : loaded.description();
  }

  /** Whether it works here; a plugin that cannot be loaded does not, and says why. */
  public Support probe(Host host) {
    Plugin loaded = loadOrNull();
    if (loaded == null) {
      return Support.unusable(failure);
    }
    try {
      return loaded.probe(host);
    } catch (RuntimeException | LinkageError e) {
      return Support.unusable("plugin " + name() + " (" + origin + ") failed: " + e);
    }
  }

  /**
   * The plugin itself.
   *
   * @throws HardwayException where it cannot be loaded
   */
  Plugin load() {
    Plugin loaded = loadOrNull();
    if (loaded == null) {
      throw new HardwayException("plugin " + declaredName + " cannot be used: " + failure);
    }
    return loaded;
  }

  private synchronized Plugin loadOrNull() {
    if (plugin == null && failure.isEmpty()) {
      try {
        plugin = loader.get();
        if (!kind.type().isInstance(plugin)) {
          failure =
              origin + ": " + plugin.getClass().getName() + " is no " + kind.type().getSimpleName();
          plugin = null;
        } else if (!declaredName.isEmpty() && !declaredName.equals(plugin.name())) {
          failure =
              origin
                  + ": the manifest says "
                  + declaredName
                  + ", the plugin calls itself "
                  + plugin.name();
          plugin = null;
        }
      } catch (UnsupportedClassVersionError e) {
        failure = origin + " was built for a newer Java than this one: " + e.getMessage();
      } catch (RuntimeException | LinkageError e) {
        failure = origin + " cannot be loaded: " + e;
      }
    }
    return plugin;
  }
}
