package io.hardway.core;

import io.hardway.linux.file.Reservations;
import io.hardway.linux.file.StandingLock;
import io.hardway.spi.Host;
import io.hardway.spi.PublishedPort;
import io.hardway.spi.Subnet;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Chooses the host's ports that are to lead to a container, and reserves them before there is a
 * plan. Free is what no container has and no socket of the host.
 */
final class HostPorts {
  private static final String PORT_RANGE = "/proc/sys/net/ipv4/ip_local_port_range";

  private static final int PORT_RANGE_BYTES = 64;

  private final Host host;
  private final Directories directories;
  private final Containers containers;
  private final String id;
  private final Reservations reservations;
  private final HostSockets sockets;
  private final List<Reserved> reserved = new ArrayList<>();

  /** A port that a container has. */
  private record Reserved(
      PublishedPort.Protocol protocol, InetAddress address, int port, String owner) {}

  HostPorts(Host host, Directories directories, Containers containers, String id) {
    this.host = host;
    this.directories = directories;
    this.containers = containers;
    this.id = id;
    this.reservations = new Reservations(directory(directories), Reservations.holder(id));
    this.sockets = new HostSockets(host);
  }

  private static Path directory(Directories directories) {
    return directories.leases().resolve("ports");
  }

  /** The link that reserves a port. */
  static Path link(Directories directories, PublishedPort port) {
    return directory(directories).resolve(name(port));
  }

  private static String name(PublishedPort port) {
    return port.protocol().label() + "-" + port.hostPort() + "-" + Subnet.text(port.address());
  }

  /**
   * Ports that are free now, without an effect.
   *
   * @throws HardwayException where one is in use, with who has it
   */
  List<PublishedPort> preview(List<PortMapping> mappings) {
    readReserved();
    List<PublishedPort> chosen = new ArrayList<>();
    for (PortMapping mapping : mappings) {
      choose(mapping, chosen);
    }
    return chosen;
  }

  /**
   * Takes the ports, all or none.
   *
   * @throws HardwayException where one is in use, with who has it
   */
  List<PublishedPort> take(List<PortMapping> mappings) {
    Path directory = directory(directories);
    try {
      Files.createDirectories(directory);
      // Addresses overlap, so that one link alone does not say whether a port is free.
      StandingLock lock = StandingLock.waitFor(directory.resolve(".choosing"));
      try {
        List<PublishedPort> chosen = preview(mappings);
        for (PublishedPort port : chosen) {
          reserve(port);
        }
        return chosen;
      } finally {
        lock.close();
      }
    } catch (IOException e) {
      throw new HardwayException(directory + ": " + e.getMessage(), e);
    }
  }

  private void reserve(PublishedPort port) throws IOException {
    String name = name(port);
    if (!reservations.take(name, this::isAnothers)) {
      throw new HardwayException("port " + port + " was taken meanwhile: try again");
    }
  }

  /** What this container has left from a former run is free for it. */
  private boolean isAnothers(String owner) {
    return !owner.equals(id) && Files.exists(directories.owner(owner));
  }

  private void readReserved() {
    for (String name : reservations.names()) {
      String[] words = name.split("-", 3);
      String owner =
          words.length == 3
              ? reservations.owner(name, o -> Files.exists(directories.owner(o)))
              : "";
      if (!owner.isEmpty()) {
        reserved.add(
            new Reserved(
                PublishedPort.Protocol.of(words[0]),
                Subnet.address(words[2]),
                Integer.parseInt(words[1]),
                owner));
      }
    }
  }

  private void choose(PortMapping mapping, List<PublishedPort> chosen) {
    List<InetAddress> addresses = addresses(mapping);
    boolean any = mapping.firstHostPort() == 0;
    int[] range = any ? portRange() : new int[] {mapping.firstHostPort(), mapping.lastHostPort()};
    Optional<String> holder = Optional.empty();
    for (int port = range[0]; port <= range[1]; port++) {
      Optional<String> found = Optional.empty();
      for (InetAddress address : addresses) {
        if (found.isEmpty()) {
          found =
              holder(
                  PublishedPort.of(mapping.protocol(), address, port, mapping.containerPort()),
                  any,
                  chosen);
        }
      }
      if (found.isEmpty()) {
        for (InetAddress address : addresses) {
          chosen.add(PublishedPort.of(mapping.protocol(), address, port, mapping.containerPort()));
        }
        return;
      }
      holder = holder.isPresent() ? holder : found;
    }
    throw inUse(mapping, range, holder.orElse("others"));
  }

  private static HardwayException inUse(PortMapping mapping, int[] range, String holder) {
    String at = mapping.address().isEmpty() ? "" : " of " + mapping.address();
    String protocol = "/" + mapping.protocol().label() + at;
    return new HardwayException(
        range[0] == range[1]
            ? "port "
                + range[0]
                + protocol
                + " is in use by "
                + holder
                + ": stop it, or publish another host port"
            : "all ports "
                + range[0]
                + "-"
                + range[1]
                + protocol
                + " are in use, the first by "
                + holder
                + ": publish other host ports");
  }

  private List<InetAddress> addresses(PortMapping mapping) {
    if (!mapping.address().isEmpty()) {
      return List.of(Subnet.address(mapping.address()));
    }
    InetAddress all = Subnet.address("0.0.0.0");
    return Files.exists(host.file("/proc/net/if_inet6"))
        ? List.of(all, Subnet.address("::"))
        : List.of(all);
  }

  /** Who has a port; empty where it is free. */
  private Optional<String> holder(
      PublishedPort port, boolean anyState, List<PublishedPort> chosen) {
    for (PublishedPort other : chosen) {
      if (other.protocol() == port.protocol()
          && other.hostPort() == port.hostPort()
          && HostSockets.overlap(other.address(), port.address())) {
        return Optional.of("this container, for its port " + other.containerPort());
      }
    }
    boolean own = false;
    for (Reserved other : reserved) {
      if (other.protocol == port.protocol() && other.port == port.hostPort()) {
        own |= other.owner.equals(id);
        if (!other.owner.equals(id) && HostSockets.overlap(other.address, port.address())) {
          return Optional.of("container " + nameOf(other.owner));
        }
      }
    }
    // The parent of a run that has just ended may hold it for another moment.
    return own ? Optional.empty() : sockets.holder(port, anyState);
  }

  private String nameOf(String owner) {
    return containers
        .withId(owner)
        .map(container -> container.config().name())
        .orElse(owner.substring(0, Math.min(12, owner.length())));
  }

  /** In one read: the kernel gives the rest of such a file to nobody. */
  private String portRangeText() throws IOException {
    try (InputStream in = Files.newInputStream(host.file(PORT_RANGE))) {
      return new String(in.readNBytes(PORT_RANGE_BYTES), StandardCharsets.US_ASCII);
    }
  }

  /** The host's range for what is to be any port. */
  private int[] portRange() {
    try {
      String[] words = portRangeText().trim().split("\\s+");
      return new int[] {Integer.parseInt(words[0]), Integer.parseInt(words[1])};
    } catch (IOException | RuntimeException unknown) {
      return new int[] {49153, 65535};
    }
  }
}
