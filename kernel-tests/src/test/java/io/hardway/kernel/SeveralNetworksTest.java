package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Containers of several networks, and networks with a part of their own that they give out. */
class SeveralNetworksTest extends MachineNetworkTest {
  private void startIn(String name, String... networks) throws IOException {
    StringBuilder command = new StringBuilder("run -d --name " + name);
    for (String network : networks) {
      command.append(" --network ").append(network);
    }
    there.ok((command + " --rootfs " + rootfs() + " sleep 1000").split(" "));
  }

  @Test
  void oneOfBothReachesBothWhichDoNotReachEachOther() throws IOException {
    there.ok("network", "create", "--internal", "back");
    there.ok("network", "create", "--subnet", "10.77.0.0/24", "--ipv6", "front");
    startIn("a", "back");
    startIn("b", "front");
    startIn("both", "name=back,mac-address=02:42:ac:00:00:07", "name=front,ip=10.77.0.9");
    for (int start = 0; start < 2; start++) {
      assertTrue(reaches("both", address("a", "back", "IPAddress")));
      assertTrue(reaches("both", address("b", "front", "IPAddress")));
      assertTrue(reaches("both", address("b", "front", "GlobalIPv6Address")));
      assertTrue(reaches("both", OUTSIDE), "by the one that is not internal");
      assertTrue(reaches("a", address("both", "back", "IPAddress")));
      assertTrue(reaches("b", "10.77.0.9"));
      assertTrue(!reaches("a", "10.77.0.9"));
      assertTrue(!reaches("a", address("b", "front", "IPAddress")));
      assertTrue(!reaches("b", address("a", "back", "IPAddress")));
      String routes = there.ok("exec", "both", "ip", "route");
      assertTrue(routes.contains("default via 10.77.0.1 dev eth1"), routes);
      assertEquals(1, routes.split("default").length - 1, routes);
      assertEquals("02:42:ac:00:00:07", address("both", "back", "MacAddress"));
      assertEquals(
          "02:42:ac:00:00:07", there.ok("exec", "both", "cat", "/sys/class/net/eth0/address"));
      there.ok("stop", "-t", "0", "both");
      there.ok("start", "both");
    }
    assertEquals(
        "both",
        there.ok("ps", "--filter", "network=back", "--format", "{{.Names}}").split("\n")[0]);
    assertEquals(
        "back,front", there.ok("ps", "--filter", "name=both", "--format", "{{.Networks}}"));
    for (String name : List.of("a", "b", "both")) {
      there.ok("rm", "-f", name);
    }
    assertEquals(List.of(), leases());
  }

  @Test
  void aRangeIsGivenOutToItsLastAddress() throws IOException {
    there.ok("network create --subnet 10.77.0.0/24 --ip-range 10.77.0.64/30 some".split(" "));
    for (int i = 0; i < 4; i++) {
      startIn("c" + i, "some");
      assertEquals("10.77.0." + (64 + i), address("c" + i, "some", "IPAddress"));
    }
    Product.Outcome none = there.run("run", "--network", "some", "--rootfs", rootfs(), "true");
    assertEquals(125, none.exitCode(), none::toString);
    assertTrue(
        none.err().contains("no address left in 10.77.0.64/30 of 10.77.0.0/24"), none::toString);
    startIn("outside", "name=some,ip=10.77.0.9");
    there.ok("rm", "-f", "c2");
    startIn("again", "some");
    assertEquals("10.77.0.66", address("again", "some", "IPAddress"));
  }

  @Test
  void anAddressOfSomebodyElseIsNotGivenOut() throws IOException {
    there.ok(
        ("network create --subnet 10.77.0.0/29 --aux-address router=10.77.0.1"
                + " --aux-address printer=10.77.0.3 some")
            .split(" "));
    startIn("a", "some");
    assertEquals("10.77.0.2", address("a", "some", "Gateway"));
    assertEquals("10.77.0.4", address("a", "some", "IPAddress"));
    Product.Outcome taken =
        there.run("run", "--network", "name=some,ip=10.77.0.3", "--rootfs", rootfs(), "true");
    assertEquals(125, taken.exitCode(), taken::toString);
    assertTrue(taken.err().contains("10.77.0.3 is the address of printer"), taken::toString);
    assertTrue(there.ok("network", "inspect", "some").contains("\"printer\": \"10.77.0.3\""));
  }

  @Test
  void networksAreListedByFilters() throws IOException {
    there.ok("network", "create", "--label", "of=x", "--label", "kind", "one");
    there.ok("network", "create", "--label", "of=y", "two");
    startIn("a", "bridge", "one");
    for (String[] asked :
        new String[][] {
          {"name=one", "one"},
          {"name=o", "one two"},
          {"name=one name=two", "one two"},
          {"label=of", "one two"},
          {"label=of=y", "two"},
          {"label=kind name=o", "one"},
          {"dangling=true", "two"},
          {"dangling=false", "bridge one"},
          {"type=builtin", "bridge"},
          {"type=custom", "one two"},
          {"driver=bridge", "bridge one two"},
          {"driver=net-bridge label=of=x", "one"},
          {"driver=macvlan", ""},
          {"scope=swarm", ""},
        }) {
      String command = "network ls --format {{.Name}} -f " + asked[0].replace(" ", " -f ");
      assertEquals(asked[1], there.ok(command.split(" ")).replace('\n', ' '), asked[0]);
    }
    for (String bad : List.of("colour=red", "type=x", "dangling=perhaps")) {
      assertEquals(125, there.run("network", "ls", "-f", bad).exitCode(), bad);
    }
  }

  @Test
  void whatNoContainerIsOfIsPruned() throws IOException {
    for (String name : List.of("used", "old", "kept")) {
      there.ok("network", "create", "--label", "of=" + name, name);
    }
    startIn("a", "bridge", "used");
    there.ok("stop", "-t", "0", "a");
    assertEquals("", there.ok("network", "prune", "-f", "--filter", "until=1h"), "they are new");
    assertEquals(
        "Deleted Networks:\nold", there.ok("network", "prune", "-f", "--filter", "label!=of=kept"));
    assertEquals("Deleted Networks:\nkept", there.ok("network", "prune", "-f"));
    assertEquals("bridge\nused", there.ok("network", "ls", "--format", "{{.Name}}"));
    there.ok("start", "a");
    there.ok("rm", "-f", "a");
    assertEquals("Deleted Networks:\nused", there.ok("network", "prune", "-f"));
    String links = in(machine, "ip -o link");
    assertTrue(links.contains(" hardway0:") && !links.contains(" hardway-"), links);
  }

  @Test
  void whatCannotBeIsRefusedAndLeavesNothing() throws IOException {
    there.ok("network", "create", "--subnet", "10.77.0.0/24", "given");
    String run = " --rootfs " + rootfs() + " true";
    for (String[] bad :
        new String[][] {
          {"network create --subnet 10.78.0.0/24 --ip-range 10.79.0.0/28 x", "no matching subnet"},
          {"network create --subnet 10.78.0.0/24 --gateway 10.79.0.1 x", "no matching subnet"},
          {"network create --aux-address a=10.79.0.1 x", "no matching subnet for aux-address"},
          {"network create --aux-address a=b x", "invalid argument"},
          {"network create --ip-range 10.78.0.1/28 x", "invalid CIDR block"},
          {"network prune -f --filter name=x", "there are label, label! and until"},
          {"network prune -f --filter until=x", "invalid argument"},
          {"run --network given --network nowhere" + run, "network nowhere not found"},
          {"run --network given --network given" + run, "specified multiple times"},
          {"run --network given --network none" + run, "network none not found"},
          {"run --network host --network given" + run, "conflicting options"},
          {"run --network none --network given" + run, "conflicting options"},
          {"run --network name=none,ip=10.77.0.2" + run, "no addresses to choose"},
          {"run --network ip=10.77.0.2" + run, "names no network"},
          {"run --network name=given,speed=1" + run, "invalid field speed=1"},
          {"run --network name=given,ip=10.77.0.2 --ip 10.77.0.3" + run, "conflicting options"},
          {"run --network bridge --network name=given,ip=10.1.0.2" + run, "in no subnet of"},
        }) {
      Product.Outcome outcome = there.run(bad[0].split(" "));
      assertTrue(outcome.exitCode() == 1 || outcome.exitCode() == 125, () -> bad[0] + outcome);
      assertTrue(outcome.err().contains(bad[1]), () -> bad[0] + outcome);
      assertEquals(List.of(), hardway.remains());
    }
  }
}
