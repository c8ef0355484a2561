package io.hardway.net.pasta;

import io.hardway.spi.Host;
import io.hardway.spi.PlanningException;
import io.hardway.spi.PublishedPort;
import io.hardway.spi.Subnet;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The host's ports that pasta listens at, which lead to a container; pasta(1). */
final class Ports {
  private static final String FIRST_OF_USERS = "/proc/sys/net/ipv4/ip_unprivileged_port_start";

  /** ip(7) */
  private static final int USUAL_FIRST = 1024;

  private static final int SETTING_BYTES = 32;

  private static final String NONE = "none";

  private Ports() {}

  /**
   * Its options, of each protocol: where one has no port, ports of the other are not to be its.
   *
   * @throws PlanningException where a port is not for ordinary users, or pasta cannot serve it
   */
  static List<String> options(Host host, List<PublishedPort> ports) {
    int first = firstOfUsers(host);
    for (PublishedPort port : ports) {
      if (port.hostPort() < first) {
        throw new PlanningException(
            "port " + port.hostPort() + " is for root alone",
            "publish one from " + first + " on, or lower net.ipv4.ip_unprivileged_port_start");
      }
      // Seen with pasta of 2023: what is sent arrives, but its answer does not.
      boolean isDatagram = port.protocol() == PublishedPort.Protocol.UDP;
      if (isDatagram && port.hostPort() != port.containerPort()) {
        throw new PlanningException(
            "pasta answers datagrams at ports of the same number alone, not at "
                + port.hostPort()
                + " for "
                + port.containerPort(),
            "publish " + port.containerPort() + ":" + port.containerPort() + "/udp");
      }
    }
    List<String> options = new ArrayList<>();
    for (PublishedPort.Protocol protocol : PublishedPort.Protocol.values()) {
      Set<String> places = places(protocol, ports);
      for (String place : places.isEmpty() ? Set.of(NONE) : places) {
        options.add("--" + protocol.label() + "-ports");
        options.add(place);
      }
    }
    return options;
  }

  private static Set<String> places(PublishedPort.Protocol protocol, List<PublishedPort> ports) {
    Set<String> places = new LinkedHashSet<>();
    for (PublishedPort port : ports) {
      if (port.protocol() == protocol) {
        String numbers = port.hostPort() + ":" + port.containerPort();
        InetAddress address = port.address();
        boolean all = address.isAnyLocalAddress() && hasOther(port, ports);
        places.add(all ? numbers : Subnet.text(address) + "/" + numbers);
      }
    }
    return places;
  }

  /** Whether it is the same for all addresses of the other version: one socket is both. */
  private static boolean hasOther(PublishedPort port, List<PublishedPort> ports) {
    for (PublishedPort other : ports) {
      if (other.protocol() == port.protocol()
          && other.hostPort() == port.hostPort()
          && other.containerPort() == port.containerPort()
          && other.address().isAnyLocalAddress()
          && !other.address().equals(port.address())) {
        return true;
      }
    }
    return false;
  }

  private static int firstOfUsers(Host host) {
    // The kernel gives a setting to the first read alone, which must be of all of it.
    try (InputStream in = Files.newInputStream(host.file(FIRST_OF_USERS))) {
      String text = new String(in.readNBytes(SETTING_BYTES), StandardCharsets.US_ASCII);
      return Integer.parseInt(text.strip());
    } catch (IOException | NumberFormatException unknown) {
      return USUAL_FIRST;
    }
  }
}
