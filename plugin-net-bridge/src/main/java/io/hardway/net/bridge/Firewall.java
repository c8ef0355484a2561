package io.hardway.net.bridge;

import io.hardway.linux.netlink.NftablesMessage;
import io.hardway.spi.HelperProgram;
import io.hardway.spi.NetworkDefinition;
import io.hardway.spi.PublishedPort;
import io.hardway.spi.Stage;
import io.hardway.spi.StepOptions;
import io.hardway.spi.Subnet;
import io.hardway.spi.Text;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One nftables table of our own; nft(8). Its rules do not grow with networks and containers: they
 * look into sets, and each network's undo deletes only its own elements.
 */
final class Firewall {
  private static final String TABLE_NAME = "hardway";
  private static final String TABLE = "inet " + TABLE_NAME;
  private static final String HINT = "nft -f - does not take the rules here";

  private static final int VERSION_4_BYTES = 4;

  private final Path nft;

  Firewall(Path nft) {
    this.nft = nft;
  }

  /** Lets a network out, where it is not internal, and keeps it apart from our others. */
  void add(NetworkDefinition network, String bridge, Stage stage) {
    stage
        .run(program(addition(network, bridge)))
        .hint(HINT)
        .label("let network " + network.name() + " out, keep it apart from others");
  }

  /** The same where somebody has flushed the rules since: the kernel is asked first. */
  void keep(NetworkDefinition network, String bridge, Stage stage) {
    stage
        .netlinkElseRun(
            NftablesMessage.NETFILTER,
            NftablesMessage.findInterface(TABLE_NAME, "bridges", bridge),
            program(addition(network, bridge)))
        .hint(HINT)
        .label(
            "look for the rules of network " + network.name() + ", make them where they are gone");
  }

  private static StringBuilder addition(NetworkDefinition network, String bridge) {
    StringBuilder script = new StringBuilder(512);
    sets(script);
    rules(script);
    element(script, "add", "bridges", bridge);
    element(script, "add", "same_bridge", bridge + " . " + bridge);
    if (network.internal()) {
      element(script, "add", "internal", bridge);
    } else {
      for (Subnet subnet : network.subnets()) {
        element(script, "add", outward(subnet), subnet.toString());
      }
    }
    return script;
  }

  /** Takes a network's elements away. */
  void remove(NetworkDefinition network, String bridge, Stage stage) {
    StringBuilder script = new StringBuilder(256);
    sets(script);
    // What is deleted is added first, since deleting what is not there is an error.
    for (String verb : new String[] {"add", "delete"}) {
      element(script, verb, "bridges", bridge);
      element(script, verb, "same_bridge", bridge + " . " + bridge);
      element(script, verb, "internal", bridge);
      for (Subnet subnet : network.subnets()) {
        element(script, verb, outward(subnet), subnet.toString());
      }
    }
    run(script, stage).label("forget the rules of network " + network.name());
  }

  /** Lets ports of the host lead to a container's addresses. */
  void publish(Map<PublishedPort, InetAddress> targets, Stage stage) {
    StringBuilder script = new StringBuilder(128);
    targets.forEach((port, target) -> element(script, "add", map(port), mapped(port, target)));
    run(script, stage).label("let the published ports lead to the container");
  }

  /** Takes these away. Of others they are not, while the reservations are the container's. */
  void withdraw(Map<PublishedPort, InetAddress> targets, Stage stage) {
    StringBuilder script = new StringBuilder(256);
    for (String verb : new String[] {"add", "delete"}) {
      targets.forEach((port, target) -> element(script, verb, map(port), mapped(port, target)));
    }
    run(script, stage).bestEffort().label("let the published ports lead nowhere");
  }

  private static String map(PublishedPort port) {
    boolean version4 = port.address().getAddress().length == VERSION_4_BYTES;
    return (port.address().isAnyLocalAddress() ? "ports" : "ports_on") + (version4 ? "4" : "6");
  }

  private static String mapped(PublishedPort port, InetAddress target) {
    String key = port.protocol().label() + " . " + port.hostPort();
    return (port.address().isAnyLocalAddress() ? key : Subnet.text(port.address()) + " . " + key)
        + " : "
        + Subnet.text(target)
        + " . "
        + port.containerPort();
  }

  /** Takes the table away, with all that is in it. */
  void removeAll(Stage stage) {
    StringBuilder script = new StringBuilder(64);
    for (String verb : new String[] {"add", "delete"}) {
      script.append(verb).append(" table ").append(TABLE).append('\n');
    }
    run(script, stage).label("remove the table of rules, which no network needs any more");
  }

  private StepOptions run(StringBuilder script, Stage stage) {
    return stage.run(program(script)).hint(HINT);
  }

  private HelperProgram program(StringBuilder script) {
    return HelperProgram.of(List.of(Text.of(nft), Text.of("-f"), Text.of("-")))
        .stdin(Text.of(script.toString()))
        .build();
  }

  private static String outward(Subnet subnet) {
    return subnet.isVersion4() ? "outward4" : "outward6";
  }

  private static void sets(StringBuilder script) {
    script
        .append("add table ")
        .append(TABLE)
        .append('\n')
        .append(set("bridges", "type ifname"))
        .append(set("same_bridge", "type ifname . ifname"))
        .append(set("internal", "type ifname"))
        .append(set("outward4", "type ipv4_addr; flags interval"))
        .append(set("outward6", "type ipv6_addr; flags interval"))
        .append(ports("4", "ipv4_addr"))
        .append(ports("6", "ipv6_addr"));
  }

  /** Where ports lead, those of all the host's addresses and those of one. */
  private static String ports(String version, String address) {
    String key = "inet_proto . inet_service";
    String value = address + " . inet_service";
    return map("ports" + version, key, value)
        + map("ports_on" + version, address + " . " + key, value);
  }

  private static String map(String name, String key, String value) {
    return "add map " + TABLE + " " + name + " { type " + key + " : " + value + "; }\n";
  }

  private static String set(String name, String type) {
    return "add set " + TABLE + " " + name + " { " + type + "; }\n";
  }

  /** Written again every time, in one transaction with what goes before and after. */
  private static void rules(StringBuilder script) {
    unrouted(script);
    published(script);
    chain(script, "forward", "filter hook forward priority filter");
    rule(script, "forward", "iifname . oifname @same_bridge accept");
    rule(script, "forward", "iifname @internal drop");
    rule(script, "forward", "oifname @internal drop");
    rule(script, "forward", "oifname @bridges ct state established,related accept");
    rule(script, "forward", "oifname @bridges ct status dnat accept");
    rule(script, "forward", "oifname @bridges drop");
    chain(script, "postrouting", "nat hook postrouting priority srcnat");
    rule(script, "postrouting", "ip saddr @outward4 oifname != @bridges masquerade");
    rule(script, "postrouting", "ip6 saddr @outward6 oifname != @bridges masquerade");
    // What goes back must come by here again: nobody is asked at 127.0.0.1 from elsewhere, and a
    // neighbour answers past the host.
    rule(script, "postrouting", "ip saddr 127.0.0.0/8 oifname @bridges masquerade");
    rule(script, "postrouting", "ip saddr @outward4 oifname @bridges ct status dnat masquerade");
    rule(script, "postrouting", "ip6 saddr @outward6 oifname @bridges ct status dnat masquerade");
  }

  /** The host's packets from 127.0.0.1 may go out by bridges; nobody else's may come in by them. */
  private static void unrouted(StringBuilder script) {
    chain(script, "unrouted", "filter hook prerouting priority raw");
    rule(script, "unrouted", "iifname @bridges ip daddr 127.0.0.0/8 drop");
    rule(script, "unrouted", "iifname @bridges ip saddr 127.0.0.0/8 drop");
  }

  private static void published(StringBuilder script) {
    script.append("add chain " + TABLE + " publish\nflush chain " + TABLE + " publish\n");
    for (String ip : new String[] {"ip", "ip6"}) {
      String version = ip.equals("ip") ? "4" : "6";
      String port = "meta l4proto . th dport map @ports";
      rule(script, "publish", "dnat " + ip + " to " + ip + " daddr . " + port + "_on" + version);
      rule(
          script,
          "publish",
          "meta nfproto ipv" + version + " dnat " + ip + " to " + port + version);
    }
    chain(script, "prerouting", "nat hook prerouting priority dstnat");
    rule(script, "prerouting", "fib daddr type local jump publish");
    chain(script, "output", "nat hook output priority -100");
    // The kernel has no way from ::1 to elsewhere.
    rule(script, "output", "ip6 daddr ::1 return");
    rule(script, "output", "fib daddr type local jump publish");
  }

  private static void chain(StringBuilder script, String name, String hook) {
    script
        .append("add chain " + TABLE + " ")
        .append(name)
        .append(" { type ")
        .append(hook)
        .append("; policy accept; }\nflush chain " + TABLE + " ")
        .append(name)
        .append('\n');
  }

  private static void rule(StringBuilder script, String chain, String rule) {
    script.append("add rule " + TABLE + " ").append(chain).append(' ').append(rule).append('\n');
  }

  private static void element(StringBuilder script, String verb, String set, String element) {
    script
        .append(verb)
        .append(" element " + TABLE + " ")
        .append(set)
        .append(" { ")
        .append(element)
        .append(" }\n");
  }
}
