package io.hardway.core;

import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;
import io.hardway.spi.NetworkAttachment;
import io.hardway.spi.Subnet;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * How a container that runs is connected to a network.
 *
 * @param network the network's name
 * @param interfaceName the interface inside
 * @param addresses with the bits that say the network, like {@code 10.1.2.3/24}
 * @param gateways the host's addresses in the network
 * @param macAddress its hardware address; empty: not known
 */
public record Connection(
    String network,
    String interfaceName,
    List<String> addresses,
    List<String> gateways,
    String macAddress) {

  /** The name of the member of the state's object that holds them. */
  static final String MEMBER = "connections";

  /** A member of the state's object, with a comma before it; empty where there are none. */
  static String json(List<NetworkAttachment> attachments) {
    if (attachments.isEmpty()) {
      return "";
    }
    JsonWriter json = new JsonWriter().beginArray();
    for (NetworkAttachment attachment : attachments) {
      List<String> addresses = new ArrayList<>();
      for (InetAddress address : attachment.addresses()) {
        for (Subnet subnet : attachment.network().subnets()) {
          if (subnet.contains(address)) {
            addresses.add(Subnet.text(address) + "/" + subnet.prefix());
          }
        }
      }
      List<String> gateways = new ArrayList<>();
      attachment.network().gateways().forEach(gateway -> gateways.add(Subnet.text(gateway)));
      json.beginObject()
          .field("network", attachment.network().name())
          .field("interface", attachment.interfaceName());
      json.name("addresses").texts(addresses);
      json.name("gateways").texts(gateways);
      json.field("macAddress", attachment.macAddress().orElse(""));
      json.endObject();
    }
    return ",\"" + MEMBER + "\":" + json.endArray();
  }

  static List<Connection> read(JsonObject state) {
    List<Connection> connections = new ArrayList<>();
    for (JsonObject one : state.objects(MEMBER)) {
      connections.add(
          new Connection(
              one.text("network"),
              one.text("interface"),
              one.texts("addresses"),
              one.texts("gateways"),
              one.text("macAddress")));
    }
    return connections;
  }
}
