package io.hardway.net.bridge;

import io.hardway.linux.netlink.NftablesMessage;
import io.hardway.spi.HelperProgram;
import io.hardway.spi.NetworkDefinition;
import io.hardway.spi.Stage;
import io.hardway.spi.StepOptions;
import io.hardway.spi.Subnet;
import io.hardway.spi.Text;
import java.nio.file.Path;
import java.util.List;

/**
 * One nftables table of our own; nft(8). Its rules do not grow with networks and containers: they
 * look into sets, and each network's undo deletes only its own elements.
 */
final class Firewall {
  private static final String TABLE_NAME = "hardway";
  private static final String TABLE = "inet " + TABLE_NAME;
  private static final String HINT = "nft -f - does not take the rules here";

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
        .append(set("outward6", "type ipv6_addr; flags interval"));
  }

  private static String set(String name, String type) {
    return "add set " + TABLE + " " + name + " { " + type + "; }\n";
  }

  /** Written again every time, in one transaction with what goes before and after. */
  private static void rules(StringBuilder script) {
    chain(script, "forward", "filter hook forward priority filter");
    rule(script, "forward", "iifname . oifname @same_bridge accept");
    rule(script, "forward", "iifname @bridges oifname @bridges drop");
    rule(script, "forward", "iifname @internal drop");
    rule(script, "forward", "oifname @internal drop");
    chain(script, "postrouting", "nat hook postrouting priority srcnat");
    rule(script, "postrouting", "ip saddr @outward4 oifname != @bridges masquerade");
    rule(script, "postrouting", "ip6 saddr @outward6 oifname != @bridges masquerade");
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
