package io.hardway.net.bridge;

import io.hardway.linux.file.Reservations;
import io.hardway.spi.NetworkDefinition;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Subnet;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/** Which addresses of a network are given out: a reservation each, named like the address. */
final class Leases {
  private final NetworkDefinition network;
  private final Reservations reservations;

  Leases(Path all, NetworkDefinition network, String holder) {
    this.network = network;
    this.reservations = new Reservations(directory(all, network), holder);
  }

  static Path directory(Path all, NetworkDefinition network) {
    return all.resolve("net-bridge").resolve(network.id());
  }

  /** The link of an address. */
  Path link(InetAddress address) {
    return reservations.link(Subnet.text(address));
  }

  /** The first that is free. */
  InetAddress free(Subnet subnet) {
    return search(subnet, address -> true);
  }

  /** Takes the first that is free. */
  InetAddress take(Subnet subnet, Predicate<String> isThere) {
    return search(subnet, address -> reservations.take(Subnet.text(address), isThere));
  }

  /** Takes this one. */
  void take(InetAddress address, Predicate<String> isThere) {
    if (!reservations.take(Subnet.text(address), isThere)) {
      throw new PlanningException(
          "Address already in use: " + Subnet.text(address) + " in network " + network.name(),
          "leave --ip out, or stop the container that has it");
    }
  }

  private InetAddress search(Subnet subnet, Predicate<InetAddress> take) {
    Pool pool = Pool.of(network, subnet);
    Set<String> taken = new HashSet<>(reservations.names());
    // Those that are known to be taken come last: their holders may be gone.
    for (boolean again : new boolean[] {false, true}) {
      for (int number = pool.first(); number <= pool.last() && number >= 0; number++) {
        InetAddress address = pool.at(number);
        boolean isTaken = taken.contains(Subnet.text(address));
        if (isTaken == again
            && pool.mayGive(address)
            && !network.gateways().contains(address)
            && !network.auxiliary().containsValue(address)
            && take.test(address)) {
          return address;
        }
        if (again && number > taken.size() + 2) {
          break;
        }
      }
    }
    throw new PlanningException(
        "network " + network.name() + " has no address left in " + pool,
        "stop a container of it, or make a network with a larger subnet or range");
  }
}
