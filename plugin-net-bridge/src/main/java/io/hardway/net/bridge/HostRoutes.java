package io.hardway.net.bridge;

import io.hardway.linux.netlink.LinkMessage;
import io.hardway.spi.Host;
import io.hardway.spi.Subnet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The host's routes, as {@code /proc/net/route} and {@code /proc/net/ipv6_route} say them; the
 * first is read at the first question, and once.
 */
final class HostRoutes {
  private static final int DEFAULT_MTU = 1500;

  /** RTF_DEFAULT and RTF_ADDRCONF; linux/ipv6_route.h. */
  private static final long ADVERTISED_DEFAULT = 0x00010000 | 0x00040000;

  private final Host host;
  private List<String[]> version4;

  HostRoutes(Host host) {
    this.host = host;
  }

  /** The networks that have a route; the default routes are none. */
  List<Subnet> networks() {
    List<Subnet> networks = new ArrayList<>();
    for (String[] words : version4()) {
      if (words.length > 7 && words[1].length() == 8 && !words[7].equals("00000000")) {
        networks.add(version4(words[1], words[7]));
      }
    }
    for (String[] words : lines("/proc/net/ipv6_route")) {
      if (words.length > 1 && words[0].length() == 32 && !words[1].equals("00")) {
        networks.add(subnet(HexFormat.of().parseHex(words[0]), Integer.parseInt(words[1], 16)));
      }
    }
    return networks;
  }

  /**
   * The interface, not ours, through which the host reaches a part of a subnet without anybody
   * between; empty where there is none.
   */
  String neighbour(Subnet subnet) {
    for (String[] words : version4()) {
      if (words.length > 7
          && words[2].equals("00000000")
          && words[1].length() == 8
          && !words[7].equals("00000000")
          && !isOurs(words[0])
          && version4(words[1], words[7]).overlaps(subnet)) {
        return words[0];
      }
    }
    for (String[] words : lines("/proc/net/ipv6_route")) {
      if (words.length > 9
          && words[4].equals("0".repeat(32))
          && words[0].length() == 32
          && !words[1].equals("00")
          && !words[9].equals("lo")
          && !isOurs(words[9])
          && subnet(HexFormat.of().parseHex(words[0]), Integer.parseInt(words[1], 16))
              .overlaps(subnet)) {
        return words[9];
      }
    }
    return "";
  }

  /** Whether a route goes through this interface. */
  boolean has(String interfaceName) {
    for (String[] words : version4()) {
      if (words[0].equals(interfaceName)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The index of an interface that is up, 0 where there is none. Not from {@code /sys}, which may
   * be another network namespace's; proc_net(5).
   */
  int index(String interfaceName) {
    for (String[] words : lines("/proc/net/igmp")) {
      if (words.length > 1 && words[1].replace(":", "").equals(interfaceName)) {
        return Integer.parseInt(words[0]);
      }
    }
    return 0;
  }

  /** Whether this is the name of a bridge of ours, or of the host's end of a container's pair. */
  static boolean isOurs(String interfaceName) {
    return interfaceName.startsWith(Bridge.NAME_PREFIX)
        || interfaceName.startsWith(BridgeNetworkProvider.OUTER_PREFIX)
            && interfaceName.length() == LinkMessage.NAME_LENGTH;
  }

  /** Whether a bridge of ours is there beside this one. */
  boolean hasBridgeBeside(String bridge) {
    for (String[] words : version4()) {
      if (words[0].startsWith(Bridge.NAME_PREFIX) && !words[0].equals(bridge)) {
        return true;
      }
    }
    return false;
  }

  /** The interfaces that are not ours and have a route, IPv4. */
  Set<String> neighbours() {
    Set<String> names = new TreeSet<>();
    for (String[] words : version4()) {
      if (words.length > 7 && !words[0].equals("Iface") && !isOurs(words[0])) {
        names.add(words[0]);
      }
    }
    return names;
  }

  /** The interfaces whose default route of IPv6 the kernel has from a router's advertisement. */
  Set<String> advertised() {
    Set<String> names = new TreeSet<>();
    for (String[] words : lines("/proc/net/ipv6_route")) {
      if (words.length > 9
          && (Long.parseLong(words[8], 16) & ADVERTISED_DEFAULT) == ADVERTISED_DEFAULT) {
        names.add(words[9]);
      }
    }
    return names;
  }

  /** The MTU of the interface that the default route goes through. */
  int mtu() {
    for (String[] words : version4()) {
      if (words.length > 7 && words[1].equals("00000000") && words[7].equals("00000000")) {
        return number("/sys/class/net/" + words[0] + "/mtu", DEFAULT_MTU);
      }
    }
    return DEFAULT_MTU;
  }

  private List<String[]> version4() {
    if (version4 == null) {
      version4 = lines("/proc/net/route");
    }
    return version4;
  }

  private int number(String path, int otherwise) {
    try {
      return Integer.parseInt(Files.readString(host.file(path)).strip());
    } catch (IOException | NumberFormatException none) {
      return otherwise;
    }
  }

  private List<String[]> lines(String path) {
    Path file = host.file(path);
    List<String[]> lines = new ArrayList<>();
    try {
      for (String line : Files.readString(file).split("\n")) {
        lines.add(line.strip().split("\\s+"));
      }
    } catch (IOException none) {
      return lines;
    }
    return lines;
  }

  /** Both as a number in hexadecimal whose first byte in memory is the address's first. */
  private static Subnet version4(String destination, String mask) {
    byte[] address = reversed(HexFormat.of().parseHex(destination));
    int prefix = Integer.bitCount((int) Long.parseLong(mask, 16));
    return subnet(address, prefix);
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }

  private static Subnet subnet(byte[] address, int prefix) {
    try {
      return Subnet.parse(Subnet.text(InetAddress.getByAddress(address)) + "/" + prefix);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
