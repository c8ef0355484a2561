package io.hardway.net.bridge;

import io.hardway.spi.Host;
import io.hardway.spi.NetworkDefinition;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Subnet;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Subnets for new networks: those that were asked for, or one that nobody has. */
final class Subnets {
  private static final int FIRST = 0;
  private static final int LAST = 255;

  private final HostRoutes host;
  private final List<Subnet> routes;
  private final List<NetworkDefinition> others;

  Subnets(Host host, List<NetworkDefinition> others) {
    this.host = new HostRoutes(host);
    this.routes = this.host.networks();
    this.others = others;
  }

  /**
   * The definition with subnets and gateways.
   *
   * @throws PlanningException where a subnet has addresses of another network of ours, or of one
   *     that the host is in
   */
  NetworkDefinition complete(NetworkDefinition asked) {
    List<Subnet> subnets = new ArrayList<>(asked.subnets());
    boolean wants6 = "true".equals(asked.options().get("ipv6"));
    for (Subnet subnet : subnets) {
      requireOwn(subnet);
      requireNoNeighbours(subnet);
      requireRoom(subnet);
    }
    if (subnets.stream().noneMatch(Subnet::isVersion4)) {
      subnets.add(0, free("10.201.", ".0/24", 10));
    }
    if (wants6 && subnets.stream().allMatch(Subnet::isVersion4)) {
      subnets.add(free("fd48:6172:6477:", "::/64", 16));
    }
    requireRanges(asked, subnets);
    List<InetAddress> gateways = new ArrayList<>();
    for (Subnet subnet : subnets) {
      gateways.add(gateway(subnet, asked));
    }
    return asked.toBuilder().subnets(subnets).gateways(gateways).build();
  }

  private static void requireRanges(NetworkDefinition asked, List<Subnet> subnets) {
    for (Subnet range : asked.ranges()) {
      if (subnets.stream().noneMatch(subnet -> Pool.isWithin(range, subnet))) {
        throw new PlanningException(
            "no matching subnet for range " + range + " in " + subnets,
            "choose one that lies in a --subnet");
      }
    }
    asked.gateways().forEach(gateway -> requireInside("gateway", gateway, subnets));
    asked.auxiliary().forEach((name, address) -> requireInside("aux-address", address, subnets));
  }

  private static void requireInside(String what, InetAddress address, List<Subnet> subnets) {
    if (subnets.stream().noneMatch(subnet -> subnet.contains(address))) {
      throw new PlanningException(
          "no matching subnet for " + what + " " + Subnet.text(address) + " in " + subnets,
          "choose one that lies in a --subnet");
    }
  }

  private static InetAddress gateway(Subnet subnet, NetworkDefinition asked) {
    for (InetAddress gateway : asked.gateways()) {
      if (subnet.contains(gateway)) {
        return gateway;
      }
    }
    int number = 1;
    while (asked.auxiliary().containsValue(subnet.at(number))) {
      number++;
    }
    return subnet.at(number);
  }

  private void requireOwn(Subnet subnet) {
    for (NetworkDefinition other : others) {
      for (Subnet theirs : other.subnets()) {
        if (theirs.overlaps(subnet)) {
          throw new PlanningException(
              "subnet "
                  + subnet
                  + " overlaps "
                  + theirs
                  + " of network "
                  + other.name()
                  + ": Pool overlaps with other one on this address space",
              "choose another, or leave it out");
        }
      }
    }
  }

  /** The host would send to the bridge what is for others. */
  private void requireNoNeighbours(Subnet subnet) {
    String through = host.neighbour(subnet);
    if (!through.isEmpty()) {
      throw new PlanningException(
          "subnet " + subnet + " overlaps what the host reaches through " + through,
          "choose another, or leave it out");
    }
  }

  private static void requireRoom(Subnet subnet) {
    if (subnet.size() < 2) {
      throw new PlanningException(
          "subnet " + subnet + " has no room for a gateway and a container", "choose a larger one");
    }
  }

  private Subnet free(String before, String behind, int radix) {
    for (int i = FIRST; i <= LAST; i++) {
      Subnet candidate = Subnet.parse(before + Integer.toString(i, radix) + behind);
      if (isFree(candidate)) {
        return candidate;
      }
    }
    throw new PlanningException(
        "no subnet is free from " + before + FIRST + behind + " on", "choose one with --subnet");
  }

  private boolean isFree(Subnet candidate) {
    for (Subnet route : routes) {
      if (route.overlaps(candidate)) {
        return false;
      }
    }
    for (NetworkDefinition other : others) {
      for (Subnet theirs : other.subnets()) {
        if (theirs.overlaps(candidate)) {
          return false;
        }
      }
    }
    return true;
  }
}
