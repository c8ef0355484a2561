package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Ports of the host that lead to containers: who gets there, who does not, and what stays. */
class PublishedPortsTest extends MachineNetworkTest {
  private static final String MACHINE = "192.0.2.1";

  private static final String SERVER = "while :; do echo hello | nc -l -p 80; done";

  private void serve(String name, String network, String... ports) throws IOException {
    List<String> words =
        new ArrayList<>(List.of("run", "-d", "--name", name, "--network", network));
    for (String port : ports) {
      words.addAll(List.of("-p", port));
    }
    words.addAll(List.of("--rootfs", rootfs(), "sh", "-c", SERVER));
    there.ok(words.toArray(new String[0]));
    there.ok("exec", name, "sh", "-c", "until nc -w 1 127.0.0.1 80; do sleep 0.1; done");
  }

  /** What one hears who connects from a namespace. */
  private static String hear(Process from, String address, int port) {
    for (int i = 0; i < 20; i++) {
      // The server is between two connections for a moment.
      List<String> words = new ArrayList<>(enter(from));
      words.addAll(List.of("/bin/busybox", "nc", "-w", "1", address, Integer.toString(port)));
      String out = Product.perform(words, "").out().strip();
      if (!out.isEmpty()) {
        return out;
      }
      EnginePlace.pause();
    }
    return "";
  }

  private String hearInside(String container, String address, int port) {
    return there.ok(
        "exec",
        container,
        "sh",
        "-c",
        "for i in 1 2 3 4 5 6 7 8; do nc -w 1 " + address + " " + port + " && break; done; true");
  }

  @Test
  void aPortAnswersFromEverywhere() throws IOException {
    there.ok("network", "create", "back");
    serve("web", "bridge", "8080:80");
    start("neighbour", "bridge");
    start("stranger", "back");
    assertEquals("hello", hear(outside, MACHINE, 8080));
    assertEquals("hello", hear(machine, "127.0.0.1", 8080));
    assertEquals("hello", hear(machine, "::1", 8080));
    assertEquals("hello", hear(machine, MACHINE, 8080));
    assertEquals("hello", hearInside("neighbour", MACHINE, 8080));
    assertEquals("hello", hearInside("stranger", MACHINE, 8080));
    assertEquals("hello", hearInside("web", MACHINE, 8080));
    assertEquals("80/tcp -> 0.0.0.0:8080\n80/tcp -> [::]:8080", there.ok("port", "web"));
    assertEquals("0.0.0.0:8080\n[::]:8080", there.ok("port", "web", "80"));
    assertTrue(
        there.ok("ps").contains("0.0.0.0:8080->80/tcp, [::]:8080->80/tcp"), () -> there.ok("ps"));
  }

  @Test
  void whatSomebodyFlushesIsMadeAnew() throws IOException {
    there.ok("network", "create", "back");
    serve("web", "back", "8080:80", "192.0.2.1:8081:80");
    serve("other", "bridge", "8082:80");
    start("portless", "back");
    String rules = in(machine, "nft -s list ruleset");
    in(machine, "nft flush ruleset");
    // What is at 127.0.0.1 finds the socket that holds the port.
    assertEquals("", in(machine, "nft list ruleset"));
    there.ok("network", "reload", "web");
    assertEquals("hello", hear(outside, MACHINE, 8080));
    assertEquals("hello", hear(outside, MACHINE, 8081));
    assertTrue(!in(machine, "nft list ruleset").contains("8082"));
    there.ok("network", "reload", "--all");
    assertEquals("hello", hear(outside, MACHINE, 8082));
    assertEquals(sorted(rules), sorted(in(machine, "nft -s list ruleset")));
    there.ok("rm", "-f", "other");
    assertTrue(!in(machine, "nft list ruleset").contains("8082"), "the undo takes it back");
    there.ok("stop", "-t", "0", "web");
    assertEquals(1, there.run("network", "reload", "web").exitCode());
    assertEquals(125, there.run("network", "reload").exitCode());
  }

  /** Elements of a set are listed in no order that would matter. */
  private static List<String> sorted(String rules) {
    return rules.lines().flatMap(line -> Stream.of(line.split("[ ,]+"))).sorted().toList();
  }

  @Test
  void overVersion6Too() throws IOException {
    in(machine, "ip addr add 2001:db8::1/64 dev wan nodad");
    in(outside, "ip addr add 2001:db8::2/64 dev lan nodad");
    there.ok("network", "create", "--ipv6", "six");
    serve("web", "six", "8080:80");
    start("neighbour", "six");
    assertEquals("hello", hear(outside, "2001:db8::1", 8080));
    assertEquals("hello", hear(machine, "2001:db8::1", 8080));
    assertEquals("hello", hear(machine, "::1", 8080));
    assertEquals("hello", hearInside("neighbour", "2001:db8::1", 8080));
  }

  @Test
  void datagramsArriveAndTheirAnswersToo() throws IOException {
    Conditions.program("/usr/bin/perl");
    String server =
        "use IO::Socket::INET; my $s = IO::Socket::INET->new(Proto => 'udp', LocalPort => 53);"
            + " while (defined $s->recv(my $m, 99)) { $s->send(\"pong $m\"); }";
    there.ok(
        "run", "-d", "--name", "dns", "-p", "5300:53/udp", "--rootfs", "/", "perl", "-e", server);
    for (Process from : new Process[] {outside, machine}) {
      assertEquals("pong ping", ask(from, MACHINE, 5300));
    }
    assertEquals("pong ping", ask(machine, "127.0.0.1", 5300));
    assertEquals("pong ping", ask(machine, "::1", 5300));
  }

  /** A client that keeps its port keeps its flow, which leads to a container that is gone. */
  @Test
  void datagramsOfWhoHasAskedBeforeReachTheContainerThatFollows() throws Exception {
    Conditions.program("/usr/bin/perl");
    serveDatagrams("first", "5300:53/udp");
    String before = address("first", "bridge", "IPAddress");
    Path heard = Files.createTempFile("hardway-heard", "");
    String client =
        "use IO::Socket::INET; my $s = IO::Socket::INET->new(Proto => 'udp', LocalPort => 6000,"
            + " PeerAddr => '192.0.2.1', PeerPort => 5300); $| = 1;"
            + " while (1) { $s->send('ping'); my $r = ''; vec($r, fileno($s), 1) = 1;"
            + " if (select($r, undef, undef, 0.1) && defined $s->recv(my $m, 99)) {"
            + " print \"$m\\n\" } select(undef, undef, undef, 0.02) }";
    List<String> words = new ArrayList<>(enter(outside));
    words.addAll(List.of("perl", "-e", client));
    Process asking = new ProcessBuilder(words).redirectOutput(heard.toFile()).start();
    try {
      waitFor(heard, "first");
      there.ok("rm", "-f", "first");
      // The next one has another address; that of the first is somebody else's by then.
      start("neighbour", "bridge");
      assertEquals(before, address("neighbour", "bridge", "IPAddress"));
      serveDatagrams("second", "5300:53/udp");
      waitFor(heard, "second");
    } finally {
      asking.destroyForcibly().waitFor();
      Files.delete(heard);
    }
  }

  private void serveDatagrams(String name, String port) {
    String server =
        "use IO::Socket::INET; my $s = IO::Socket::INET->new(Proto => 'udp', LocalPort => 53);"
            + " while (defined $s->recv(my $m, 99)) { $s->send('"
            + name
            + "'); }";
    there.ok("run", "-d", "--name", name, "-p", port, "--rootfs", "/", "perl", "-e", server);
  }

  private static void waitFor(Path heard, String word) throws IOException {
    for (int i = 0; i < 300; i++) {
      if (Files.readAllLines(heard).contains(word)) {
        return;
      }
      EnginePlace.pause();
    }
    throw new AssertionError(word + " was not heard, but " + Set.copyOf(Files.readAllLines(heard)));
  }

  private static String ask(Process from, String address, int port) {
    String client =
        "use IO::Socket::IP; my $s = IO::Socket::IP->new(Type => 2, PeerHost => '"
            + address
            + "', PeerPort => "
            + port
            + "); alarm 10; $SIG{ALRM} = sub { exit 1 };"
            + " for (1 .. 20) { $s->send('ping'); my $r = ''; vec($r, fileno($s), 1) = 1;"
            + " if (select($r, undef, undef, 0.5) && defined $s->recv(my $m, 99)) {"
            + " print $m; exit 0 } }";
    List<String> words = new ArrayList<>(enter(from));
    words.addAll(List.of("perl", "-e", client));
    return Product.perform(words, "").out();
  }

  @Test
  void onlyTheAddressThatWasNamed() throws IOException {
    serve("web", "bridge", "127.0.0.1:8080:80");
    assertEquals("hello", hear(machine, "127.0.0.1", 8080));
    assertEquals("", hear(outside, MACHINE, 8080));
  }

  /** The bridge takes packets for 127.0.0.1, so that answers come back; nobody else's. */
  @Test
  void theHostsOwnPortsStayItsOwn() throws Exception {
    serve("web", "bridge", "127.0.0.1:8080:80");
    List<String> listener = new ArrayList<>(enter(machine));
    listener.addAll(List.of("/bin/busybox", "nc", "-l", "-p", "7777", "127.0.0.1"));
    Process service = new ProcessBuilder(listener).start();
    try {
      String pid = there.ok("inspect", "-f", "{{.State.Pid}}", "web");
      Process container = enteredProcess(pid);
      try {
        leadLoopbackTo(container, "eth0", address("web", "bridge", "Gateway"));
        leadLoopbackTo(outside, "lan", MACHINE);
        assertEquals("", hear(container, "127.0.0.1", 8080));
        assertEquals("", hear(outside, "127.0.0.1", 8080));
        assertTrue(service.isAlive());
        // The service itself works.
        List<String> client = new ArrayList<>(enter(machine));
        client.addAll(List.of("/bin/busybox", "nc", "-w", "1", "127.0.0.1", "7777"));
        assertEquals(0, Product.perform(client, "").exitCode());
      } finally {
        container.destroyForcibly().waitFor();
      }
    } finally {
      service.destroyForcibly().waitFor();
    }
  }

  private static Process enteredProcess(String pid) throws IOException {
    return new ProcessBuilder("nsenter", "--net=/proc/" + pid + "/ns/net", "sleep", "1000").start();
  }

  /** As somebody does who wants to get at a neighbour's loopback interface. */
  private static void leadLoopbackTo(Process from, String device, String gateway) {
    in(from, "sysctl -q -w net.ipv4.conf.all.route_localnet=1");
    in(from, "ip route del local 127.0.0.0/8 dev lo table local");
    in(from, "ip route del local 127.0.0.1 dev lo table local");
    in(from, "ip route add 127.0.0.0/8 via " + gateway + " dev " + device);
  }

  @Test
  void aPortInUseIsRefusedBeforeThereIsAContainer() throws Exception {
    serve("web", "bridge", "8080:80");
    List<String> before = leases();
    Product.Outcome ours =
        there.run("run", "-p", "7070:80", "-p", "8080:80", "--rootfs", rootfs(), "true");
    assertEquals(125, ours.exitCode());
    assertTrue(ours.err().contains("port 8080/tcp is in use by container web"), ours::toString);
    // The ports are taken by then, and the address is refused.
    Product.Outcome address =
        there.run("run", "-p", "7071:80", "--ip", "10.1.2.3", "--rootfs", rootfs(), "true");
    assertTrue(address.err().contains("is in no subnet"), address::toString);
    there.ok("ps");
    assertEquals(before, leases());
    List<String> listener = new ArrayList<>(enter(machine));
    listener.addAll(List.of("/bin/busybox", "nc", "-l", "-p", "7777"));
    Process other = new ProcessBuilder(listener).start();
    try {
      Product.Outcome theirs =
          there.run("run", "-p", "127.0.0.1:7777:80", "--rootfs", rootfs(), "true");
      for (int i = 0; i < 50 && theirs.exitCode() == 0; i++) {
        theirs = there.run("run", "-p", "127.0.0.1:7777:80", "--rootfs", rootfs(), "true");
      }
      assertEquals(125, theirs.exitCode());
      String holder = "is in use by busybox (pid " + other.pid() + ")";
      assertTrue(theirs.err().contains(holder), theirs::toString);
    } finally {
      other.destroyForcibly().waitFor();
    }
    assertEquals("web", there.ok("ps", "--format", "{{.Names}}"));
  }

  @Test
  void aStartAgainHasThePortsAgain() throws IOException {
    serve("web", "bridge", "8080-8081:80");
    serve("next", "bridge", "8080-8081:80");
    assertEquals("0.0.0.0:8080\n[::]:8080", there.ok("port", "web", "80"));
    assertEquals("0.0.0.0:8081\n[::]:8081", there.ok("port", "next", "80"));
    there.ok("stop", "-t", "0", "web");
    assertEquals(1, there.run("port", "web", "80").exitCode());
    there.ok("start", "web");
    assertEquals("0.0.0.0:8080\n[::]:8080", there.ok("port", "web", "80"));
    assertEquals("hello", hear(outside, MACHINE, 8080));
  }

  @Test
  void allExposedPortsArePublishedAndRangesOneToOne() throws IOException {
    there.ok(
        "run",
        "-d",
        "--name",
        "web",
        "-P",
        "--expose",
        "80-81",
        "--rootfs",
        rootfs(),
        "sleep",
        "1000");
    assertEquals(4, there.ok("port", "web").split("\n").length);
    there.ok(
        "run",
        "-d",
        "--name",
        "more",
        "-p",
        "9000-9002:90-92",
        "--rootfs",
        rootfs(),
        "sleep",
        "1000");
    assertTrue(there.ok("ps").contains("0.0.0.0:9000-9002->90-92/tcp"), () -> there.ok("ps"));
    assertEquals("more", there.ok("ps", "--filter", "publish=9001", "--format", "{{.Names}}"));
  }

  @Test
  void nothingStaysWhenAllIsKilled() throws IOException {
    serve("web", "bridge", "8080:80", "127.0.0.1:8081:80", "53:53/udp");
    String pid = there.ok("inspect", "-f", "{{.State.Pid}}", "web");
    String parent = Files.readString(Path.of("/proc", pid, "stat")).split(" ")[3];
    assertTrue(in(machine, "nft list map inet hardway ports4").contains("8080"));
    assertEquals(0, Product.perform(List.of("kill", "-9", parent), "").exitCode());
    there.ok("rm", "-f", "web");
    assertEquals(List.of(), leases());
    for (String map : List.of("ports4", "ports_on4", "ports6", "ports_on6")) {
      String elements = in(machine, "nft list map inet hardway " + map);
      assertTrue(!elements.contains("elements"), elements);
    }
    serve("web", "bridge", "8080:80");
  }

  /** What passes on is spoken to by whoever comes. */
  @Test
  void theProcessThatPassesOnHasNothingToLose() throws IOException {
    serve("web", "bridge", "8080:80");
    long pid = Long.parseLong(there.ok("inspect", "-f", "{{.State.Pid}}", "web"));
    long parent = ProcessTable.parent(pid).orElseThrow();
    List<String> beside = new ArrayList<>();
    for (long child : ProcessTable.family(parent)) {
      String status = Files.readString(Path.of("/proc/" + child + "/status"));
      if (child != pid && status.contains("PPid:\t" + parent + "\n")) {
        beside.add(status);
      }
    }
    assertEquals(1, beside.size(), beside::toString);
    for (String line :
        List.of(
            "Uid:\t65534\t65534\t65534\t65534",
            "CapEff:\t0000000000000000",
            "NoNewPrivs:\t1",
            "Seccomp:\t2")) {
      assertTrue(beside.get(0).contains(line), beside::toString);
    }
    assertEquals("hello", hear(machine, "::1", 8080));
  }

  /** What a change makes for a container that is ending meanwhile would stay. */
  @Test
  void anEndWaitsForWhoChangesTheContainer() throws Exception {
    serve("web", "bridge", "8080:80");
    String id = there.ok("inspect", "-f", "{{.Id}}", "web");
    Path lock = there.data().resolve("containers").resolve(id).resolve("change.lock");
    Process kill;
    try (FileChannel channel =
        FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.lock();
      String pid = there.ok("inspect", "-f", "{{.State.Pid}}", "web");
      kill = there.start("rm", "-f", "web");
      while (ProcessTable.state(Long.parseLong(pid))
          .filter(state -> !state.equals("Z"))
          .isPresent()) {
        EnginePlace.pause();
      }
      EnginePlace.pause();
      EnginePlace.pause();
      assertTrue(in(machine, "nft list map inet hardway ports4").contains("8080"));
    }
    assertEquals(0, Product.finish(kill, "").exitCode());
    assertTrue(!in(machine, "nft list map inet hardway ports4").contains("8080"));
  }

  @Test
  void networksWithoutAWayInPublishNothing() throws IOException {
    there.ok("network", "create", "--internal", "shut");
    for (String network : List.of("none", "shut")) {
      Product.Outcome refused =
          there.run("run", "--network", network, "-p", "80", "--rootfs", rootfs(), "true");
      assertEquals(125, refused.exitCode());
      assertTrue(refused.err().contains("publishes no ports"), refused::toString);
    }
    Product.Outcome hosts =
        there.run("run", "--rm", "--network", "host", "-p", "80", "--rootfs", rootfs(), "true");
    assertEquals(0, hosts.exitCode(), hosts::toString);
    assertTrue(hosts.err().contains("Published ports are discarded"), hosts::toString);
  }
}
