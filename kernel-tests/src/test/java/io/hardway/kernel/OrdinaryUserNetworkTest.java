package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users without root reach, on a machine of the test's: one has subordinate ids, one not. */
class OrdinaryUserNetworkTest extends MachineNetworkTest {
  private static final String WITH = "hardway-subids";
  private static final String WITHOUT = "hardway-plain";
  private static final String MACHINE = "192.0.2.1";
  private static final String OUTSIDE6 = "2001:db8::2";
  private static final String ANSWERER =
      "use IO::Socket::IP; my $s = IO::Socket::IP->new(Type => 2, LocalHost => $ARGV[0],"
          + " LocalPort => 53); while (defined $s->recv(my $m, 99)) { $s->send(\"pong $m\"); }";
  private static final String ASKER =
      "use IO::Socket::IP; my $s = IO::Socket::IP->new(Type => 2, PeerHost => $ARGV[0],"
          + " PeerPort => 53); for (1 .. 20) { $s->send('ping'); my $r = '';"
          + " vec($r, fileno($s), 1) = 1; if (select($r, undef, undef, 0.5) &&"
          + " defined $s->recv(my $m, 99)) { print $m; exit 0 } } exit 1";

  private final List<Process> services = new ArrayList<>();
  private Product user;

  @BeforeEach
  void leadOutside() throws IOException {
    Conditions.program("/usr/bin/pasta");
    in(machine, "ip route add default via " + OUTSIDE);
    in(machine, "ip addr add 2001:db8::1/64 dev wan nodad");
    in(outside, "ip addr add " + OUTSIDE6 + "/64 dev lan nodad");
    in(machine, "ip -6 route add default via " + OUTSIDE6);
    // New network namespaces let nobody ask for echoes without privileges; machines do.
    inShell(machine, "echo 0 2147483647 > /proc/sys/net/ipv4/ping_group_range");
  }

  @AfterEach
  void endServices() throws Exception {
    if (user != null) {
      for (String id : user.ok("ps", "-aq").split("\n")) {
        user.run("rm", "-f", id);
      }
      assertEquals(Set.of(), pastas());
    }
    for (Process service : services) {
      service.destroyForcibly().waitFor();
    }
  }

  private void as(String name) throws IOException {
    as(name, enter(machine));
  }

  private void as(String name, List<String> place) throws IOException {
    Conditions.require(
        Product.perform(List.of("id", name), "").exitCode() == 0,
        "needs the user " + name + ", see kernel-tests/prepare");
    user = hardway.of(name).behind(place);
  }

  /** Processes that were started for the user's containers. */
  private Set<Long> pastas() throws IOException {
    return ProcessTable.withArgument("--pid " + user.state().resolve("containers"));
  }

  private static Product.Outcome inShell(Process where, String script) {
    List<String> words = new ArrayList<>(enter(where));
    words.addAll(List.of("sh", "-c", script));
    return Product.perform(words, "");
  }

  private void serve(Process where, String... command) throws IOException {
    List<String> words = new ArrayList<>(enter(where));
    words.addAll(List.of(command));
    services.add(new ProcessBuilder(words).start());
  }

  private void serveStream(Process where, int port, String word) throws IOException {
    serve(
        where, "/bin/busybox", "nc", "-ll", "-p", Integer.toString(port), "-e", "/bin/echo", word);
    assertEquals(word, inShell(where, "busybox " + hearing("127.0.0.1", port)).out().strip());
  }

  /**
   * What is heard from a stream; the server may not listen yet. The client leaves last: pasta of
   * 2023 repeats what was sent where it has nothing more to say before that.
   */
  private static String hearing(String address, int port) {
    return "sh -c 'for i in 1 2 3 4 5 6 7 8 9; do sleep 1 | busybox nc -w 2 "
        + address
        + " "
        + port
        + " && break; done'";
  }

  private String shell(String script, String... flags) throws IOException {
    List<String> words = new ArrayList<>(List.of("run", "--rm", "--rootfs", rootfs()));
    words.addAll(List.of(flags));
    words.addAll(List.of("sh", "-c", script));
    return user.ok(words.toArray(String[]::new));
  }

  private void startFor(String name) throws IOException {
    user.ok("run", "-d", "--name", name, "--rootfs", rootfs(), "sleep", "1000");
  }

  @ParameterizedTest
  @ValueSource(strings = {WITH, WITHOUT})
  void reachesWhatTheMachineReaches(String name) throws IOException {
    as(name);
    serveStream(outside, 80, "hello");
    String out =
        shell(
            "ip -o addr show eth0; ping -c 1 -W 2 "
                + OUTSIDE
                + "; ping -c 1 -W 2 "
                + OUTSIDE6
                + "; "
                + hearing(OUTSIDE, 80)
                + "; "
                + hearing(OUTSIDE6, 80));
    assertTrue(out.contains("inet " + MACHINE + "/24"), out);
    assertEquals(2, out.split("1 packets received", -1).length - 1, out);
    assertTrue(out.endsWith("hello\nhello"), out);
  }

  @ParameterizedTest
  @ValueSource(strings = {WITH, WITHOUT})
  void datagramsGoThereAndBack(String name) throws IOException {
    Conditions.program("/usr/bin/perl");
    as(name);
    for (String address : List.of(OUTSIDE, OUTSIDE6)) {
      serve(outside, "perl", "-e", ANSWERER, address);
      assertEquals(
          "pong ping", user.ok("run", "--rm", "--rootfs", "/", "--", "perl", "-e", ASKER, address));
    }
  }

  /** A name server that only the machine reaches, on its loopback interface, answers too. */
  @Test
  void theMachinesOwnNameServerAnswers() throws IOException {
    Conditions.program("/usr/bin/perl");
    Path resolver = hardway.directory().resolve("resolv.conf");
    Files.writeString(resolver, "nameserver 127.0.0.1\n");
    List<String> place = new ArrayList<>(enter(machine));
    String script = "mount --bind " + resolver + " /etc/resolv.conf && exec \"$@\"";
    place.addAll(List.of("unshare", "--mount", "sh", "-c", script, "sh"));
    as(WITH, place);
    serve(machine, "perl", "-e", ANSWERER, "127.0.0.1");
    List<String> words = new ArrayList<>(List.of("run", "--rm", "--rootfs", "/", "--"));
    String ask = "cat /etc/resolv.conf; exec perl -e \"$0\" 169.254.1.1";
    words.addAll(List.of("sh", "-c", ask, ASKER));
    Product.Outcome outcome = user.run(words.toArray(String[]::new));
    assertEquals(new Product.Outcome(0, "nameserver 169.254.1.1\npong ping", ""), outcome);
  }

  /** Neither the loopback interface, nor the addresses, which are the container's, lead there. */
  @ParameterizedTest
  @ValueSource(strings = {WITH, WITHOUT})
  void theMachinesOwnServicesStayItsOwn(String name) throws IOException {
    as(name);
    serveStream(machine, 7777, "private");
    for (String address : List.of("127.0.0.1", MACHINE, OUTSIDE, "169.254.1.1")) {
      assertEquals("", shell("sleep 1 | nc -w 1 " + address + " 7777; true"), address);
    }
  }

  /** What the container opens is not open on the machine. */
  @ParameterizedTest
  @ValueSource(strings = {WITH, WITHOUT})
  void nobodyReachesWhatIsNotPublished(String name) throws IOException {
    as(name);
    String server = "nc -ll -p 8080 -e echo open";
    user.ok("run", "-d", "--name", "c", "--rootfs", rootfs(), "sh", "-c", server);
    assertEquals("open", user.ok("exec", "c", "sh", "-c", hearing("127.0.0.1", 8080)));
    assertEquals("", inShell(machine, "sleep 1 | busybox nc -w 1 127.0.0.1 8080").out());
    assertEquals("", inShell(outside, "sleep 1 | busybox nc -w 1 " + MACHINE + " 8080").out());
  }

  /** From outside, and from the machine by each of its addresses; another may not have it. */
  @ParameterizedTest
  @ValueSource(strings = {WITH, WITHOUT})
  void aPublishedPortAnswers(String name) throws IOException {
    as(name);
    String server = "nc -ll -p 80 -e echo open";
    List<String> run = new ArrayList<>(List.of("run", "-d", "--rootfs", rootfs()));
    run.addAll(List.of("-p", "8080:80", "-p", "127.0.0.1:8081:80", "--name", "c"));
    run.addAll(List.of("sh", "-c", server));
    user.ok(run.toArray(String[]::new));
    assertEquals("open", inShell(machine, hearing("127.0.0.1", 8080)).out().strip());
    assertEquals("open", inShell(machine, hearing("::1", 8080)).out().strip());
    assertEquals("open", inShell(machine, hearing(MACHINE, 8080)).out().strip());
    assertEquals("open", inShell(machine, hearing("127.0.0.1", 8081)).out().strip());
    assertEquals("open", inShell(outside, hearing(MACHINE, 8080)).out().strip());
    assertEquals("open", inShell(outside, hearing("2001:db8::1", 8080)).out().strip());
    assertEquals("", inShell(outside, "sleep 1 | busybox nc -w 1 " + MACHINE + " 8081").out());
    assertTrue(user.ok("port", "c").contains("80/tcp -> 0.0.0.0:8080"), user.ok("port", "c"));
    run.set(run.indexOf("c"), "d");
    Product.Outcome second = user.run(run.toArray(String[]::new));
    assertEquals(125, second.exitCode(), second::toString);
    assertTrue(second.err().contains("port 8080/tcp is in use by"), second::toString);
    user.ok("rm", "-f", "c");
    assertEquals(List.of(), user.remains());
  }

  @Test
  void aPublishedPortOfDatagramsAnswers() throws IOException {
    Conditions.program("/usr/bin/perl");
    as(WITH);
    List<String> run =
        new ArrayList<>(List.of("run", "-d", "--rootfs", "/", "-p", "53000:53000/udp"));
    run.addAll(
        List.of("--name", "c", "perl", "-e", ANSWERER.replace("=> 53", "=> 53000"), "0.0.0.0"));
    user.ok(run.toArray(String[]::new));
    String ask = ASKER.replace("PeerPort => 53", "PeerPort => 53000");
    for (Process from : List.of(machine, outside)) {
      List<String> words = new ArrayList<>(enter(from));
      words.addAll(List.of("perl", "-e", ask, from == machine ? "127.0.0.1" : MACHINE));
      assertEquals("pong ping", Product.perform(words, "").out());
    }
  }

  @Test
  void aPortOfRootIsRefused() throws IOException {
    as(WITH);
    Product.Outcome refused = user.run("run", "--rm", "-p", "80:80", "--rootfs", rootfs(), "true");
    assertEquals(125, refused.exitCode(), refused::toString);
    assertTrue(refused.err().contains("port 80 is for root alone"), refused::toString);
    assertEquals(List.of(), user.remains());
  }

  @ParameterizedTest
  @ValueSource(strings = {WITH, WITHOUT})
  void pastaEndsWithTheContainer(String name) throws IOException {
    as(name);
    startFor("c");
    assertEquals(1, pastas().size());
    user.ok("stop", "-t", "0", "c");
    user.ok("wait", "c");
    assertEquals(Set.of(), pastas());
    user.ok("start", "c");
    assertEquals(1, pastas().size());
    user.ok("rm", "-f", "c");
    assertEquals(Set.of(), pastas());
    assertEquals(List.of(), user.remains());
  }

  @ParameterizedTest
  @ValueSource(strings = {WITH, WITHOUT})
  void pastaIsEndedWhereTheParentWasKilled(String name) throws IOException {
    as(name);
    startFor("c");
    long pid = Long.parseLong(user.ok("inspect", "-f", "{{.State.Pid}}", "c"));
    ProcessTable.kill(ProcessTable.parent(pid).orElseThrow());
    user.ok("ps");
    assertEquals(Set.of(), pastas());
  }

  /** At any instant of the start: before there is a pasta, while it starts, and after. */
  @Test
  void pastaIsEndedWhereverTheStartWasKilled() throws Exception {
    as(WITH);
    rootfs();
    shell("true");
    for (int millis = 40; millis < 400; millis += 15) {
      Process run = user.start("run", "--rootfs", rootfs(), "sleep", "1000");
      Thread.sleep(millis);
      ProcessTable.family(run.pid()).forEach(OrdinaryUserNetworkTest::killUnlessPasta);
      run.waitFor();
      user.ok("ps");
      assertEquals(Set.of(), pastas(), "killed after " + millis + " ms");
    }
  }

  private static void killUnlessPasta(long pid) {
    if (!ProcessTable.commandLine(pid).contains("pasta.pid")) {
      ProcessTable.kill(pid);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {WITH, WITHOUT})
  void aContainerWhosePastaWasKilledGoesOn(String name) throws IOException {
    as(name);
    startFor("c");
    pastas().forEach(ProcessTable::kill);
    assertEquals("here", user.ok("exec", "c", "echo", "here"));
    user.ok("rm", "-f", "c");
    assertEquals(List.of(), user.remains());
  }

  @Test
  void anotherUsersOrContainersPastaIsLeftAlone() throws IOException {
    as(WITH);
    startFor("a");
    startFor("b");
    Set<Long> both = pastas();
    assertEquals(2, both.size());
    user.ok("rm", "-f", "a");
    assertEquals(1, pastas().size());
    assertTrue(both.containsAll(pastas()));
    assertEquals("", user.ok("exec", "b", "sh", "-c", "ping -c 1 -W 2 " + OUTSIDE + " >/dev/null"));
  }

  @ParameterizedTest
  @ValueSource(strings = {WITH, WITHOUT})
  void sharesTheNetworkOfAnotherContainerAndHasTheMachines(String name) throws IOException {
    as(name);
    serveStream(machine, 7777, "private");
    startFor("a");
    String namespace = user.ok("exec", "a", "readlink", "/proc/self/ns/net");
    String ask = "readlink /proc/self/ns/net; ping -c 1 -W 2 " + OUTSIDE + " | grep -c '64 bytes'";
    assertEquals(
        namespace + "\n1", shell(ask, "--network", "container:a", "--userns", "container:a"));
    assertEquals(1, pastas().size());
    assertEquals("private", shell(hearing("127.0.0.1", 7777), "--network", "host"));
  }

  @Test
  void whereThereIsNoWayOutOnlyLoopbackIsThere() throws IOException {
    as(WITH);
    in(machine, "ip route del default");
    in(machine, "ip -6 route del default");
    assertEquals("lo", shell("ls /sys/class/net"));
    Product.Outcome forced =
        user.run("run", "--rm", "--network", "pasta", "--rootfs", rootfs(), "true");
    assertEquals(125, forced.exitCode(), forced::toString);
    assertTrue(forced.err().contains("no default route"), forced::toString);
    assertEquals(List.of(), user.remains());
  }

  @Test
  void oneVersionIsEnoughAndNobodyComplains() throws IOException {
    as(WITH);
    in(machine, "ip -6 route del default");
    String ping = "ping -c 1 -W 2 " + OUTSIDE + " | grep -c '64 bytes'";
    Product.Outcome four = user.run("run", "--rm", "--rootfs", rootfs(), "sh", "-c", ping);
    assertEquals(new Product.Outcome(0, "1\n", ""), four);
    in(machine, "ip route del default");
    in(machine, "ip -6 route add default via " + OUTSIDE6);
    ping = "ping -c 1 -W 2 " + OUTSIDE6 + " | grep -c '64 bytes'";
    Product.Outcome six = user.run("run", "--rm", "--rootfs", rootfs(), "sh", "-c", ping);
    assertEquals(new Product.Outcome(0, "1\n", ""), six);
  }

  @Test
  void isNothingForRoot() throws IOException {
    Product.Outcome outcome =
        there.run("run", "--rm", "--network", "pasta", "--rootfs", rootfs(), "true");
    assertEquals(125, outcome.exitCode(), outcome::toString);
    assertTrue(outcome.err().contains("for ordinary users"), outcome::toString);
  }
}
