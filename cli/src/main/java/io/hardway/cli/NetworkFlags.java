package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.core.ContainerConfig;
import io.hardway.core.ContainerNetwork;
import io.hardway.core.HardwayException;
import io.hardway.core.Networks;
import io.hardway.core.PluginEntry;
import io.hardway.core.PluginKind;
import io.hardway.core.Plugins;
import io.hardway.linux.netlink.MacAddress;
import io.hardway.spi.NetworkDefinition;
import io.hardway.spi.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the flags say of the network of a container that has a network namespace of its own; of one
 * that has not, they say nothing but the mode.
 */
final class NetworkFlags {
  private static final String PLUGIN_PREFIX = "net-";
  private static final List<String> ADDRESSES = List.of("ip", "ip6");

  private final Arguments arguments;
  private final Networks networks;
  private final Plugins plugins;

  NetworkFlags(Arguments arguments, Networks networks, Plugins plugins) {
    this.arguments = arguments;
    this.networks = networks;
    this.plugins = plugins;
  }

  /**
   * Adds the plugin, and the network where it has some: a plugin that is named stands for its
   * default one.
   *
   * @param wanted the name of a network or of a plugin, with or without {@code net-}, or {@code
   *     auto}
   */
  void read(String wanted, ContainerConfig.Builder config) {
    Optional<NetworkDefinition> network =
        wanted.equals(Plugins.AUTO) ? Optional.empty() : networks.find(wanted);
    String driver = network.map(NetworkDefinition::driver).orElseGet(() -> pluginName(wanted));
    PluginEntry plugin = plugins.choose(PluginKind.NETWORK, driver);
    config.network(plugin.name());
    config.networkMode(wanted.equals(Plugins.AUTO) ? shortName(plugin) : wanted);
    if (plugins.network(plugin.name()).hasNetworks()) {
      String name = network.map(NetworkDefinition::name).orElse(Networks.DEFAULT);
      config.networks(List.of(attachment(name)));
    } else {
      requireNoAddress();
    }
  }

  private ContainerNetwork attachment(String network) {
    List<String> addresses = new ArrayList<>();
    for (String flag : ADDRESSES) {
      arguments
          .value(flag, Subnet::address)
          .ifPresent(address -> addresses.add(Subnet.text(address)));
    }
    String mac = arguments.value("mac-address", MacAddress::parse).map(Object::toString).orElse("");
    return new ContainerNetwork(network, addresses, mac, List.of());
  }

  /** Refuses addresses where there is no network of ours to have them in. */
  void requireNoAddress() {
    for (String flag : List.of("ip", "ip6", "mac-address")) {
      if (arguments.has(flag)) {
        throw new HardwayException("--" + flag + " needs a network: name one with --network");
      }
    }
  }

  private String pluginName(String name) {
    for (PluginEntry entry : plugins.all()) {
      if (entry.kind() == PluginKind.NETWORK && entry.name().equals(PLUGIN_PREFIX + name)) {
        return entry.name();
      }
    }
    return name;
  }

  private static String shortName(PluginEntry plugin) {
    return plugin.name().startsWith(PLUGIN_PREFIX)
        ? plugin.name().substring(PLUGIN_PREFIX.length())
        : plugin.name();
  }
}
