package io.hardway.net.bridge;

import io.hardway.linux.file.Reservations;
import io.hardway.linux.netlink.AddressMessage;
import io.hardway.linux.netlink.LinkMessage;
import io.hardway.linux.netlink.MacAddress;
import io.hardway.linux.netlink.RouteMessage;
import io.hardway.spi.Errno;
import io.hardway.spi.FdSlot;
import io.hardway.spi.Host;
import io.hardway.spi.HostFinding;
import io.hardway.spi.NetworkAttachment;
import io.hardway.spi.NetworkDefinition;
import io.hardway.spi.NetworkProvider;
import io.hardway.spi.NetworkRequest;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Stage;
import io.hardway.spi.StepOptions;
import io.hardway.spi.Subnet;
import io.hardway.spi.Support;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A network is a bridge of the host; a container has one end of a pair of interfaces, whose other
 * end is a port of the bridge.
 *
 * @since 0.1
 */
public final class BridgeNetworkProvider implements NetworkProvider {
  /** What the names of the host's ends of containers' pairs begin with. */
  static final String OUTER_PREFIX = "hw";

  private static final String BRIDGE_FILTER = "/proc/sys/net/bridge/bridge-nf-call-";
  private static final int SCORE = 30;

  /** Interfaces that some kernels put into every new network namespace, from index 2 on. */
  private static final List<String> FALLBACK_INTERFACES =
      List.of("tunl0", "sit0", "gre0", "gretap0", "erspan0", "ip_vti0", "ip6_vti0", "ip6tnl0");

  private static final int INDEX_BEHIND_FALLBACK = 100;

  private static final int FIRST_OUTER_INDEX = 1 << 30;

  /** How many networks a container can have: one digit of a name says which it is. */
  private static final int MOST = 36;

  /** For the service loader. */
  public BridgeNetworkProvider() {}

  @Override
  public String name() {
    return "net-bridge";
  }

  @Override
  public String description() {
    return "bridges of the host: containers reach each other, the host, and what is behind it";
  }

  @Override
  public Support probe(Host host) {
    if (!host.supportsNamespace("net")) {
      return Support.unusable(
          "the kernel has no network namespaces: use --network host, or a kernel with CONFIG_NET_NS");
    }
    if (!host.isPrivileged() || !host.hasCapability("CAP_NET_ADMIN")) {
      return Support.unusable("a bridge of the host needs root: use --network none or host");
    }
    if (host.program("nft").isEmpty()) {
      return Support.unusable("there is no nft: install nftables, or use --network none or host");
    }
    return HostSettings.mayForward(host)
        ? Support.usable(SCORE, "")
        : Support.unusable(
            "the host does not forward packets, and "
                + HostSettings.FORWARDING
                + " cannot be written");
  }

  @Override
  public boolean hasNetworks() {
    return true;
  }

  @Override
  public boolean publishesPorts() {
    return true;
  }

  @Override
  public NetworkDefinition define(
      Host host, NetworkDefinition asked, List<NetworkDefinition> others) {
    for (NetworkDefinition other : others) {
      if (Bridge.digits(other).equals(Bridge.digits(asked)) && !other.id().equals(asked.id())) {
        throw new PlanningException(
            "the new id begins as that of network " + other.name() + " does", "try again");
      }
    }
    NetworkDefinition complete = new Subnets(host, others).complete(asked);
    new Bridge(complete, host, new HostRoutes(host)).mtu();
    return complete;
  }

  @Override
  public List<NetworkAttachment> reserve(NetworkRequest request, Predicate<String> isThere) {
    return choose(
        request,
        (leases, subnet, asked) -> {
          if (asked == null) {
            return leases.take(subnet, isThere);
          }
          leases.take(asked, isThere);
          return asked;
        });
  }

  @Override
  public List<NetworkAttachment> preview(NetworkRequest request) {
    return choose(request, (leases, subnet, asked) -> asked == null ? leases.free(subnet) : asked);
  }

  /** Chooses an address of a subnet, that which was asked for where it is not null. */
  private interface Choice {
    InetAddress of(Leases leases, Subnet subnet, InetAddress asked);
  }

  private static List<NetworkAttachment> choose(NetworkRequest request, Choice choice) {
    String holder = Reservations.holder(request.container().id());
    List<NetworkAttachment> chosen = new ArrayList<>();
    for (NetworkAttachment attachment : request.attachments()) {
      requireInside(attachment);
      Leases leases = new Leases(request.leases(), attachment.network(), holder);
      List<InetAddress> addresses = new ArrayList<>();
      for (Subnet subnet : attachment.network().subnets()) {
        addresses.add(choice.of(leases, subnet, asked(attachment, subnet)));
      }
      chosen.add(withAddresses(attachment, addresses));
    }
    return chosen;
  }

  private static void requireInside(NetworkAttachment attachment) {
    NetworkDefinition network = attachment.network();
    for (InetAddress address : attachment.addresses()) {
      if (network.subnets().stream().noneMatch(subnet -> subnet.contains(address))) {
        throw new PlanningException(
            Subnet.text(address) + " is in no subnet of network " + network.name(),
            "choose one of " + network.subnets());
      }
    }
  }

  /** The hardware address is that of the IP address, so that who remembers it is right. */
  private static NetworkAttachment withAddresses(
      NetworkAttachment attachment, List<InetAddress> addresses) {
    NetworkAttachment.Builder with = attachment.toBuilder().addresses(addresses);
    if (attachment.macAddress().isEmpty()) {
      with.macAddress(MacAddress.of(addresses.get(0).getAddress()).toString());
    }
    return with.build();
  }

  /** The address of a subnet that was asked for; null where any will do. */
  private static InetAddress asked(NetworkAttachment attachment, Subnet subnet) {
    for (InetAddress address : attachment.addresses()) {
      if (subnet.contains(address)) {
        if (attachment.network().gateways().contains(address)) {
          throw new PlanningException(
              Subnet.text(address)
                  + " is the host's own address in network "
                  + attachment.network().name(),
              "choose another");
        }
        attachment
            .network()
            .auxiliary()
            .forEach(
                (name, taken) -> {
                  if (taken.equals(address)) {
                    throw new PlanningException(
                        Subnet.text(address)
                            + " is the address of "
                            + name
                            + " in network "
                            + attachment.network().name(),
                        "choose another");
                  }
                });
        return address;
      }
    }
    return null;
  }

  @Override
  public void contribute(NetworkRequest request, PlanBuilder plan) {
    Firewall firewall = firewall(request.host());
    HostRoutes routes = new HostRoutes(request.host());
    boolean bridgeIsNew = false;
    plan.enter()
        .netlink(LinkMessage.ROUTE, LinkMessage.up(LinkMessage.LOOPBACK_INDEX))
        .label("bring the loopback interface up");
    for (NetworkAttachment attachment : request.attachments()) {
      bridgeIsNew |= attach(request, attachment, firewall, routes, plan);
    }
    if (Names.isWanted(request.attachments())) {
      Names names = new Names(request);
      request.attachments().forEach(attachment -> names.give(attachment, plan));
      names.resolve(FdSlot.NONE, plan);
    }
    if (!request.ports().isEmpty()) {
      new Ports(request).publish(firewall, plan);
    }
    new SharedHost(request.host(), routes, request.leases())
        .prepare(request.attachments(), bridgeIsNew, plan.host());
  }

  /** Adds the steps that connect the container to one network; whether its bridge is made, too. */
  private static boolean attach(
      NetworkRequest request,
      NetworkAttachment attachment,
      Firewall firewall,
      HostRoutes routes,
      PlanBuilder plan) {
    String holder = Reservations.holder(request.container().id());
    Bridge bridge = new Bridge(attachment.network(), request.host(), routes);
    boolean isNew = !bridge.isReady();
    if (isNew) {
      bridge.make(firewall, plan.host());
    } else {
      firewall.keep(attachment.network(), bridge.name(), plan.host());
    }
    Leases leases = new Leases(request.leases(), attachment.network(), holder);
    for (InetAddress address : attachment.addresses()) {
      plan.teardown()
          .unlinkLink(leases.link(address), holder)
          .label("give " + Subnet.text(address) + " back");
    }
    connect(request, attachment, bridge, plan);
    configure(attachment, index(request, attachment), plan.enter());
    for (InetAddress gateway : ways(request.attachments(), attachment)) {
      // The container may have made one for itself, where it is connected while it runs.
      route(gateway, index(request, attachment), plan.enter()).ignoring(Errno.EEXIST);
    }
    return isNew;
  }

  @Override
  public boolean reconnects() {
    return true;
  }

  @Override
  public void contributeConnect(NetworkRequest request, PlanBuilder plan) {
    List<NetworkAttachment> all = request.attachments();
    NetworkAttachment added = all.get(all.size() - 1);
    HostRoutes routes = new HostRoutes(request.host());
    boolean bridgeIsNew = attach(request, added, firewall(request.host()), routes, plan);
    new SharedHost(request.host(), routes, request.leases())
        .prepare(List.of(added), bridgeIsNew, plan.host());
    if (Names.isWanted(List.of(added))) {
      Names names = new Names(request);
      names.give(added, plan);
      names.resolveAgain(plan);
    }
  }

  @Override
  public void contributeDisconnect(
      NetworkRequest request, NetworkAttachment gone, PlanBuilder plan) {
    List<NetworkAttachment> remaining = new ArrayList<>(request.attachments());
    remaining.remove(gone);
    String outer = outerName(request.container().id(), number(gone));
    plan.host()
        .netlink(LinkMessage.ROUTE, LinkMessage.delete(outer))
        .ignoring(Errno.ENODEV)
        .label("remove " + outer + " and its other end, " + gone.interfaceName());
    String id = request.container().id();
    for (InetAddress address : gone.addresses()) {
      String text = Subnet.text(address);
      Path name = Names.directory(request.leases(), gone.network()).resolve(text);
      Reservations.giveBack(name, id, plan.host(), "take its names from " + text);
      Path lease = Leases.directory(request.leases(), gone.network()).resolve(text);
      Reservations.giveBack(lease, id, plan.host(), "give " + text + " back");
    }
    if (Names.isWanted(List.of(gone))) {
      new Names(request.toBuilder().attachments(remaining).build()).resolveAgain(plan);
    }
    for (NetworkAttachment other : remaining) {
      List<InetAddress> before = ways(request.attachments(), other);
      for (InetAddress gateway : ways(remaining, other)) {
        if (!before.contains(gateway)) {
          route(gateway, index(request, other), plan.enter()).ignoring(Errno.EEXIST);
        }
      }
    }
  }

  /** The name of the host's end: what of the id fits, and which of the container's it is. */
  private static String outerName(String id, int number) {
    return OUTER_PREFIX + id.substring(0, 12) + Character.forDigit(number, MOST);
  }

  /**
   * The index of the host's end. The kernel gives the other end the index that is asked for only
   * where this one has been asked for, too; those of bridges are below.
   */
  private static int outerIndex(String id, int number) {
    return FIRST_OUTER_INDEX
        + (int)
            ((Long.parseLong(id.substring(0, 8), 16) * (MOST + 1) + number) % FIRST_OUTER_INDEX);
  }

  /** Which of the container's interfaces it is, as its name says. */
  private static int number(NetworkAttachment attachment) {
    String digits = attachment.interfaceName().replaceAll("^[^0-9]*", "");
    int number = digits.isEmpty() ? 0 : Integer.parseInt(digits);
    if (number >= MOST) {
      throw new PlanningException(
          "a container has at most " + MOST + " networks", "leave some of them out");
    }
    return number;
  }

  /** The index of its interface inside. */
  private static int index(NetworkRequest request, NetworkAttachment attachment) {
    return firstIndex(request.host()) + number(attachment);
  }

  private static int firstIndex(Host host) {
    for (String name : FALLBACK_INTERFACES) {
      if (Files.exists(host.file("/sys/class/net/" + name))) {
        return INDEX_BEHIND_FALLBACK;
      }
    }
    return LinkMessage.LOOPBACK_INDEX + 1;
  }

  private static void connect(
      NetworkRequest request, NetworkAttachment attachment, Bridge bridge, PlanBuilder plan) {
    String outer = outerName(request.container().id(), number(attachment));
    MacAddress mac = MacAddress.parse(attachment.macAddress().orElseThrow());
    int mtu = bridge.mtu();
    LinkMessage.Builder inner =
        LinkMessage.peer()
            .name(attachment.interfaceName())
            .index(index(request, attachment))
            .mtu(mtu)
            .address(mac)
            .namespaceOf(plan.pid());
    plan.paired()
        .netlink(
            LinkMessage.ROUTE,
            LinkMessage.add()
                .name(outer)
                .index(outerIndex(request.container().id(), number(attachment)))
                .mtu(mtu)
                .master(bridge.index())
                .up()
                .peer(inner)
                .build())
        .label("connect " + attachment.interfaceName() + " to bridge " + bridge.name())
        .hint("bridge " + bridge.name() + " may have been removed meanwhile: try again");
    if (isFilteredInBridges(request)) {
      plan.paired()
          .netlink(LinkMessage.ROUTE, LinkMessage.set().name(outer).hairpin().build())
          .label("let the container reach its own published ports");
    }
    // It also goes with the namespace of its other end, but another container may share that.
    plan.teardown()
        .netlinkLater(LinkMessage.ROUTE, LinkMessage.delete(outer))
        .ignoring(Errno.ENODEV)
        .label("remove " + outer + " and its other end");
  }

  /**
   * Whether packets that stay in a bridge go through the rules of IP there: then what a container
   * sends to a port that leads to itself does not come to the host's routes, which would send it
   * back. Only with published ports is there any.
   */
  private static boolean isFilteredInBridges(NetworkRequest request) {
    if (request.ports().isEmpty()) {
      return false;
    }
    for (String version : new String[] {"iptables", "ip6tables"}) {
      try {
        if (Files.readString(request.host().file(BRIDGE_FILTER + version)).startsWith("1")) {
          return true;
        }
      } catch (IOException none) {
        // The kernel has no such filter, or not yet.
      }
    }
    return false;
  }

  private static void configure(NetworkAttachment attachment, int index, Stage stage) {
    NetworkDefinition network = attachment.network();
    for (int i = 0; i < network.subnets().size(); i++) {
      InetAddress address = attachment.addresses().get(i);
      int prefix = network.subnets().get(i).prefix();
      stage
          .netlink(LinkMessage.ROUTE, AddressMessage.add(index, address, prefix))
          .label("give " + attachment.interfaceName() + " " + Subnet.text(address) + "/" + prefix);
    }
    stage
        .netlink(LinkMessage.ROUTE, LinkMessage.up(index))
        .label("bring " + attachment.interfaceName() + " up");
  }

  /** Where a network leads to others, by the versions that none before it does. */
  private static List<InetAddress> ways(List<NetworkAttachment> all, NetworkAttachment attachment) {
    if (attachment.network().internal()) {
      return List.of();
    }
    List<InetAddress> ways = new ArrayList<>(attachment.network().gateways());
    for (NetworkAttachment before : all.subList(0, all.indexOf(attachment))) {
      if (!before.network().internal()) {
        ways.removeIf(
            way ->
                before.network().gateways().stream()
                    .anyMatch(other -> other.getClass() == way.getClass()));
      }
    }
    return ways;
  }

  private static StepOptions route(InetAddress gateway, int index, Stage stage) {
    return stage
        .netlink(LinkMessage.ROUTE, RouteMessage.addDefault(gateway, index))
        .label("send what is for others to " + Subnet.text(gateway));
  }

  @Override
  public List<InetAddress> nameservers(NetworkRequest request) {
    return Names.isWanted(request.attachments()) ? List.of(Names.SERVER) : List.of();
  }

  @Override
  public void contributeRemoval(
      Host host, NetworkDefinition network, Path leases, PlanBuilder plan) {
    HostRoutes routes = new HostRoutes(host);
    Firewall firewall = firewall(host);
    Bridge bridge = new Bridge(network, host, routes);
    bridge.remove(firewall, plan.host());
    plan.host()
        .removeTree(Names.directory(leases, network))
        .label("remove the directory of its names");
    plan.host()
        .removeTree(Leases.directory(leases, network))
        .label("remove the directory of its addresses");
    new SharedHost(host, routes, leases).leave(bridge.name(), firewall, plan.host());
  }

  @Override
  public void contributeReload(NetworkRequest request, PlanBuilder plan) {
    Firewall firewall = firewall(request.host());
    HostRoutes routes = new HostRoutes(request.host());
    for (NetworkAttachment attachment : request.attachments()) {
      Bridge bridge = new Bridge(attachment.network(), request.host(), routes);
      firewall.add(attachment.network(), bridge.name(), plan.host());
    }
    if (!request.ports().isEmpty()) {
      new Ports(request).publishAgain(firewall, plan.host());
    }
    new SharedHost(request.host(), routes, request.leases())
        .prepare(request.attachments(), true, plan.host());
  }

  @Override
  public List<HostFinding> examine(Host host, Path leases) {
    return new SharedHost(host, new HostRoutes(host), leases).findings();
  }

  private static Firewall firewall(Host host) {
    Path nft =
        host.program("nft")
            .orElseThrow(() -> new PlanningException("there is no nft", "install nftables"));
    return new Firewall(nft);
  }
}
