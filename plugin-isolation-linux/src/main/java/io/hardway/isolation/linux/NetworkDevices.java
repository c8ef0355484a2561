package io.hardway.isolation.linux;

import io.hardway.linux.netlink.AddressMessage;
import io.hardway.linux.netlink.InterfaceAddress;
import io.hardway.linux.netlink.LinkMessage;
import io.hardway.linux.netlink.NetworkDevice;
import io.hardway.spi.FdSlot;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Subnet;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Network devices of the host that a container is given; config-linux.md, "Network Devices". The
 * kernel takes a device's addresses from it when it goes to another namespace, and sets it down.
 * With the namespace's end, those of hardware come back to the host, and the others are gone.
 */
final class NetworkDevices {
  /** Indexes in a new namespace are behind those of what the kernel puts there. */
  private static final int FIRST_INDEX = 100;

  /** Indexes in one that others use are far from those that the kernel gives. */
  private static final int FIRST_SHARED_INDEX = 1 << 24;

  private final Namespaces namespaces;
  private final Known known;

  /** The devices of the host, by name. */
  interface Known {
    Optional<NetworkDevice> find(String name) throws IOException;
  }

  NetworkDevices(Namespaces namespaces, Known known) {
    this.namespaces = namespaces;
    this.known = known;
  }

  /** Adds the steps that give the container its devices, by host name, with their names inside. */
  void give(Map<String, String> devices, PlanBuilder plan) {
    if (!devices.isEmpty() && !namespaces.isOwn(NamespaceKind.NETWORK)) {
      throw new PlanningException(
          "linux.netDevices: the container has the host's network namespace",
          "give it one of its own, or leave netDevices out");
    }
    requireFree(devices);
    devices.forEach((device, name) -> give(device, name, plan));
  }

  /** The kernel moves a device before it names it: what fails then is lost with the namespace. */
  private void requireFree(Map<String, String> devices) {
    Set<String> taken = new HashSet<>();
    if (namespaces.isNew(NamespaceKind.NETWORK)) {
      taken.add("lo");
    }
    devices.forEach(
        (device, name) -> {
          if (!taken.add(name) && !name.contains("%d")) {
            throw new PlanningException(
                "linux.netDevices." + device + ": there is a " + name + " inside already",
                "choose another name, or end it with %d");
          }
        });
  }

  private void give(String device, String name, PlanBuilder plan) {
    NetworkDevice found = find(device);
    boolean isNew = namespaces.isNew(NamespaceKind.NETWORK);
    int inside = found.index() + (isNew ? FIRST_INDEX : FIRST_SHARED_INDEX);
    LinkMessage.Builder move = LinkMessage.set().index(found.index()).newIndex(inside);
    try {
      move.name(name);
    } catch (IllegalArgumentException e) {
      throw new PlanningException(
          "linux.netDevices." + device + ".name: " + e.getMessage(), "use 1 to 15 letters", e);
    }
    FdSlot joined = namespaces.joined(NamespaceKind.NETWORK);
    plan.paired()
        .netlink(
            LinkMessage.ROUTE,
            (isNew ? move.namespaceOf(plan.pid()) : move.namespace(joined)).build())
        .label("give network device " + device + " to the container, as " + name)
        .hint("there may be one of that name inside, or this one may not leave its namespace");
    for (InterfaceAddress address : found.addresses()) {
      plan.enter()
          .netlink(LinkMessage.ROUTE, AddressMessage.add(inside, address))
          .label("let " + name + " keep " + Subnet.text(address.local()) + "/" + address.prefix());
    }
    plan.enter().netlink(LinkMessage.ROUTE, LinkMessage.up(inside)).label("bring " + name + " up");
  }

  private NetworkDevice find(String device) {
    String place = "linux.netDevices." + device + ": ";
    try {
      return known
          .find(device)
          .orElseThrow(
              () ->
                  new PlanningException(
                      place + "the host has no such network device", "ip link shows those it has"));
    } catch (IOException e) {
      throw new PlanningException(place + e.getMessage(), "", e);
    }
  }
}
