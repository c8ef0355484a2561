package io.hardway.net.bridge;

import io.hardway.spi.Errno;
import io.hardway.spi.Location;
import io.hardway.spi.NetworkAttachment;
import io.hardway.spi.NetworkDefinition;
import io.hardway.spi.NetworkRequest;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.Subnet;
import io.hardway.spi.Text;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The names by which containers of a network find each other: a link for each address, whose target
 * is who holds it, and its names. Each container has a process that looks at the links of its
 * networks for each question; so nothing has to be told to others.
 */
final class Names {
  /** Where the container asks. */
  static final InetAddress SERVER = Subnet.address("127.0.0.11");

  private static final int PASSABLE = 0711;

  private final NetworkRequest request;
  private final String holder;

  Names(NetworkRequest request, String holder) {
    this.request = request;
    this.holder = holder;
  }

  /** Whether it has names in one of its networks. */
  static boolean isWanted(NetworkRequest request) {
    return request.attachments().stream().anyMatch(attachment -> !attachment.aliases().isEmpty());
  }

  static Path directory(Path leases, NetworkDefinition network) {
    return leases.resolve("net-bridge").resolve("names").resolve(network.id());
  }

  /** Adds the steps that give it its names, and let it ask for others', with their undo. */
  void contribute(PlanBuilder plan) {
    List<Text> directories = new ArrayList<>();
    boolean internal = true;
    for (NetworkAttachment attachment : request.attachments()) {
      internal &= attachment.network().internal();
      if (!attachment.aliases().isEmpty()) {
        Path directory = directory(request.leases(), attachment.network());
        plan.host()
            .mkdirs(Location.host(directory), PASSABLE)
            .label("make the directory of the names of " + attachment.network().name());
        give(directory, attachment, plan);
        directories.add(Text.of(directory));
      }
    }
    if (!directories.isEmpty()) {
      List<Text> servers = new ArrayList<>();
      for (InetAddress server : internal ? List.<InetAddress>of() : request.resolvers()) {
        servers.add(Text.of(Subnet.text(server)));
      }
      plan.paired()
          .resolve(plan.pid(), directories, servers)
          .label("answer for names at " + Subnet.text(SERVER));
    }
  }

  private void give(Path directory, NetworkAttachment attachment, PlanBuilder plan) {
    String words = holder + " " + String.join(" ", attachment.aliases());
    for (InetAddress address : attachment.addresses()) {
      Path link = directory.resolve(Subnet.text(address));
      // One that is left is of who had the address before: it is ours now.
      plan.host()
          .unlink(Location.host(link))
          .ignoring(Errno.ENOENT)
          .label("forget the former name of " + Subnet.text(address));
      plan.host()
          .symlink(Location.host(link), words)
          .label("let " + String.join(", ", attachment.aliases()) + " be " + Subnet.text(address));
      plan.teardown().unlinkLink(link, words).label("take its names from " + Subnet.text(address));
    }
  }
}
