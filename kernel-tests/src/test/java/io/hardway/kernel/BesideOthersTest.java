package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Networks beside those of docker and podman, and beside rules that drop what is forwarded. */
class BesideOthersTest extends MachineNetworkTest {
  private static final String MACHINE = "192.0.2.1";

  /**
   * What people look at in a container, with words for what differs from one to the next; without
   * the length of a queue that a device without a queue has.
   */
  private static final String LOOK =
      """
      set -- $(ip -4 -o addr show eth0); own=${4%/*}; bits=${4#*/}; broadcast=$6
      set -- $(ip route show default); gateway=$3
      set -- $(ip route | grep -v default); network=$1
      (ip -o link; ip -4 -o addr; ip route; ping -c 1 $gateway) |
        sed -e 's/^[0-9]*: //' -e 's/@if[0-9]*//' -e 's/..:..:..:..:..:../MAC/g' -e 's/time=.*/time/' \
          -e 's/ qlen 1000//' -e 's/ *\\\\/\\\\/' -e '/round-trip/d' -e "s,$network,NETWORK,g" -e "s,$own\\b,OWN,g" -e "s,$gateway\\b,GATEWAY,g" \
          -e "s,$broadcast,BROADCAST,g" -e "s,OWN/$bits,OWN/BITS,g"
      """;

  private PeerEngines peers;

  private PeerEngines peers() throws IOException {
    peers = new PeerEngines(hardway.directory().resolve("peers"), machine, rootfs());
    return peers;
  }

  @AfterEach
  void endPeers() throws Exception {
    if (peers != null) {
      peers.end();
    }
  }

  /** What others have of rules, without counters. */
  private String theirRules() {
    StringBuilder rules = new StringBuilder();
    for (String program : List.of("iptables-save", "ip6tables-save", "iptables-legacy-save")) {
      for (String line : in(machine, program).split("\n")) {
        if (!line.startsWith("#")) {
          rules.append(line.replaceAll("\\[[0-9:]*\\]", "")).append('\n');
        }
      }
    }
    return rules.toString();
  }

  /** What a published port of the machine says; it listens again and again. */
  private static String answer(Process from, int port) {
    List<String> ask =
        with(enter(from), "busybox", "nc", "-w", "2", MACHINE, Integer.toString(port));
    String answer = "";
    for (int i = 0; i < 20 && answer.isEmpty(); i++) {
      EnginePlace.pause();
      answer = Product.perform(ask, "").out().strip();
    }
    return answer;
  }

  private static List<String> with(List<String> prefix, String... words) {
    List<String> all = new ArrayList<>(prefix);
    all.addAll(List.of(words));
    return all;
  }

  private void theirsWork() {
    assertTrue(peers.dockerReaches(OUTSIDE), this::theirRules);
    assertTrue(peers.podmanReaches(OUTSIDE), this::theirRules);
    assertEquals("docker", answer(outside, PeerEngines.DOCKER_PORT));
    // From outside this podman's ports are not reached where docker drops, whoever else is there.
    assertEquals("podman", answer(machine, PeerEngines.PODMAN_PORT));
  }

  private void oursWork(String... names) {
    for (String name : names) {
      assertTrue(reaches(name, OUTSIDE), () -> name + "\n" + theirRules());
    }
  }

  private String setting(String name) {
    return in(machine, "cat /proc/sys/" + name);
  }

  @Test
  void oursComeAndGoBesideThoseThatWereThere() throws Exception {
    peers().startDocker();
    peers.startPodman();
    assertTrue(theirRules().contains(":FORWARD DROP"), this::theirRules);
    theirsWork();
    String rules = theirRules();
    start("a", "bridge");
    start("b", "bridge");
    oursWork("a", "b");
    assertTrue(reaches("a", address("b", "bridge", "IPAddress")), "on one bridge");
    theirsWork();
    assertTrue(
        theirRules().contains("-A DOCKER-USER -i hardway+ -m comment --comment hardway -j ACCEPT"),
        this::theirRules);
    there.ok("rm", "-f", "a", "b");
    there.ok("network", "rm", "bridge");
    theirsWork();
    assertEquals(rules, theirRules());
    assertEquals("1", setting("net/ipv4/ip_forward"), "docker needs it");
    assertFalse(in(machine, "nft list tables").contains("hardway"));
  }

  @Test
  void aContainerSeesWhatItWouldSeeWithDocker() throws IOException {
    peers().startDocker();
    start("a", "bridge");
    String seen = there.ok("exec", "a", "sh", "-c", LOOK);
    assertTrue(seen.contains("default via GATEWAY dev eth0"), seen);
    assertTrue(seen.contains("NETWORK dev eth0 scope link  src OWN"), seen);
    assertTrue(seen.contains("1 packets transmitted, 1 packets received"), seen);
    assertEquals(peers.dockerPrints(LOOK).strip(), seen.strip());
  }

  @Test
  void oursComeAndGoBesidePodman() throws Exception {
    peers().startPodman();
    String rules = theirRules();
    for (String name : List.of("a", "b")) {
      start(name, "bridge");
      oursWork(name);
      assertTrue(peers.podmanReaches(OUTSIDE));
      assertEquals("podman", answer(outside, PeerEngines.PODMAN_PORT));
      assertEquals(rules, theirRules(), "nobody drops, so nothing is touched");
      there.ok("rm", "-f", name);
      there.ok("network", "rm", "bridge");
    }
    assertTrue(peers.podmanReaches(OUTSIDE));
    assertEquals("podman", answer(outside, PeerEngines.PODMAN_PORT));
    assertEquals("1", setting("net/ipv4/ip_forward"), "podman needs it");
  }

  @Test
  void oursGoOnWhereDockerComesAndGoes() throws Exception {
    start("a", "bridge");
    oursWork("a");
    assertFalse(theirRules().contains("hardway"), "nobody drops");
    peers().startDocker();
    // As newer ones do: this one leaves it alone where packets are forwarded already.
    in(machine, "iptables -P FORWARD DROP");
    String rules = theirRules();
    assertFalse(reaches("a", OUTSIDE));
    start("b", "bridge");
    oursWork("a", "b");
    assertTrue(reaches("a", address("b", "bridge", "IPAddress")), "on one bridge");
    assertTrue(peers.dockerReaches(OUTSIDE));
    assertEquals("docker", answer(outside, PeerEngines.DOCKER_PORT));
    there.ok("rm", "-f", "a", "b");
    there.ok("network", "rm", "bridge");
    assertEquals(rules, theirRules());
    assertEquals("1", setting("net/ipv4/ip_forward"), "docker came, and needs it by now");
    assertEquals("docker", answer(outside, PeerEngines.DOCKER_PORT));
    start("c", "bridge");
    peers.stopDocker();
    oursWork("c");
  }

  @Test
  void whatDropsIsFoundInEitherKindOfTables() throws IOException {
    there.ok("network", "create", "--ipv6", "six");
    in(machine, "ip addr add 2001:db8::1/64 dev wan nodad");
    in(outside, "ip addr add 2001:db8::2/64 dev lan nodad");
    for (String[] way :
        new String[][] {
          {"iptables-legacy -P FORWARD DROP", "ip6tables-legacy -A FORWARD -j DROP"},
          {"iptables -A FORWARD -j REJECT", "ip6tables -P FORWARD DROP"},
        }) {
      in(machine, way[0]);
      in(machine, way[1]);
      String rules = theirRules();
      for (Product product : List.of(there, withoutIptables())) {
        if (product != there && way[0].contains("legacy")) {
          continue; // nothing but iptables-legacy itself reaches those tables
        }
        product.ok(
            "run", "-d", "--name", "a", "--network", "six", "--rootfs", rootfs(), "sleep", "1000");
        oursWork("a");
        assertTrue(reaches("a", "2001:db8::2"), () -> in(machine, "nft list ruleset"));
        there.ok("rm", "-f", "a");
        product.ok("network", "rm", "six");
        there.ok("network", "create", "--ipv6", "six");
        assertEquals(rules, theirRules());
      }
      in(machine, way[0].replace("-P FORWARD DROP", "-P FORWARD ACCEPT").replace("-A", "-D"));
      in(machine, way[1].replace("-P FORWARD DROP", "-P FORWARD ACCEPT").replace("-A", "-D"));
    }
  }

  /** The product where there is no iptables but nft. */
  private Product withoutIptables() {
    String hide = "mount --bind /dev/null $(readlink -f /usr/sbin/iptables-nft); exec \"$@\"";
    return hardway.behind(with(enter(machine), "unshare", "--mount", "sh", "-c", hide, "hidden"));
  }

  @Test
  void whatWasSetForAllOfTheHostIsGivenBack() throws IOException {
    in(machine, "sysctl -qw net.ipv4.ip_forward=0");
    there.ok("network", "create", "--ipv6", "six");
    start("a", "bridge");
    start("b", "six");
    assertEquals("1", setting("net/ipv4/ip_forward"));
    assertEquals("1", setting("net/ipv6/conf/all/forwarding"));
    there.ok("rm", "-f", "a", "b");
    there.ok("network", "rm", "bridge");
    assertEquals("1", setting("net/ipv4/ip_forward"), "six is there");
    there.ok("network", "rm", "six");
    assertEquals("0", setting("net/ipv4/ip_forward"));
    assertEquals("0", setting("net/ipv6/conf/all/forwarding"));
    assertEquals("", in(machine, "nft list ruleset"));
    assertTrue(
        Files.notExists(there.state().resolve("leases/net-bridge/host/neighbours")), "forgotten");
  }
}
