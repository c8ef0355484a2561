package io.hardway.net.bridge;

import io.hardway.linux.netlink.ConntrackMessage;
import io.hardway.spi.FdSlot;
import io.hardway.spi.NetworkAttachment;
import io.hardway.spi.NetworkRequest;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.PlanningException;
import io.hardway.spi.PublishedPort;
import io.hardway.spi.Stage;
import io.hardway.spi.Subnet;
import io.hardway.spi.Text;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The ports of the host that lead to a container: a socket for each, so that nobody else takes it,
 * and an element of the firewall, which does the work.
 */
final class Ports {
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int IPPROTO_TCP = 6;
  private static final int IPPROTO_UDP = 17;
  private static final int VERSION_4_BYTES = 4;
  private static final int VERSION_6_BYTES = 16;

  /** Who listens holds the port against everybody, even where the firewall leads all elsewhere. */
  private static final int BACKLOG = 128;

  /** How long the parent of a run that has just ended may still hold it. */
  private static final int CLOSING_MILLIS = 2000;

  private final NetworkRequest request;

  Ports(NetworkRequest request) {
    this.request = request;
  }

  /** Adds the steps that hold and publish them, and the undo. */
  void publish(Firewall firewall, PlanBuilder plan) {
    Map<PublishedPort, InetAddress> targets = targets();
    List<Text> passed = new ArrayList<>();
    for (PublishedPort port : request.ports()) {
      String target = Subnet.text(anyTarget(port)) + " " + port.containerPort();
      FdSlot socket = hold(port, plan);
      if (isPassedOn(port, targets.containsKey(port))) {
        passed.add(Text.builder().decimal(socket).literal(" " + target).build());
      }
    }
    if (!targets.isEmpty()) {
      firewall.publish(targets, plan.host());
      forgetFlows(targets, plan.host());
      firewall.withdraw(targets, plan.teardown());
      forgetFlows(targets, plan.teardown());
    }
    if (!passed.isEmpty()) {
      plan.started().forward(passed).label("pass on what comes to published ports at ::1");
    }
  }

  /** Adds the step that lets them lead to the container again; the rest is there. */
  void publishAgain(Firewall firewall, Stage stage) {
    Map<PublishedPort, InetAddress> targets = targets();
    if (!targets.isEmpty()) {
      firewall.publish(targets, stage);
      forgetFlows(targets, stage);
    }
  }

  /**
   * Adds the steps that let datagrams of who has sent some before go where the rules lead now. The
   * kernel asks the rules for the first of a flow alone, and goes on with what it has found while
   * others come, even after the container has gone and another has its address.
   */
  private static void forgetFlows(Map<PublishedPort, InetAddress> targets, Stage stage) {
    for (boolean version6 : new boolean[] {false, true}) {
      List<Text> destinations = new ArrayList<>();
      for (PublishedPort port : targets.keySet()) {
        if (port.protocol() == PublishedPort.Protocol.UDP && isVersion6(port) == version6) {
          destinations.add(Text.of(Subnet.text(port.address()) + " " + port.hostPort()));
        }
      }
      if (!destinations.isEmpty()) {
        stage
            .forgetFlows(ConntrackMessage.list(IPPROTO_UDP, version6), IPPROTO_UDP, destinations)
            .bestEffort()
            .label("forget flows of datagrams to the published ports");
      }
    }
  }

  /** Where rules lead those that they can lead to the container. */
  private Map<PublishedPort, InetAddress> targets() {
    Map<PublishedPort, InetAddress> targets = new LinkedHashMap<>();
    for (PublishedPort port : request.ports()) {
      target(port.address().getAddress().length).ifPresent(same -> targets.put(port, same));
    }
    return targets;
  }

  /** Where a port leads: to the address of its own version, or else to that of version 4. */
  private InetAddress anyTarget(PublishedPort port) {
    return target(port.address().getAddress().length)
        .or(() -> target(VERSION_4_BYTES))
        .orElseThrow(
            () ->
                new PlanningException(
                    "the container has no address that port " + port + " could lead to",
                    "leave it out, or publish at an address of the network's version"));
  }

  /** No rule leads from ::1 to elsewhere, nor from IPv6 to IPv4. */
  private static boolean isPassedOn(PublishedPort port, boolean hasSame) {
    return isVersion6(port)
        && (!hasSame || port.address().isAnyLocalAddress() || port.address().isLoopbackAddress());
  }

  /** The container's address of a version, in a network that has an outside. */
  private Optional<InetAddress> target(int length) {
    for (NetworkAttachment attachment : request.attachments()) {
      for (InetAddress address : attachment.addresses()) {
        if (!attachment.network().internal() && address.getAddress().length == length) {
          return Optional.of(address);
        }
      }
    }
    return Optional.empty();
  }

  private static FdSlot hold(PublishedPort port, PlanBuilder plan) {
    boolean tcp = port.protocol() == PublishedPort.Protocol.TCP;
    String name = Subnet.text(port.address()) + " port " + port.hostPort();
    String label = name + "/" + port.protocol().label();
    FdSlot socket = plan.fdSlot(label);
    plan.host()
        .socket(
            isVersion6(port) ? AF_INET6 : AF_INET,
            tcp ? SOCK_STREAM : SOCK_DGRAM,
            tcp ? IPPROTO_TCP : IPPROTO_UDP,
            address(port),
            tcp ? BACKLOG : -1,
            socket)
        .retry(CLOSING_MILLIS)
        .label("hold " + label)
        .hint(
            "publish at an address that the host has (ip addr), and a port that nobody has (ss -anp)");
    return socket;
  }

  private static boolean isVersion6(PublishedPort port) {
    return port.address().getAddress().length == VERSION_6_BYTES;
  }

  /** struct sockaddr_in, struct sockaddr_in6; ip(7), ipv6(7). */
  private static Text address(PublishedPort port) {
    byte[] address = port.address().getAddress();
    boolean version6 = isVersion6(port);
    ByteBuffer bytes = ByteBuffer.allocate(version6 ? 28 : 16).order(ByteOrder.nativeOrder());
    bytes.putShort((short) (version6 ? AF_INET6 : AF_INET));
    bytes.put((byte) (port.hostPort() >> 8)).put((byte) port.hostPort());
    bytes.position(version6 ? 8 : 4);
    bytes.put(address);
    return Text.bytes(bytes.array());
  }
}
