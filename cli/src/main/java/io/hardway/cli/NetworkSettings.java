package io.hardway.cli;

import io.hardway.core.Connection;
import io.hardway.core.ContainerNetwork;
import io.hardway.core.ContainerRecord;
import io.hardway.core.Networks;
import io.hardway.core.json.JsonWriter;
import io.hardway.spi.NetworkDefinition;
import io.hardway.spi.Subnet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code NetworkSettings} of {@code inspect}: the networks of a container, by docker's names. */
final class NetworkSettings {
  private final Networks networks;

  NetworkSettings(Networks networks) {
    this.networks = networks;
  }

  void write(JsonWriter json, ContainerRecord container) {
    json.beginObject();
    PortText.settings(json.name("Ports"), container);
    json.name("Networks").beginObject();
    for (ContainerNetwork network : container.config().networks()) {
      json.name(network.name()).beginObject();
      json.field("NetworkID", networks.find(network.name()).map(NetworkDefinition::id).orElse(""));
      json.name("Aliases").texts(network.aliases());
      Connection connection = connection(container, network.name());
      address(json, connection.addresses(), true, "IPAddress", "IPPrefixLen");
      address(json, connection.addresses(), false, "GlobalIPv6Address", "GlobalIPv6PrefixLen");
      json.field("Gateway", first(connection.gateways(), true));
      json.field("IPv6Gateway", first(connection.gateways(), false));
      json.field("MacAddress", connection.macAddress());
      json.endObject();
    }
    json.endObject().endObject();
  }

  private static Connection connection(ContainerRecord container, String network) {
    for (Connection connection : container.connections()) {
      if (connection.network().equals(network)) {
        return connection;
      }
    }
    return new Connection(network, "", List.of(), List.of(), "");
  }

  private static void address(
      JsonWriter json, List<String> addresses, boolean version4, String name, String prefix) {
    String text = first(addresses, version4);
    int slash = text.indexOf('/');
    json.field(name, slash < 0 ? "" : text.substring(0, slash));
    json.field(prefix, slash < 0 ? 0 : Long.parseLong(text.substring(slash + 1)));
  }

  private static String first(List<String> addresses, boolean version4) {
    for (String address : addresses) {
      if (address.indexOf(':') < 0 == version4) {
        return address;
      }
    }
    return "";
  }

  /** A network by docker's names, with those of its containers that run. */
  static void write(JsonWriter json, NetworkDefinition network, List<ContainerRecord> users) {
    json.beginObject()
        .field("Name", network.name())
        .field("Id", network.id())
        .field("Created", network.created())
        .field("Scope", "local")
        .field("Driver", network.driver())
        .field("EnableIPv6", !network.subnets().stream().allMatch(Subnet::isVersion4));
    json.name("IPAM").beginObject().field("Driver", "default").name("Config").beginArray();
    for (int i = 0; i < network.subnets().size(); i++) {
      Subnet subnet = network.subnets().get(i);
      json.beginObject().field("Subnet", subnet.toString());
      for (Subnet range : network.ranges()) {
        if (range.overlaps(subnet)) {
          json.field("IPRange", range.toString());
        }
      }
      json.field("Gateway", Subnet.text(network.gateways().get(i)));
      Map<String, String> auxiliary = new LinkedHashMap<>();
      network
          .auxiliary()
          .forEach(
              (name, address) -> {
                if (subnet.contains(address)) {
                  auxiliary.put(name, Subnet.text(address));
                }
              });
      if (!auxiliary.isEmpty()) {
        json.name("AuxiliaryAddresses").texts(auxiliary);
      }
      json.endObject();
    }
    json.endArray().endObject().field("Internal", network.internal());
    json.name("Containers").beginObject();
    for (ContainerRecord user : users) {
      for (Connection connection : user.connections()) {
        if (connection.network().equals(network.name())) {
          json.name(user.config().id())
              .beginObject()
              .field("Name", user.config().name())
              .field("MacAddress", connection.macAddress())
              .field("IPv4Address", first(connection.addresses(), true))
              .field("IPv6Address", first(connection.addresses(), false))
              .endObject();
        }
      }
    }
    json.endObject();
    json.name("Options").texts(network.options());
    json.name("Labels").texts(network.labels());
    json.endObject();
  }
}
