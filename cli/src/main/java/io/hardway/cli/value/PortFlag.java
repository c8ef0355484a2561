package io.hardway.cli.value;

import io.hardway.core.PortMapping;
import io.hardway.spi.PublishedPort;
import io.hardway.spi.Subnet;
import java.util.ArrayList;
import java.util.List;

/**
 * Docker's ways to name ports: of {@code --publish}, {@code
 * [IP:][HOST[-RANGE]]:CONTAINER[-RANGE][/PROTOCOL]}, and of {@code --expose}, {@code
 * PORT[-RANGE][/PROTOCOL]}.
 */
public final class PortFlag {
  private PortFlag() {}

  /** First and last of some ports. */
  private record Range(int first, int last) {
    int size() {
      return last - first + 1;
    }
  }

  /**
   * The ports to publish.
   *
   * @throws IllegalArgumentException where it names none, or more of the host's than of the
   *     container's for several
   */
  public static List<PortMapping> publish(String text) {
    int slash = text.lastIndexOf('/');
    PublishedPort.Protocol protocol = protocol(slash < 0 ? "tcp" : text.substring(slash + 1));
    String rest = slash < 0 ? text : text.substring(0, slash);
    int colon = rest.lastIndexOf(':');
    String target = rest.substring(colon + 1);
    if (target.isEmpty()) {
      throw new IllegalArgumentException("no port specified: " + text);
    }
    Range inside = range(target, "containerPort");
    String before = colon < 0 ? "" : rest.substring(0, colon);
    int split = before.startsWith("[") ? before.indexOf(']') + 1 : before.indexOf(':');
    boolean hasAddress = split > 0 || before.startsWith(":") || before.startsWith("[");
    String host = hasAddress ? before.substring(Math.min(before.length(), split + 1)) : before;
    String address = hasAddress && split > 0 ? address(before.substring(0, split), text) : "";
    if (hasAddress && split < before.length() && before.charAt(Math.max(split, 0)) != ':') {
      throw new IllegalArgumentException("invalid IP address: " + before);
    }
    if (host.isEmpty() || host.equals("0")) {
      return each(protocol, address, new Range(0, 0), inside);
    }
    Range outside = range(host, "hostPort");
    if (outside.size() != inside.size() && inside.size() != 1) {
      throw new IllegalArgumentException(
          "invalid ranges specified for container and host Ports: " + target + " and " + host);
    }
    return each(protocol, address, outside, inside);
  }

  private static List<PortMapping> each(
      PublishedPort.Protocol protocol, String address, Range outside, Range inside) {
    List<PortMapping> mappings = new ArrayList<>();
    for (int i = 0; i < inside.size(); i++) {
      boolean single = outside.first == 0 || inside.size() == 1;
      mappings.add(
          new PortMapping(
              protocol,
              address,
              single ? outside.first : outside.first + i,
              single ? outside.last : outside.first + i,
              inside.first + i));
    }
    return mappings;
  }

  /**
   * The ports to tell of, like {@code 80/tcp}.
   *
   * @throws IllegalArgumentException where it names none
   */
  public static List<String> expose(String text) {
    int slash = text.lastIndexOf('/');
    String label = protocol(slash < 0 ? "tcp" : text.substring(slash + 1)).label();
    Range range = range(slash < 0 ? text : text.substring(0, slash), "port");
    List<String> ports = new ArrayList<>();
    for (int port = range.first; port <= range.last; port++) {
      ports.add(port + "/" + label);
    }
    return ports;
  }

  private static PublishedPort.Protocol protocol(String text) {
    for (PublishedPort.Protocol protocol : PublishedPort.Protocol.values()) {
      if (protocol.label().equalsIgnoreCase(text)) {
        return protocol;
      }
    }
    throw new IllegalArgumentException(
        "invalid proto: "
            + text
            + (text.equalsIgnoreCase("sctp") ? ": there are tcp and udp" : ""));
  }

  private static String address(String text, String whole) {
    String bare =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    try {
      return Subnet.text(Subnet.address(bare));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("invalid IP address: " + bare + " in " + whole, e);
    }
  }

  private static Range range(String text, String what) {
    int dash = text.indexOf('-');
    int first = port(dash < 0 ? text : text.substring(0, dash), what, text);
    int last = dash < 0 ? first : port(text.substring(dash + 1), what, text);
    if (last < first) {
      throw new IllegalArgumentException(
          "invalid " + what + ": " + text + ": it ends before it begins");
    }
    return new Range(first, last);
  }

  private static int port(String text, String what, String whole) {
    int port = 0;
    for (int i = 0; i < text.length() && port <= 65535; i++) {
      int digit = text.charAt(i) - '0';
      port = digit < 0 || digit > 9 ? 65536 : port * 10 + digit;
    }
    if (text.isEmpty() || port < 1 || port > 65535) {
      throw new IllegalArgumentException("invalid " + what + ": " + whole);
    }
    return port;
  }
}
