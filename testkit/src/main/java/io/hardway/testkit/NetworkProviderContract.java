package io.hardway.testkit;

import io.hardway.spi.NetworkProvider;
import io.hardway.spi.NetworkRequest;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.Plugin;
import io.hardway.spi.spec.LinuxSettings;
import io.hardway.spi.spec.Namespace;
import io.hardway.spi.spec.Spec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What every network provider must keep: extend it in a test of the plugin.
 *
 * @since 0.1
 */
public abstract class NetworkProviderContract extends PluginContract {

  /** The plugin. */
  protected abstract NetworkProvider provider();

  /** A request for a container with a network namespace of its own; without options. */
  protected NetworkRequest request() {
    return NetworkRequest.builder()
        .host(host())
        .container(container())
        .spec(
            Spec.builder()
                .linux(
                    LinuxSettings.builder()
                        .namespaces(List.of(Namespace.builder().type("network").build()))
                        .build())
                .build())
        .build();
  }

  @Override
  final Plugin plugin() {
    return provider();
  }

  @Override
  final Map<String, Consumer<PlanBuilder>> verbs() {
    Map<String, Consumer<PlanBuilder>> verbs = new LinkedHashMap<>();
    verbs.put("run", plan -> provider().contribute(request(), plan));
    if (provider().reconnects()) {
      verbs.put("connect", plan -> provider().contributeConnect(request(), plan));
      verbs.put(
          "disconnect",
          plan -> provider().contributeDisconnect(request(), request().attachments().get(0), plan));
    }
    return verbs;
  }
}
