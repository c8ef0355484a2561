package io.hardway.core;

import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;
import io.hardway.spi.PublishedPort;
import java.util.ArrayList;
import java.util.List;

/**
 * What was asked for of a port of the host.
 *
 * @param protocol of both
 * @param address the host's; empty: all
 * @param firstHostPort the first of those that may be taken; 0: any
 * @param lastHostPort the last of them
 * @param containerPort where it leads
 */
public record PortMapping(
    PublishedPort.Protocol protocol,
    String address,
    int firstHostPort,
    int lastHostPort,
    int containerPort) {

  /** The host's port as people write it: one, a range, or nothing. */
  public String hostPort() {
    if (firstHostPort == 0) {
      return "";
    }
    return firstHostPort == lastHostPort
        ? Integer.toString(firstHostPort)
        : firstHostPort + "-" + lastHostPort;
  }

  /** The container's port as people write it, {@code 80/tcp}. */
  public String target() {
    return containerPort + "/" + protocol.label();
  }

  static void write(JsonWriter json, List<PortMapping> mappings) {
    json.beginArray();
    for (PortMapping mapping : mappings) {
      json.beginObject()
          .field("protocol", mapping.protocol.label())
          .field("address", mapping.address)
          .field("firstHostPort", mapping.firstHostPort)
          .field("lastHostPort", mapping.lastHostPort)
          .field("containerPort", mapping.containerPort)
          .endObject();
    }
    json.endArray();
  }

  static List<PortMapping> read(JsonObject json, String name) {
    List<PortMapping> mappings = new ArrayList<>();
    for (JsonObject one : json.objects(name)) {
      mappings.add(
          new PortMapping(
              PublishedPort.Protocol.of(one.text("protocol")),
              one.text("address"),
              (int) one.number("firstHostPort"),
              (int) one.number("lastHostPort"),
              (int) one.number("containerPort")));
    }
    return mappings;
  }
}
