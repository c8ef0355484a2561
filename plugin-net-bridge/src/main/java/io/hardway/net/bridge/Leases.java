package io.hardway.net.bridge;

import io.hardway.linux.file.FileLock;
import io.hardway.spi.NetworkDefinition;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Subnet;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which addresses of a network are given out: a symbolic link each, named like the address, whose
 * target says to whom. Making a link is one system call that succeeds for one of many.
 */
final class Leases {
  private final Path directory;
  private final NetworkDefinition network;
  private final LeaseHolder holder;

  Leases(Path all, NetworkDefinition network, LeaseHolder holder) {
    this.directory = directory(all, network);
    this.network = network;
    this.holder = holder;
  }

  static Path directory(Path all, NetworkDefinition network) {
    return all.resolve("net-bridge").resolve(network.id());
  }

  /** The link of an address. */
  Path link(InetAddress address) {
    return directory.resolve(Subnet.text(address));
  }

  /** The first that is free. */
  InetAddress free(Subnet subnet) {
    return search(subnet, taken(), address -> true);
  }

  /** Takes the first that is free. */
  InetAddress take(Subnet subnet, Predicate<String> isThere) {
    makeDirectory();
    return search(subnet, taken(), address -> tryTake(address, isThere));
  }

  /** Takes this one. */
  void take(InetAddress address, Predicate<String> isThere) {
    makeDirectory();
    if (!tryTake(address, isThere)) {
      throw new PlanningException(
          "Address already in use: " + Subnet.text(address) + " in network " + network.name(),
          "leave --ip out, or stop the container that has it");
    }
  }

  private InetAddress search(Subnet subnet, Set<String> taken, Predicate<InetAddress> take) {
    // Those that are known to be taken come last: their holders may be gone.
    for (boolean again : new boolean[] {false, true}) {
      for (int number = 1; number <= subnet.size() && number > 0; number++) {
        InetAddress address = subnet.at(number);
        boolean isTaken = taken.contains(Subnet.text(address));
        if (!network.gateways().contains(address) && isTaken == again && take.test(address)) {
          return address;
        }
        if (again && number > taken.size() + 1) {
          break;
        }
      }
    }
    throw new PlanningException(
        "network " + network.name() + " has no address left in " + subnet,
        "stop a container of it, or make a network with a larger subnet");
  }

  private Set<String> taken() {
    Set<String> taken = new HashSet<>();
    try (DirectoryStream<Path> links = Files.newDirectoryStream(directory)) {
      for (Path link : links) {
        taken.add(link.getFileName().toString());
      }
    } catch (NoSuchFileException none) {
      return taken;
    } catch (IOException e) {
      throw new PlanningException(directory + ": " + e.getMessage(), "", e);
    }
    return taken;
  }

  private void makeDirectory() {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new PlanningException(directory + ": " + e.getMessage(), "", e);
    }
  }

  private boolean tryTake(InetAddress address, Predicate<String> isThere) {
    Path link = link(address);
    try {
      Files.createSymbolicLink(link, Path.of(holder.text()));
      return true;
    } catch (FileAlreadyExistsException taken) {
      return replaceStale(link, isThere);
    } catch (IOException e) {
      throw new PlanningException(link + ": " + e.getMessage(), "", e);
    }
  }

  /** Of several that find the same one stale, the lock lets one at a time look again. */
  private boolean replaceStale(Path link, Predicate<String> isThere) {
    try {
      if (!LeaseHolder.isGone(Files.readSymbolicLink(link).toString(), isThere)) {
        return false;
      }
      FileLock lock = FileLock.waitFor(directory.resolve(".lock"));
      try {
        if (LeaseHolder.isGone(Files.readSymbolicLink(link).toString(), isThere)) {
          Files.delete(link);
          Files.createSymbolicLink(link, Path.of(holder.text()));
          return true;
        }
        return false;
      } finally {
        lock.close();
      }
    } catch (NoSuchFileException | FileAlreadyExistsException changed) {
      return false;
    } catch (IOException e) {
      throw new PlanningException(link + ": " + e.getMessage(), "", e);
    }
  }
}
