package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.value.NetworkChoice;
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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the flags say of the network of a container that has a network namespace of its own; of one
 * that has not, they say nothing but the mode.
 */
final class NetworkFlags {
  static final String PLUGIN_PREFIX = "net-";
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
   * @param choices all that was chosen, with {@code wanted} as the first; empty: nothing was
   */
  void read(String wanted, List<NetworkChoice> choices, ContainerConfig.Builder config) {
    Optional<NetworkDefinition> network =
        wanted.equals(Plugins.AUTO) ? Optional.empty() : networks.find(wanted);
    String driver = network.map(NetworkDefinition::driver).orElseGet(() -> pluginName(wanted));
    if (!wanted.equals(Plugins.AUTO) && !plugins.has(PluginKind.NETWORK, driver)) {
      StringBuilder text = new StringBuilder("network ").append(wanted);
      text.append(" not found: make it with hardway network create ").append(wanted);
      // It may have been meant for a plugin of a folder that is not trusted.
      plugins.complaints().forEach(complaint -> text.append("; ").append(complaint));
      throw new HardwayException(text.toString());
    }
    PluginEntry plugin = plugins.choose(PluginKind.NETWORK, driver);
    config.network(plugin.name());
    config.networkMode(wanted.equals(Plugins.AUTO) ? shortName(plugin) : wanted);
    if (plugins.network(plugin.name()).hasNetworks()) {
      String name = network.map(NetworkDefinition::name).orElse(Networks.DEFAULT);
      List<ContainerNetwork> connected = new ArrayList<>();
      connected.add(attachment(name, choices));
      for (int i = 1; i < choices.size(); i++) {
        connected.add(further(choices.get(i), plugin.name()));
      }
      requireDistinct(connected);
      config.networks(connected);
    } else {
      requireAlone(choices);
      requireNoAddress(choices);
    }
  }

  /** One behind the first, which is a network and nothing else. */
  private ContainerNetwork further(NetworkChoice choice, String plugin) {
    Optional<NetworkDefinition> network = networks.find(choice.name());
    String name = network.map(NetworkDefinition::name).orElse(choice.name());
    if (network.isEmpty() && !name.equals(Networks.DEFAULT)) {
      throw new HardwayException(
          "network "
              + name
              + " not found: of several networks each is one that hardway network create has made");
    }
    if (network.isPresent() && !network.get().driver().equals(plugin)) {
      throw new HardwayException(
          "network "
              + name
              + " is of plugin "
              + network.get().driver()
              + ", the first of "
              + plugin
              + ": connect a container to networks of one plugin");
    }
    if (!choice.aliases().isEmpty()) {
      requireNames(name);
    }
    return new ContainerNetwork(name, choice.addresses(), choice.macAddress(), choice.aliases());
  }

  private static void requireDistinct(List<ContainerNetwork> connected) {
    Set<String> names = new HashSet<>();
    for (ContainerNetwork network : connected) {
      if (!names.add(network.name())) {
        throw new HardwayException(
            "network \"" + network.name() + "\" is specified multiple times: name it once");
      }
    }
  }

  /** Refuses a second network beside what is none that others could stand beside. */
  void requireAlone(List<NetworkChoice> choices) {
    if (choices.size() > 1) {
      throw new HardwayException(
          "conflicting options: --network "
              + choices.get(0).name()
              + " cannot be given with other networks");
    }
  }

  /** The first, for which the flags stand that name no network. */
  private ContainerNetwork attachment(String network, List<NetworkChoice> choices) {
    List<String> addresses = new ArrayList<>();
    String own = "";
    if (!choices.isEmpty()) {
      addresses.addAll(choices.get(0).addresses());
      own = choices.get(0).macAddress();
    }
    if (!addresses.isEmpty() && (arguments.has("ip") || arguments.has("ip6"))) {
      throw new HardwayException(
          "conflicting options: cannot specify both --ip and the network's ip=: leave one out");
    }
    if (!own.isEmpty() && arguments.has("mac-address")) {
      throw new HardwayException(
          "conflicting options: cannot specify both --mac-address and the network's mac-address=:"
              + " leave one out");
    }
    for (String flag : ADDRESSES) {
      arguments
          .value(flag, Subnet::address)
          .ifPresent(address -> addresses.add(Subnet.text(address)));
    }
    String mac =
        arguments.value("mac-address", MacAddress::parse).map(Object::toString).orElse(own);
    List<String> aliases =
        new ArrayList<>(choices.isEmpty() ? List.of() : choices.get(0).aliases());
    aliases.addAll(arguments.values("network-alias", NetworkChoice::alias));
    if (!aliases.isEmpty()) {
      requireNames(network);
    }
    return new ContainerNetwork(network, addresses, mac, aliases);
  }

  private static void requireNames(String network) {
    if (network.equals(Networks.DEFAULT)) {
      throw new HardwayException(
          "network-scoped aliases are only supported for user-defined networks: "
              + network
              + " has no names; make a network with hardway network create");
    }
  }

  /** Refuses addresses where there is no network of ours to have them in. */
  void requireNoAddress(List<NetworkChoice> choices) {
    for (NetworkChoice choice : choices) {
      if (!choice.addresses().isEmpty()
          || !choice.macAddress().isEmpty()
          || !choice.aliases().isEmpty()) {
        throw new HardwayException(
            "--network name=" + choice.name() + ": it has no addresses to choose, and no names");
      }
    }
    for (String flag : List.of("ip", "ip6", "mac-address", "network-alias")) {
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
