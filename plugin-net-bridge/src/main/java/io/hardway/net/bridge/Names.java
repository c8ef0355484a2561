package io.hardway.net.bridge;

import io.hardway.linux.file.Reservations;
import io.hardway.spi.Errno;
import io.hardway.spi.FdSlot;
import io.hardway.spi.Location;
import io.hardway.spi.NetworkAttachment;
import io.hardway.spi.NetworkDefinition;
import io.hardway.spi.NetworkRequest;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.Stage;
import io.hardway.spi.Subnet;
import io.hardway.spi.Text;
import java.net.InetAddress;
import java.nio.file.Files;
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

  private static final int SIGTERM = 15;

  private final NetworkRequest request;

  Names(NetworkRequest request) {
    this.request = request;
  }

  /** Whether one of these networks has names. */
  static boolean isWanted(List<NetworkAttachment> attachments) {
    return attachments.stream().anyMatch(attachment -> !attachment.aliases().isEmpty());
  }

  static Path directory(Path leases, NetworkDefinition network) {
    return leases.resolve("net-bridge").resolve("names").resolve(network.id());
  }

  /** Adds the steps that give the container its names in a network, with their undo. */
  void give(NetworkAttachment attachment, PlanBuilder plan) {
    if (attachment.aliases().isEmpty()) {
      return;
    }
    Path directory = directory(request.leases(), attachment.network());
    String holder = Reservations.holder(request.container().id());
    String words = holder + " " + String.join(" ", attachment.aliases());
    plan.host()
        .mkdirs(Location.host(directory), PASSABLE)
        .label("make the directory of the names of " + attachment.network().name());
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

  /**
   * Adds the step that lets the container ask for the names of its networks.
   *
   * @param watched a pidfd of whom the process that answers ends with; none: the parent
   */
  void resolve(FdSlot watched, PlanBuilder plan) {
    List<Text> directories = new ArrayList<>();
    List<Text> servers = new ArrayList<>();
    boolean internal = true;
    for (NetworkAttachment attachment : request.attachments()) {
      internal &= attachment.network().internal();
      if (!attachment.aliases().isEmpty()) {
        directories.add(Text.of(directory(request.leases(), attachment.network())));
      }
    }
    for (InetAddress server : internal ? List.<InetAddress>of() : request.resolvers()) {
      servers.add(Text.of(Subnet.text(server)));
    }
    plan.paired()
        .resolve(plan.pid(), directories, servers, watched, resolver())
        .label("answer for names at " + Subnet.text(SERVER));
  }

  /** Adds the steps that put another in the place of who answers, or nobody. */
  void resolveAgain(PlanBuilder plan) {
    Path before = resolver().resolveSibling("resolver.before");
    Stage stage = plan.paired();
    if (Files.exists(before) && Files.exists(resolver())) {
      // Somebody was killed between putting one in its place and ending it.
      stage
          .signal(before, SIGTERM)
          .ignoring(Errno.ENOENT, Errno.ESRCH)
          .label("end who has answered for names before that");
    }
    stage
        .rename(resolver(), before)
        .ignoring(Errno.ENOENT)
        .label("note who has answered for names");
    if (isWanted(request.attachments())) {
      resolve(plan.pidfd(), plan);
    }
    stage
        .signal(before, SIGTERM)
        .ignoring(Errno.ENOENT, Errno.ESRCH)
        .label("end who has answered for names");
    stage
        .unlink(Location.host(before))
        .ignoring(Errno.ENOENT)
        .label("forget who has answered for names");
  }

  /** The file that says who answers. */
  private Path resolver() {
    return request.container().state().resolve("resolver");
  }
}
