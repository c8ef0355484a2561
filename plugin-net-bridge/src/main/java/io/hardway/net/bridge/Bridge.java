package io.hardway.net.bridge;

import io.hardway.linux.netlink.AddressMessage;
import io.hardway.linux.netlink.LinkMessage;
import io.hardway.spi.Errno;
import io.hardway.spi.Host;
import io.hardway.spi.Location;
import io.hardway.spi.NetworkDefinition;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Stage;
import io.hardway.spi.Subnet;

/** The bridge of the host that is a network's. */
final class Bridge {
  /** High enough that nobody else's interfaces get there by counting. */
  private static final int FIRST_INDEX = 1 << 29;

  private static final String DEFAULT_NETWORK = "bridge";

  /** What the names of all our bridges begin with: so one rule of others' tables fits all. */
  static final String NAME_PREFIX = "hardway";

  private static final String DEFAULT_NAME = NAME_PREFIX + "0";

  private static final int DIGITS = 7;

  private final NetworkDefinition network;
  private final Host host;
  private final HostRoutes routes;

  Bridge(NetworkDefinition network, Host host, HostRoutes routes) {
    this.network = network;
    this.host = host;
    this.routes = routes;
  }

  /**
   * Its interface's name. That of the default network is for people: the first who has a network of
   * this name has it, and others, who keep their state elsewhere on this machine, the name that
   * follows from the id.
   */
  String name() {
    String own = NAME_PREFIX + "-" + digits(network);
    if (!network.name().equals(DEFAULT_NETWORK)) {
      return own;
    }
    int there = routes.index(DEFAULT_NAME);
    boolean isTaken = there == 0 ? routes.has(own) : there != index();
    return isTaken ? own : DEFAULT_NAME;
  }

  /**
   * Its interface's index: always the same for a network, so that a plan can name it before the
   * bridge exists, and of two that make it at once both mean the same.
   */
  int index() {
    return FIRST_INDEX + Integer.parseInt(digits(network), 16);
  }

  /** What of a network's id its bridge is known by. */
  static String digits(NetworkDefinition network) {
    return network.id().substring(0, DIGITS);
  }

  /** The largest packet, by option {@code mtu}, or as the host sends them. */
  int mtu() {
    String asked = network.options().get("mtu");
    if (asked == null) {
      return routes.mtu();
    }
    try {
      int mtu = Integer.parseInt(asked);
      if (mtu >= 68 && mtu <= 65535) {
        return mtu;
      }
    } catch (NumberFormatException none) {
      // Said below.
    }
    throw new PlanningException(
        "invalid mtu " + asked + " of network " + network.name(), "choose 68 to 65535");
  }

  /** Whether it is there and up with its addresses, which comes last: then so is all the rest. */
  boolean isReady() {
    return routes.has(name());
  }

  private String foreign() {
    return "an interface "
        + name()
        + " is there that is not the bridge of network "
        + network.name()
        + ": remove it (ip link delete "
        + name()
        + "), or give it another name";
  }

  /** Adds the steps that make it, also where somebody else does at the same time. */
  void make(Firewall firewall, Stage stage) {
    firewall.add(network, name(), stage);
    stage
        .netlink(
            LinkMessage.ROUTE,
            LinkMessage.add().name(name()).index(index()).mtu(mtu()).bridge().build())
        .ignoring(Errno.EEXIST)
        .label("make bridge " + name());
    if (!network.internal()) {
      stage
          .write(Location.host("/proc/sys/net/ipv4/conf/" + name() + "/route_localnet"), "1")
          .label("let published ports lead from 127.0.0.1 to it");
    }
    for (int i = 0; i < network.subnets().size(); i++) {
      Subnet subnet = network.subnets().get(i);
      stage
          .netlink(
              LinkMessage.ROUTE,
              AddressMessage.add(index(), network.gateways().get(i), subnet.prefix()))
          .ignoring(Errno.EEXIST)
          .hint(foreign())
          .label("give it " + Subnet.text(network.gateways().get(i)) + "/" + subnet.prefix());
    }
    stage.netlink(LinkMessage.ROUTE, LinkMessage.up(index())).label("bring " + name() + " up");
  }

  /** Adds the steps that remove it. */
  void remove(Firewall firewall, Stage stage) {
    firewall.remove(network, name(), stage);
    stage
        .netlink(LinkMessage.ROUTE, LinkMessage.delete(name()))
        .ignoring(Errno.ENODEV)
        .label("remove bridge " + name());
  }
}
