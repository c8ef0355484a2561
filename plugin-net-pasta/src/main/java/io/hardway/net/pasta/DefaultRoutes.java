package io.hardway.net.pasta;

import io.hardway.spi.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** The host's routes to everywhere; proc_pid_net(5). */
final class DefaultRoutes {
  private static final String ANY = "0".repeat(8);
  private static final String ANY6 = "0".repeat(32);

  private DefaultRoutes() {}

  /** Whether there is one of IPv4. */
  static boolean ofIpv4(Host host) {
    for (String line : lines(host, "/proc/net/route")) {
      String[] fields = line.split("\t");
      // interface, destination, gateway, flags, …, mask
      if (fields.length > 7 && fields[1].equals(ANY) && fields[7].equals(ANY)) {
        return true;
      }
    }
    return false;
  }

  /** Whether there is one of IPv6. */
  static boolean ofIpv6(Host host) {
    for (String line : lines(host, "/proc/net/ipv6_route")) {
      String[] fields = line.split(" +");
      // destination, its length, …, interface: that which the kernel refuses by is lo
      if (fields.length > 9
          && fields[0].equals(ANY6)
          && fields[1].equals("00")
          && !fields[9].equals("lo")) {
        return true;
      }
    }
    return false;
  }

  private static List<String> lines(Host host, String file) {
    try {
      return Files.readAllLines(host.file(file));
    } catch (IOException none) {
      return List.of();
    }
  }
}
