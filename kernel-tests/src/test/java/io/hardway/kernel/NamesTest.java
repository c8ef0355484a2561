package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names by which containers of a network find each other, and what is asked of others. */
class NamesTest extends MachineNetworkTest {
  /** Answers every question with its own id and question, and one address. */
  private static final String SERVER =
      """
      use IO::Socket::IP; use IO::Select;
      my ($host, $last) = @ARGV;
      my $u = IO::Socket::IP->new(Type => 2, LocalHost => $host, LocalPort => 53);
      my $t = IO::Socket::IP->new(Type => 1, LocalHost => $host, LocalPort => 53, Listen => 5);
      sub answer { my $q = shift; my ($n) = $q =~ /^.{12}((?:[^\\0]+)\\0....)/s;
        return substr($q, 0, 2) . "\\x81\\x80\\0\\1\\0\\1\\0\\0\\0\\0$n\\xc0\\x0c\\0\\1\\0\\1\\0\\0\\0\\5\\0\\4\\xc6\\x33\\x64" . chr($last); }
      my $s = IO::Select->new($u, $t);
      while (1) { for my $r ($s->can_read) {
        if ($r == $u) { $u->recv(my $m, 2000); $u->send(answer($m)); }
        else { my $c = $t->accept; $c->read(my $l, 2); $c->read(my $m, unpack('n', $l));
          my $a = answer($m); $c->print(pack('n', length $a) . $a); $c->close; } } }
      """;

  /** Asks over TCP, and prints the last byte of the answer. */
  private static final String STREAM =
      """
      use IO::Socket::IP; my $name = shift;
      my $c = IO::Socket::IP->new(Type => 1, PeerHost => '127.0.0.11', PeerPort => 53) or die;
      my $q = "\\0\\7\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0" . join('', map { chr(length) . $_ } split /\\./, $name) . "\\0\\0\\1\\0\\1";
      $c->print(pack('n', length $q) . $q); $c->flush; $c->read(my $l, 2); $c->read(my $m, unpack('n', $l));
      print ord substr($m, -1);
      """;

  private final List<Process> services = new ArrayList<>();

  @AfterEach
  void endServices() throws Exception {
    for (Process service : services) {
      service.destroyForcibly().waitFor();
    }
  }

  private String start(String name, String... flags) throws IOException {
    List<String> command = new ArrayList<>(List.of("run", "-d", "--name", name));
    command.addAll(List.of(flags));
    command.addAll(List.of("--rootfs", rootfs(), "sleep", "1000"));
    return there.ok(command.toArray(String[]::new)).strip();
  }

  /** The addresses a container finds for a name, in the order they come. */
  private List<String> addresses(String from, String name) {
    String out = there.run("exec", from, "nslookup", name).out();
    List<String> found = new ArrayList<>();
    boolean behindName = false;
    for (String line : out.split("\n")) {
      behindName |= line.startsWith("Name:");
      if (behindName && line.startsWith("Address")) {
        found.add(line.replaceFirst("Address[ 0-9]*:\\s*", "").strip());
      }
    }
    return found.stream().distinct().toList();
  }

  private void serve(Process where, String address, int last) throws Exception {
    Conditions.program("/usr/bin/perl");
    List<String> words = new ArrayList<>(enter(where));
    words.addAll(List.of("perl", "-e", SERVER, address, Integer.toString(last)));
    services.add(new ProcessBuilder(words).start());
    for (int i = 0; i < 200; i++) {
      List<String> look = new ArrayList<>(enter(where));
      look.addAll(List.of("ss", "-Hltn", "sport", "=", "53"));
      if (Product.perform(look, "").out().contains(address)) {
        return;
      }
      Thread.sleep(20);
    }
  }

  @Test
  void containersFindEachOtherByNameAliasAndId() throws Exception {
    there.ok(
        "network", "create", "--subnet", "10.99.0.0/24", "--subnet", "fd99::/64", "--ipv6", "n");
    String id = start("web", "--network", "n", "--network-alias", "www");
    start("other", "--network", "name=n,alias=www");
    String web = address("web", "n", "IPAddress");
    String six = address("web", "n", "GlobalIPv6Address");
    for (String name : List.of("web", "WEB", id.substring(0, 12))) {
      assertEquals(List.of(web, six), addresses("other", name).stream().sorted().toList(), name);
    }
    assertEquals(4, addresses("other", "www").size());
    List<String> first = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      first.add(addresses("other", "www").get(0));
    }
    assertEquals(2, first.stream().distinct().count(), "both have their turn: " + first);
    assertTrue(there.ok("exec", "other", "nslookup", web).contains("name = web"));
    assertTrue(there.ok("exec", "other", "nslookup", six).contains("name = web"));
    there.ok("exec", "other", "ping", "-c", "1", "-W", "2", "web");
    assertEquals(
        "nameserver 127.0.0.11\noptions ndots:0",
        there
            .ok("exec", "web", "sh", "-c", "grep -v ^search /etc/resolv.conf")
            .replaceFirst("(?m)^options .*ndots:0$", "options ndots:0")
            .strip());
  }

  @Test
  void aNewAddressIsFoundByWhoRunsAlready() throws Exception {
    there.ok("network", "create", "n");
    start("web", "--network", "n");
    start("other", "--network", "n");
    String before = address("web", "n", "IPAddress");
    there.ok("rm", "-f", "web");
    assertEquals(List.of(), addresses("other", "web"));
    start("taker", "--network", "n", "--ip", before);
    start("web", "--network", "n");
    String after = address("web", "n", "IPAddress");
    assertFalse(after.equals(before));
    assertEquals(List.of(after), addresses("other", "web"));
    there.ok("stop", "-t", "0", "web");
    assertEquals(List.of(), addresses("other", "web"));
    there.ok("start", "web");
    assertEquals(List.of(address("web", "n", "IPAddress")), addresses("other", "web"));
  }

  @Test
  void networksKeepTheirNames() throws Exception {
    there.ok("network", "create", "a");
    there.ok("network", "create", "b");
    start("one", "--network", "a");
    start("two", "--network", "b");
    start("both", "--network", "a", "--network", "b");
    assertEquals(List.of(), addresses("one", "two"));
    assertEquals(List.of(address("two", "b", "IPAddress")), addresses("both", "two"));
    assertEquals(List.of(address("one", "a", "IPAddress")), addresses("both", "one"));
    assertEquals(List.of(address("both", "b", "IPAddress")), addresses("two", "both"));
    Product.Outcome none =
        there.run("run", "--rm", "--network-alias", "x", "--rootfs", rootfs(), "true");
    assertEquals(125, none.exitCode(), none::toString);
    assertTrue(none.err().contains("only supported for user-defined networks"), none::toString);
    Product.Outcome bad =
        there.run(
            "run",
            "--rm",
            "--network",
            "a",
            "--network-alias",
            "x y",
            "--rootfs",
            rootfs(),
            "true");
    assertEquals(125, bad.exitCode(), bad::toString);
    assertTrue(bad.err().contains("'x y' is no name of a host"), bad::toString);
  }

  @Test
  void whatIsNotOursIsAskedOfTheHostsServers() throws Exception {
    serve(outside, OUTSIDE, 7);
    there.ok("network", "create", "n");
    there.ok("network", "create", "--internal", "inner");
    start("c", "--network", "n", "--dns", "192.0.2.77", "--dns", OUTSIDE);
    start("i", "--network", "inner", "--dns", OUTSIDE);
    // The first server does not answer: the second is asked in its turn.
    assertEquals(List.of("198.51.100.7"), addresses("c", "example.com"));
    assertEquals(List.of("198.51.100.7"), addresses("c", "single"));
    assertEquals("7", byStream("c", "example.com"));
    assertEquals(List.of(), addresses("i", "example.com"));
    assertTrue(there.run("exec", "i", "nslookup", "example.com").out().contains("NXDOMAIN"));
    there.ok("rm", "-f", "c");
    start("host", "--network", "n", "--dns", OUTSIDE);
    assertEquals("7", byStream("host", "example.com"));
    String own = address("host", "n", "IPAddress");
    assertEquals(own.substring(own.lastIndexOf('.') + 1), byStream("host", "host"));
  }

  private String byStream(String from, String name) {
    String pid = there.ok("inspect", "-f", "{{.State.Pid}}", from).strip();
    List<String> ask = List.of("nsenter", "-t", pid, "-n", "perl", "-e", STREAM, name);
    return Product.perform(ask, "").out();
  }

  @Test
  void theProcessHasNothingToLoseAndEndsWithTheContainer() throws Exception {
    there.ok("network", "create", "n");
    start("c", "--network", "n");
    long pid = Long.parseLong(there.ok("inspect", "-f", "{{.State.Pid}}", "c").strip());
    long parent = ProcessTable.parent(pid).orElseThrow();
    long resolver = resolver(parent);
    String status = Files.readString(Path.of("/proc/" + resolver + "/status"));
    for (String line :
        List.of(
            "Uid:\t65534\t65534\t65534\t65534",
            "CapEff:\t0000000000000000",
            "NoNewPrivs:\t1",
            "Seccomp:\t2")) {
      assertTrue(status.contains(line), status);
    }
    try (Stream<Path> entries = Files.list(Path.of("/proc/" + resolver + "/fd"))) {
      assertEquals(3, entries.count(), "two sockets and a directory");
    }
    ProcessTable.kill(parent);
    there.ok("ps");
    assertTrue(ProcessTable.state(resolver).orElse("Z").equals("Z"), "it has ended");
    assertEquals(List.of(), linksBelow(there.state().resolve("leases/net-bridge/names")));
  }

  private static long resolver(long parent) throws IOException {
    for (long child : ProcessTable.family(parent)) {
      String status = Files.readString(Path.of("/proc/" + child + "/status"));
      if (status.contains("PPid:\t" + parent + "\n") && status.contains("Uid:\t65534")) {
        return child;
      }
    }
    throw new AssertionError("there is no process that resolves names");
  }

  private static List<String> linksBelow(Path directory) throws IOException {
    try (Stream<Path> entries = Files.walk(directory)) {
      return entries.filter(Files::isSymbolicLink).map(Path::toString).toList();
    }
  }
}
