package io.hardway.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Containers that are connected to networks, and disconnected, while they are there. */
class ReconnectTest extends MachineNetworkTest {

  @BeforeEach
  void makeNetworks() {
    there.ok("network", "create", "--internal", "back");
    there.ok("network", "create", "--subnet", "10.77.0.0/24", "--ipv6", "front");
  }

  private boolean finds(String from, String name) {
    return there.run("exec", from, "nslookup", name).out().contains("Name:\t" + name);
  }

  private String interfaces(String name) {
    return there.ok("exec", name, "sh", "-c", "ls /sys/class/net | sort | xargs echo");
  }

  private String defaultRoute(String name) {
    return there.ok("exec", name, "sh", "-c", "ip route | grep default | sed 's/ *$//'");
  }

  @Test
  void oneThatRunsIsConnectedAndDisconnected() throws IOException {
    start("a", "back");
    start("b", "front");
    start("c", "bridge");
    assertFalse(finds("a", "b"));
    assertFalse(reaches("a", OUTSIDE));

    there.ok("network", "connect", "--alias", "www", "--ip", "10.77.0.9", "front", "a");
    assertEquals("eth0 eth1 lo", interfaces("a"));
    assertEquals("default via 10.77.0.1 dev eth1", defaultRoute("a"));
    assertTrue(reaches("a", address("b", "front", "GlobalIPv6Address")));
    assertTrue(reaches("a", OUTSIDE));
    assertTrue(finds("a", "b"), "by name, where it has asked for those of another before");
    assertTrue(finds("a", "a"));
    assertTrue(finds("b", "www"));
    assertTrue(there.ok("exec", "a", "cat", "/etc/hosts").contains("10.77.0.9\t"));
    assertEquals("10.77.0.9", address("a", "front", "IPAddress"));
    assertTrue(
        there.ok("network", "inspect", "front").contains("\"IPv4Address\": \"10.77.0.9/24\""));

    there.ok("network", "connect", "front", "c");
    assertTrue(finds("c", "www"), "one that has had no names before");
    assertEquals("default via 10.201.1.1 dev eth0", defaultRoute("c"), "the first keeps it");
    there.ok("network", "disconnect", "bridge", "c");
    assertEquals("eth1 lo", interfaces("c"));
    assertEquals("default via 10.77.0.1 dev eth1", defaultRoute("c"));
    assertTrue(reaches("c", OUTSIDE));
    there.ok("network", "connect", "back", "c");
    assertEquals("eth0 eth1 lo", interfaces("c"), "the first that is free");
    assertTrue(finds("c", "a"));

    there.ok("network", "disconnect", "front", "a");
    assertEquals("eth0 lo", interfaces("a"));
    assertFalse(reaches("a", OUTSIDE));
    assertFalse(finds("a", "b"));
    assertFalse(finds("b", "www"));
    assertFalse(there.ok("exec", "a", "cat", "/etc/hosts").contains("10.77.0.9\t"));
    there.ok("network", "disconnect", "back", "a");
    assertEquals("lo", interfaces("a"));
    assertFalse(there.ok("exec", "a", "cat", "/etc/resolv.conf").contains("127.0.0.11"));
    there.ok("network", "connect", "front", "a");
    assertTrue(finds("a", "b"));
    for (String name : List.of("a", "b", "c")) {
      there.ok("rm", "-f", name);
    }
    assertNothingIsLeft();
  }

  @Test
  void whatHasChangedStaysSoAtTheNextStart() throws IOException {
    start("a", "back");
    start("b", "front");
    there.ok("network", "connect", "--alias", "www", "--ip", "10.77.0.9", "front", "a");
    there.ok("stop", "-t", "0", "a");
    there.ok("start", "a");
    assertEquals("eth0 eth1 lo", interfaces("a"));
    assertEquals("10.77.0.9", address("a", "front", "IPAddress"));
    assertTrue(finds("b", "www"));
    there.ok("stop", "-t", "0", "a");
    there.ok("network", "disconnect", "back", "a");
    there.ok("network", "connect", "bridge", "a");
    there.ok("start", "a");
    assertEquals("front,bridge", there.ok("ps", "--filter", "name=a", "--format", "{{.Networks}}"));
    assertEquals("10.77.0.9", address("a", "front", "IPAddress"));
    assertTrue(reaches("a", address("a", "bridge", "Gateway")));
    there.ok("network", "disconnect", "front", "a");
    there.ok("network", "disconnect", "bridge", "a");
    there.ok("stop", "-t", "0", "a");
    there.ok("start", "a");
    assertEquals("lo", interfaces("a"));
    for (String name : List.of("a", "b")) {
      there.ok("rm", "-f", name);
    }
    assertNothingIsLeft();
  }

  @Test
  void whatIsConnectedLaterIsTakenDownToo() throws Exception {
    start("a", "bridge");
    for (String network : List.of("back", "front")) {
      there.ok("network", "connect", network, "a");
    }
    long pid = Long.parseLong(there.ok("inspect", "-f", "{{.State.Pid}}", "a"));
    Path resolver = resolver();
    long answering = Long.parseLong(Files.readString(resolver).split(" ")[0]);
    String parent = Files.readString(Path.of("/proc/" + pid + "/stat"));
    ProcessHandle.of(Long.parseLong(parent.substring(parent.lastIndexOf(')') + 4).split(" ")[0]))
        .orElseThrow()
        .destroyForcibly();
    for (int i = 0; i < 500 && ProcessHandle.of(answering).isPresent(); i++) {
      Thread.sleep(20);
    }
    assertFalse(ProcessHandle.of(answering).isPresent(), "who answers ends with the container");
    there.ok("ps");
    assertNothingIsLeft();
    assertEquals("exited", there.ok("inspect", "-f", "{{.State.Status}}", "a"));
    there.ok("start", "a");
    assertEquals("eth0 eth1 eth2 lo", interfaces("a"));
  }

  /** Whose session ends takes along what is in its groups. */
  @Test
  void whoAnswersIsWhereTheContainersParentIs() throws Exception {
    Path groups = Path.of("/sys/fs/cgroup");
    Path top = GroupFile.isVersionOne("pids") ? groups.resolve("pids") : groups;
    Path elsewhere =
        Files.createDirectory(top.resolve("hardway-test-" + ProcessHandle.current().pid()));
    try {
      start("a", "back");
      String before = groupsOfResolver();
      Product there =
          this.there.behind(
              List.of(
                  "sh",
                  "-c",
                  "echo 0 > " + elsewhere + "/cgroup.procs; exec \"$@\"",
                  "sh",
                  "nsenter",
                  "--net=/proc/" + machine.pid() + "/ns/net"));
      there.ok("network", "connect", "front", "a");
      assertEquals(before, groupsOfResolver());
      there.ok("network", "disconnect", "front", "a");
      assertEquals(before, groupsOfResolver());
      there.ok("rm", "-f", "a");
    } finally {
      Files.delete(elsewhere);
    }
  }

  private String groupsOfResolver() throws IOException {
    return Files.readString(Path.of("/proc", Files.readString(resolver()).split(" ")[0], "cgroup"));
  }

  /** As one leaves it that was killed between putting another in its place and ending it. */
  @Test
  void whoWasLeftAnsweringIsEnded() throws Exception {
    start("a", "back");
    Process left = new ProcessBuilder("sleep", "1000").start();
    try {
      String stat = Files.readString(Path.of("/proc/" + left.pid() + "/stat"));
      String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"));
      String identity =
          left.pid() + " " + stat.substring(stat.lastIndexOf(')')).split(" ")[20] + " " + boot;
      Files.writeString(resolver().resolveSibling("resolver.before"), identity);
      there.ok("network", "connect", "front", "a");
      assertEquals(128 + 15, left.waitFor());
      assertTrue(finds("a", "a"));
    } finally {
      left.destroyForcibly();
    }
  }

  private Path resolver() throws IOException {
    try (Stream<Path> files = Files.walk(there.state().resolve("containers"))) {
      return files.filter(file -> file.endsWith("resolver")).findFirst().orElseThrow();
    }
  }

  @Test
  void manyAtOnceDoNotDisturbEachOther() throws Exception {
    List<String> networks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      networks.add("n" + i);
      there.ok("network", "create", "n" + i);
    }
    start("a", "front");
    for (String verb : List.of("connect", "disconnect")) {
      List<Process> commands = new ArrayList<>();
      for (String network : networks) {
        commands.add(there.start("network", verb, network, "a"));
      }
      for (Process command : commands) {
        String errors = new String(command.getErrorStream().readAllBytes(), UTF_8);
        assertEquals(0, command.waitFor(), errors);
      }
      boolean connects = verb.equals("connect");
      assertEquals(connects ? 10 : 2, interfaces("a").split(" ").length, () -> interfaces("a"));
      assertEquals(
          connects ? 9 : 1,
          there.ok("ps", "--format", "{{.Networks}}").split("\n")[0].split(",").length);
    }
    there.ok("rm", "-f", "a");
    assertNothingIsLeft();
  }

  @Test
  void whatCannotBeIsRefusedAndLeavesEverythingAsItWas() throws IOException {
    start("a", "front");
    start("lonely", "none");
    there.ok(
        "run",
        "-d",
        "--name",
        "web",
        "-p",
        "8080:80",
        "--network",
        "front",
        "--rootfs",
        rootfs(),
        "sleep",
        "1000");
    int leases = leases().size();
    for (String[] bad :
        new String[][] {
          {"connect front a", "already connected to network front"},
          {"connect nowhere a", "network nowhere not found"},
          {"connect back nobody", "No such container: nobody"},
          {"connect back lonely", "has network none"},
          {"connect --ip 10.1.0.1 back a", "in no subnet of network back"},
          {"connect --ip6 10.77.0.1 back a", "is no IPv6 address"},
          {"connect --alias a_b!c back a", "is no name of a host"},
          {"connect --alias x bridge a", "has no names"},
          {"disconnect back a", "is not connected to network back"},
          {"disconnect front web", "published ports of container web lead through network front"},
        }) {
      Product.Outcome outcome = there.run(("network " + bad[0]).split(" "));
      assertTrue(outcome.exitCode() == 1 || outcome.exitCode() == 125, () -> bad[0] + outcome);
      assertTrue(outcome.err().contains(bad[1]), () -> bad[0] + outcome);
      assertEquals("eth0 lo", interfaces("a"), bad[0]);
      assertEquals(leases, leases().size(), bad[0]);
    }
    there.ok("network", "disconnect", "-f", "back", "a");
    // The name is taken inside: the plan fails when the pair of interfaces is made.
    String pid = there.ok("inspect", "-f", "{{.State.Pid}}", "a");
    String add = "nsenter --net=/proc/" + pid + "/ns/net ip link add eth1 type veth";
    assertEquals(0, Product.perform(List.of(add.split(" ")), "").exitCode());
    Product.Outcome taken = there.run("network", "connect", "back", "a");
    assertEquals(125, taken.exitCode(), taken::toString);
    assertEquals(leases, leases().size());
    assertEquals("front", there.ok("ps", "--filter", "name=a", "--format", "{{.Networks}}"));
    // Here it fails inside, and what is outside is taken back all the same.
    assertEquals(
        0,
        Product.perform(List.of(add.replace("add eth1 type veth", "delete eth1").split(" ")), "")
            .exitCode());
    String inside =
        "nsenter --net=/proc/" + pid + "/ns/net sysctl -q -w net.ipv6.conf.default.disable_ipv6=1";
    assertEquals(0, Product.perform(List.of(inside.split(" ")), "").exitCode());
    there.ok("network", "create", "--ipv6", "six");
    Product.Outcome refused = there.run("network", "connect", "six", "a");
    assertEquals(125, refused.exitCode(), refused::toString);
    assertTrue(refused.err().contains("give eth1 "), refused::toString);
    for (int i = 0; i < 200 && !interfaces("a").equals("eth0 lo"); i++) {
      LockSupport.parkNanos(20_000_000);
    }
    assertEquals("eth0 lo", interfaces("a"));
    assertEquals(leases, leases().size());
    Product.Outcome used = there.run("network", "rm", "front");
    assertTrue(used.err().contains("in use by containers web, a: disconnect"), used::toString);
  }

  private void assertNothingIsLeft() throws IOException {
    assertEquals(List.of(), leases());
    for (int i = 0; i < 200 && in(machine, "ip -o link").contains(": hw"); i++) {
      LockSupport.parkNanos(20_000_000);
    }
    String links = in(machine, "ip -o link");
    assertFalse(links.lines().anyMatch(line -> line.matches("[0-9]+: hw[0-9a-f]{13}.*")), links);
  }
}
