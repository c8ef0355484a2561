package io.hardway.cli;

import io.hardway.core.ContainerRecord;
import io.hardway.core.PortMapping;
import io.hardway.core.json.JsonWriter;
import io.hardway.spi.PublishedPort;
import io.hardway.spi.Subnet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ports as docker words them. */
final class PortText {
  private PortText() {}

  /** The container's port, {@code 80/tcp}. */
  static String target(PublishedPort port) {
    return port.containerPort() + "/" + port.protocol().label();
  }

  /** The host's, {@code 0.0.0.0:8080}. */
  static String host(PublishedPort port) {
    return address(port) + ":" + port.hostPort();
  }

  private static String address(PublishedPort port) {
    String address = Subnet.text(port.address());
    return address.indexOf(':') >= 0 ? "[" + address + "]" : address;
  }

  /** The column of {@code ps}: of one that runs, where its ports are reached. */
  static String column(ContainerRecord container) {
    if (!container.status().isAlive()) {
      return "";
    }
    List<String> words = new ArrayList<>();
    for (String exposed : container.config().exposedPorts()) {
      if (container.ports().stream().noneMatch(port -> target(port).equals(exposed))) {
        words.add(exposed);
      }
    }
    List<PublishedPort> ports = new ArrayList<>(container.ports());
    // Of one address after the other, so that ranges are found.
    ports.sort((a, b) -> order(a).compareTo(order(b)));
    for (int i = 0; i < ports.size(); ) {
      int end = i + 1;
      while (end < ports.size() && follows(ports.get(end - 1), ports.get(end))) {
        end++;
      }
      words.add(range(ports.get(i), ports.get(end - 1)));
      i = end;
    }
    return String.join(", ", words);
  }

  private static String order(PublishedPort port) {
    int version = port.address().getAddress().length;
    return "%02d %s %s %05d"
        .formatted(version, address(port), port.protocol().label(), port.containerPort());
  }

  private static boolean follows(PublishedPort before, PublishedPort port) {
    return before.address().equals(port.address())
        && before.protocol() == port.protocol()
        && before.hostPort() + 1 == port.hostPort()
        && before.containerPort() + 1 == port.containerPort();
  }

  private static String range(PublishedPort first, PublishedPort last) {
    boolean one = first.equals(last);
    return host(first)
        + (one ? "" : "-" + last.hostPort())
        + "->"
        + first.containerPort()
        + (one ? "" : "-" + last.containerPort())
        + "/"
        + first.protocol().label();
  }

  /** {@code NetworkSettings.Ports}: what each exposed port of a running container is reached by. */
  static void settings(JsonWriter json, ContainerRecord container) {
    json.beginObject();
    for (String exposed :
        container.status().isAlive() ? container.config().exposedPorts() : List.<String>of()) {
      json.name(exposed);
      List<PublishedPort> ports =
          container.ports().stream().filter(port -> target(port).equals(exposed)).toList();
      if (ports.isEmpty()) {
        json.nothing();
        continue;
      }
      json.beginArray();
      for (PublishedPort port : ports) {
        binding(json, Subnet.text(port.address()), Integer.toString(port.hostPort()));
      }
      json.endArray();
    }
    json.endObject();
  }

  /** {@code HostConfig.PortBindings}: what was asked for. */
  static void bindings(JsonWriter json, List<PortMapping> mappings) {
    Map<String, List<PortMapping>> byTarget = new LinkedHashMap<>();
    for (PortMapping mapping : mappings) {
      byTarget.computeIfAbsent(mapping.target(), target -> new ArrayList<>()).add(mapping);
    }
    json.beginObject();
    byTarget.forEach(
        (target, asked) -> {
          json.name(target).beginArray();
          asked.forEach(mapping -> binding(json, mapping.address(), mapping.hostPort()));
          json.endArray();
        });
    json.endObject();
  }

  private static void binding(JsonWriter json, String address, String port) {
    json.beginObject().field("HostIp", address).field("HostPort", port).endObject();
  }

  /** {@code Config.ExposedPorts}. */
  static void exposed(JsonWriter json, List<String> ports) {
    json.beginObject();
    ports.forEach(port -> json.name(port).beginObject().endObject());
    json.endObject();
  }
}
