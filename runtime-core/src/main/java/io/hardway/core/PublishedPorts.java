package io.hardway.core;

import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;
import io.hardway.spi.PublishedPort;
import io.hardway.spi.Subnet;
import java.util.ArrayList;
import java.util.List;

/** The form in which the state of a container that runs has the ports it got. */
final class PublishedPorts {
  private PublishedPorts() {}

  /** A member of the state's object, with a comma before it; empty where there are none. */
  static String json(List<PublishedPort> ports) {
    if (ports.isEmpty()) {
      return "";
    }
    JsonWriter json = new JsonWriter().beginArray();
    for (PublishedPort port : ports) {
      json.beginObject()
          .field("protocol", port.protocol().label())
          .field("address", Subnet.text(port.address()))
          .field("hostPort", port.hostPort())
          .field("containerPort", port.containerPort())
          .endObject();
    }
    return ",\"ports\":" + json.endArray();
  }

  static List<PublishedPort> read(JsonObject state) {
    List<PublishedPort> ports = new ArrayList<>();
    for (JsonObject one : state.objects("ports")) {
      ports.add(
          PublishedPort.of(
              PublishedPort.Protocol.of(one.text("protocol")),
              Subnet.address(one.text("address")),
              (int) one.number("hostPort"),
              (int) one.number("containerPort")));
    }
    return ports;
  }
}
