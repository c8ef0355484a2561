package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Bridges: who reaches whom, and what stays. */
class NetworkTest extends MachineNetworkTest {
  @Test
  void containersReachEachOtherTheHostAndWhatIsBehindIt() throws IOException {
    start("a", "bridge");
    start("b", "bridge");
    String other = address("b", "bridge", "IPAddress");
    assertTrue(reaches("a", other), other);
    assertTrue(reaches("a", address("a", "bridge", "Gateway")));
    // The world has no route to the container: that it answers is the masquerade's work.
    assertTrue(reaches("a", OUTSIDE));
    there.ok("exec", "-d", "b", "sh", "-c", "echo hello | nc -l -p 80");
    assertEquals(
        "hello",
        there.ok("exec", "a", "sh", "-c", "until nc " + other + " 80; do sleep 0.1; done"));
    String interfaces = there.ok("exec", "a", "ip", "addr", "show", "eth0");
    assertTrue(
        interfaces.contains("inet " + address("a", "bridge", "IPAddress") + "/24"), interfaces);
    String routes = there.ok("exec", "a", "ip", "route");
    assertTrue(
        routes.contains("default via " + address("a", "bridge", "Gateway") + " dev eth0"), routes);
  }

  @Test
  void networksAreApartAndAnInternalOneHasNoWayOut() throws IOException {
    there.ok("network", "create", "--ipv6", "six");
    there.ok("network", "create", "--internal", "shut");
    start("a", "bridge");
    start("b", "six");
    start("c", "shut");
    start("d", "shut");
    assertTrue(!reaches("a", address("b", "six", "IPAddress")));
    assertTrue(!reaches("b", address("a", "bridge", "IPAddress")));
    assertTrue(!reaches("c", address("a", "bridge", "IPAddress")));
    assertTrue(!reaches("c", OUTSIDE));
    assertTrue(reaches("c", address("d", "shut", "IPAddress")));
    assertTrue(reaches("b", address("b", "six", "IPv6Gateway")));
    assertTrue(reaches("b", OUTSIDE));
    Product.Outcome used = there.run("network", "rm", "six");
    assertEquals(1, used.exitCode());
    assertTrue(used.err().contains("network six is in use by container b"), used::toString);
  }

  @Test
  void nothingStaysButTheBridgeAndThatGoesWithItsNetwork() throws IOException {
    start("a", "bridge");
    String pid = there.ok("inspect", "-f", "{{.State.Pid}}", "a");
    String parent = Files.readString(Path.of("/proc", pid, "stat")).split(" ")[3];
    assertEquals(0, Product.perform(List.of("kill", "-9", parent), "").exitCode());
    there.ok("rm", "-f", "a");
    String links = in(machine, "ip -o link");
    // The kernel may be at it for a few milliseconds more.
    for (int i = 0; i < 100 && links.contains(" hw"); i++) {
      EnginePlace.pause();
      links = in(machine, "ip -o link");
    }
    assertTrue(links.contains(" hardway0:") && !links.contains(" hw"), links);
    assertEquals(List.of(), leases());
    there.ok("network", "rm", "bridge");
    assertTrue(!in(machine, "ip -o link").contains("hardway0"));
    assertTrue(!in(machine, "nft list tables").contains("hardway"));
  }

  @Test
  void rulesThatSomebodyFlushesAreThereAgainWithTheNextStart() throws IOException {
    start("a", "bridge");
    String rules = in(machine, "nft -s list ruleset");
    in(machine, "nft flush ruleset");
    assertTrue(!reaches("a", OUTSIDE));
    start("b", "bridge");
    assertEquals(rules, in(machine, "nft -s list ruleset"));
    assertTrue(reaches("b", OUTSIDE));
    assertTrue(reaches("a", OUTSIDE));
  }

  @Test
  void manyAtOnceHaveAddressesOfTheirOwn() throws Exception {
    List<Process> commands = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      commands.add(
          there.start(
              "run",
              "-d",
              "--name",
              "c" + i,
              "--network",
              "bridge",
              "--rootfs",
              rootfs(),
              "sleep",
              "1000"));
    }
    Set<String> addresses = new HashSet<>();
    for (int i = 0; i < commands.size(); i++) {
      Product.Outcome outcome = Product.finish(commands.get(i), "");
      assertEquals(0, outcome.exitCode(), outcome::toString);
      addresses.add(address("c" + i, "bridge", "IPAddress"));
    }
    assertEquals(commands.size(), addresses.size(), addresses::toString);
  }

  @Test
  void whatCannotBeIsRefusedAndLeavesNothing() throws IOException {
    there.ok("network", "create", "--subnet", "10.77.0.0/24", "given");
    for (String[] bad :
        new String[][] {
          {
            "network create --subnet 10.77.0.128/25 other", "overlaps 10.77.0.0/24 of network given"
          },
          {"network create --subnet 10.78.0.1/24 other", "invalid CIDR block 10.78.0.1/24"},
          {"network create --subnet ten other", "invalid CIDR block ten"},
          {"network create given", "network with name given already exists"},
          {"network create host", "has a meaning of its own"},
          {"network create -o mtu=1 other", "invalid mtu 1"},
          {"network create -o speed=1 other", "there is mtu"},
          {"network rm nowhere", "network nowhere not found"},
          {
            "run --network given --ip 10.78.0.2 --rootfs " + rootfs() + " true",
            "in no subnet of network given"
          },
          {
            "run --network given --ip 10.77.0.1 --rootfs " + rootfs() + " true",
            "the host's own address"
          },
          {"run --network given --ip x --rootfs " + rootfs() + " true", "'x' is no IP address"},
          {
            "run --network given --mac-address x --rootfs " + rootfs() + " true",
            "not a valid mac address"
          },
          {"run --network none --ip 10.77.0.2 --rootfs " + rootfs() + " true", "needs a network"},
          {"run --network nowhere --rootfs " + rootfs() + " true", "nowhere"},
        }) {
      Product.Outcome outcome = there.run(bad[0].split(" "));
      assertTrue(outcome.exitCode() == 1 || outcome.exitCode() == 125, () -> bad[0] + outcome);
      assertTrue(outcome.err().contains(bad[1]), () -> bad[0] + outcome);
      assertEquals(List.of(), hardway.remains());
    }
    assertEquals("10.77.0.9 02:42:ac:00:00:09", describe("10.77.0.9", "02:42:ac:00:00:09"));
  }

  @Test
  void anInterfaceOfItsNameThatIsNotItsBridgeIsNamedAndLeftAlone() throws IOException {
    in(machine, "ip link add hardway0 type veth peer name far");
    Product.Outcome refused =
        there.run("run", "--rm", "--network", "bridge", "--rootfs", rootfs(), "true");
    assertEquals(125, refused.exitCode(), refused::toString);
    assertTrue(
        refused.err().contains("hardway0 is there that is not the bridge of network bridge"),
        refused::toString);
    assertTrue(in(machine, "ip -d link show hardway0").contains("veth"));
    assertEquals(List.of(), leases());
  }

  @Test
  void twoThatKeepTheirStateApartShareTheMachine() throws IOException {
    start("a", "bridge");
    Product other = Product.open().behind(enter(machine));
    try {
      String[] run = {"run", "-d", "--name", "a", "--rootfs", rootfs(), "sleep", "1000"};
      other.ok(run);
      String theirs =
          other.ok("inspect", "-f", "{{.NetworkSettings.Networks.bridge.IPAddress}}", "a");
      assertTrue(reaches("a", "192.0.2.1"));
      assertEquals(0, other.run("exec", "a", "ping", "-c", "1", OUTSIDE).exitCode());
      assertNotEquals(address("a", "bridge", "IPAddress"), theirs);
      assertTrue(!reaches("a", theirs));
      // What one leaves behind, and takes away, is not the other's.
      there.ok("rm", "-f", "a");
      there.ok("network", "rm", "bridge");
      assertEquals(0, other.run("exec", "a", "ping", "-c", "1", OUTSIDE).exitCode());
    } finally {
      other.run("rm", "-f", "a");
      other.run("network", "rm", "bridge");
      other.close();
    }
    assertTrue(!in(machine, "ip -o link").contains("hardway"));
  }

  private String describe(String address, String mac) throws IOException {
    there.ok(
        "run",
        "-d",
        "--name",
        "x",
        "--network",
        "given",
        "--ip",
        address,
        "--mac-address",
        mac,
        "--rootfs",
        rootfs(),
        "sleep",
        "1000");
    String mine = there.ok("exec", "x", "cat", "/sys/class/net/eth0/address");
    return address("x", "given", "IPAddress") + " " + mine;
  }
}
