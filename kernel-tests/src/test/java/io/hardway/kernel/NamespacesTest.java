package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NamespacesTest extends KernelTest {
  private static final List<String> KINDS =
      List.of("mnt", "pid", "uts", "user", "net", "ipc", "cgroup", "time");
  private static final String SHOW =
      "for n in mnt pid uts user net ipc cgroup time; do echo $n=$(readlink /proc/self/ns/$n); done";

  private static Map<String, String> parse(String listing) {
    Map<String, String> namespaces = new TreeMap<>();
    for (String line : listing.split("\n")) {
      int equals = line.indexOf('=');
      namespaces.put(line.substring(0, equals), line.substring(equals + 1));
    }
    return namespaces;
  }

  private static Map<String, String> host() throws IOException {
    Map<String, String> namespaces = new TreeMap<>();
    for (String kind : KINDS) {
      namespaces.put(kind, Files.readSymbolicLink(Path.of("/proc/self/ns", kind)).toString());
    }
    return namespaces;
  }

  private Map<String, String> inside(String... flags) throws IOException {
    Product.Outcome outcome = attempt(List.of(flags), SHOW);
    assertEquals(0, outcome.exitCode(), () -> List.of(flags) + " " + outcome);
    return parse(outcome.out());
  }

  /** Over busybox, unless the flags say that it stands on another's files. */
  private Product.Outcome attempt(List<String> flags, String script) throws IOException {
    int mount = flags.indexOf("--mntns");
    if (mount < 0 || flags.get(mount + 1).equals("private")) {
      return shell(flags, script);
    }
    List<String> run = new ArrayList<>(List.of("run", "--rm"));
    run.addAll(flags);
    run.addAll(List.of("--", "sh", "-c", script));
    return hardway.run(run.toArray(String[]::new));
  }

  @Test
  void allEightDifferFromTheHostsByDefaultOrByFlag() throws IOException {
    Map<String, String> host = host();
    Map<String, String> inside = inside("--userns", "auto", "--time-offset", "boottime=1000");
    for (String kind : KINDS) {
      assertNotEquals(host.get(kind), inside.get(kind), kind);
    }
    Map<String, String> byDefault = inside();
    for (String kind : List.of("mnt", "pid", "uts", "net", "ipc", "cgroup")) {
      assertNotEquals(host.get(kind), byDefault.get(kind), kind);
    }
  }

  /** What chooses each. */
  static List<Arguments> flags() {
    return List.of(
        Arguments.of("mnt", "--mntns"),
        Arguments.of("pid", "--pid"),
        Arguments.of("uts", "--uts"),
        Arguments.of("user", "--userns"),
        Arguments.of("net", "--network"),
        Arguments.of("ipc", "--ipc"),
        Arguments.of("cgroup", "--cgroupns"),
        Arguments.of("time", "--timens"));
  }

  /** A new network namespace without a bridge: the machine's own network is not the tests'. */
  private static String newOne(String flag) {
    return flag.equals("--network") ? "none" : "private";
  }

  private void first(String... more) throws IOException {
    List<String> run = new ArrayList<>(List.of("run", "-d", "--name", "first"));
    run.addAll(List.of(more));
    run.addAll(List.of("--rootfs", rootfs(), "sleep", "1000"));
    hardway.ok(run.toArray(String[]::new));
  }

  private Map<String, String> ofFirst() {
    return parse(hardway.ok("exec", "first", "sh", "-c", SHOW));
  }

  private String refused(String... flags) throws IOException {
    Product.Outcome outcome = attempt(List.of(flags), "true");
    assertEquals(125, outcome.exitCode(), () -> List.of(flags) + " " + outcome);
    return outcome.err();
  }

  @ParameterizedTest
  @MethodSource("flags")
  void eachCanBeNewOrTheHosts(String kind, String flag) throws IOException {
    Map<String, String> host = host();
    Map<String, String> own = inside(flag, newOne(flag));
    assertNotEquals(host.get(kind), own.get(kind));
    Map<String, String> theHosts = inside(flag, "host");
    assertEquals(host.get(kind), theHosts.get(kind));
    for (String other : List.of("mnt", "pid")) {
      assertNotEquals(host.get(other), own.get(other), other);
      if (!other.equals(kind)) {
        assertNotEquals(host.get(other), theHosts.get(other), other);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("flags")
  void eachCanBeAnotherContainersByNameOrByPath(String kind, String flag) throws IOException {
    first(flag, newOne(flag));
    Map<String, String> first = ofFirst();
    String path = "ns:/proc/" + hardway.ok("inspect", "-f", "{{.State.Pid}}", "first") + "/ns/";
    for (String mode : List.of("container:first", path + kind)) {
      // The first one's /proc shows what is in its pid namespace.
      boolean withPid = kind.equals("mnt");
      Map<String, String> inside =
          withPid ? inside(flag, mode, "--pid", "container:first") : inside(flag, mode);
      for (String each : KINDS) {
        if (each.equals(kind)
            || withPid && each.equals("pid")
            || first.get(each).equals(host().get(each))) {
          assertEquals(first.get(each), inside.get(each), mode + " " + each);
        } else {
          assertNotEquals(first.get(each), inside.get(each), mode + " " + each);
        }
      }
    }
    String other = kind.equals("uts") ? "ipc" : "uts";
    assertTrue(refused(flag, path + other).contains(other), "a namespace of another kind");
    assertTrue(refused(flag, "ns:" + rootfs() + "/etc/passwd").contains("/etc/passwd"), "no kind");
    hardway.ok("kill", "first");
    hardway.run("wait", "first");
    String stopped = refused(flag, "container:first");
    assertTrue(stopped.contains("container first: it is not running; start it first"), stopped);
    hardway.ok("rm", "first");
    String gone = refused(flag, "container:first");
    assertTrue(gone.contains("No such container: first"), gone);
    assertEquals(List.of(), hardway.remains());
  }

  @Test
  void allEightCanBeJoinedAtOnce() throws IOException {
    first("--userns", "auto", "--time-offset", "boottime=1000");
    Map<String, String> first = ofFirst();
    List<String> byName = new ArrayList<>();
    List<String> byPath = new ArrayList<>();
    String pid = hardway.ok("inspect", "-f", "{{.State.Pid}}", "first");
    for (Arguments each : flags()) {
      byName.addAll(List.of(each.get()[1].toString(), "container:first"));
      byPath.addAll(List.of(each.get()[1].toString(), "ns:/proc/" + pid + "/ns/" + each.get()[0]));
    }
    for (List<String> flags : List.of(byName, byPath)) {
      assertEquals(first, inside(flags.toArray(String[]::new)));
    }
    hardway.ok("rm", "-f", "first");
  }

  private Map<String, String> of(String container) throws IOException {
    String pid = hardway.ok("inspect", "-f", "{{.State.Pid}}", container);
    Map<String, String> namespaces = new TreeMap<>();
    for (String kind : KINDS) {
      namespaces.put(kind, Files.readSymbolicLink(Path.of("/proc", pid, "ns", kind)).toString());
    }
    return namespaces;
  }

  @Test
  void onTheFilesOfAnotherItHasNamespacesOfItsOwnAndLeavesNothing() throws IOException {
    first();
    hardway.ok("exec", "first", "sh", "-c", "echo of the first > /marker");
    Map<String, String> first = of("first");
    String mounts = hardway.ok("exec", "first", "cat", "/proc/self/mountinfo");
    for (int i = 0; i < 2; i++) {
      if (i == 0) {
        hardway.ok("run", "-d", "--name", "c", "--mntns", "container:first", "sleep", "1000");
      } else {
        hardway.ok("start", "c");
      }
      Map<String, String> inside = of("c");
      for (String kind : List.of("pid", "uts", "net", "ipc", "cgroup")) {
        assertNotEquals(first.get(kind), inside.get(kind), kind);
      }
      assertEquals(first.get("mnt"), inside.get("mnt"));
      assertEquals("of the first", hardway.ok("exec", "c", "cat", "/marker"));
      hardway.ok("stop", "-t", "0", "c");
    }
    assertEquals(
        mounts, hardway.ok("exec", "first", "cat", "/proc/self/mountinfo"), "nothing is mounted");
    assertTrue(
        hardway.run("diff", "c").err().contains("c has no layer of its own"), "another's layer");
    assertEquals("container:first", hardway.ok("inspect", "-f", "{{.Image}}", "c"));
    hardway.ok("stop", "-t", "0", "first");
    String refusal = hardway.run("start", "c").err();
    assertTrue(refusal.contains("container first: it is not running; start it first"), refusal);
    hardway.ok("start", "first");
    hardway.ok("start", "c");
    assertEquals(of("first").get("mnt"), of("c").get("mnt"), "the new one");
    hardway.ok("rm", "-f", "c", "first");
    assertEquals(List.of(), hardway.remains());
  }

  @Test
  void onTheHostsFilesWhatIsWrittenStaysAndNoMountChanges() throws IOException {
    List<String> before = Files.readAllLines(Path.of("/proc/self/mountinfo"));
    Path file = hardway.directory().resolve("written");
    hardway.ok(
        "run",
        "-d",
        "--name",
        "c",
        "--mntns",
        "host",
        "-w",
        hardway.directory().toString(),
        "sh",
        "-c",
        "echo $HOSTNAME > written; sleep 1000");
    assertEquals(host().get("mnt"), of("c").get("mnt"));
    assertNotEquals(host().get("pid"), of("c").get("pid"));
    Map<String, String> exec = parse(hardway.ok("exec", "c", "sh", "-c", SHOW));
    assertEquals(of("c"), exec);
    hardway.ok("rm", "-f", "c");
    assertEquals(1, Files.readAllLines(file).size());
    assertEquals(before, Files.readAllLines(Path.of("/proc/self/mountinfo")));
    List<String> all = new ArrayList<>(List.of("run", "-d", "--name", "c"));
    for (Arguments each : flags()) {
      all.addAll(List.of(each.get()[1].toString(), "host"));
    }
    all.addAll(List.of("sleep", "1000"));
    hardway.ok(all.toArray(String[]::new));
    assertEquals(host(), parse(hardway.ok("exec", "c", "sh", "-c", SHOW)));
    hardway.ok("rm", "-f", "c");
    assertEquals(List.of(), hardway.remains());
  }

  @Test
  void hostileFilesOfAnotherLeadNowhereElse() throws IOException {
    first();
    Path outside = Files.createDirectory(hardway.directory().resolve("outside"));
    Files.writeString(outside.resolve("passwd"), "mallory:x:0:0::/:/bin/sh\n");
    String up = "../../../../../..";
    hardway.ok(
        "exec",
        "first",
        "sh",
        "-c",
        "rm /etc/passwd; ln -s "
            + up
            + outside
            + "/passwd /etc/passwd; ln -s "
            + up
            + outside
            + " /work; ln -s /proc/1/root/tmp /magic");
    List<String> join = List.of("--mntns", "container:first");
    for (List<String> flags :
        List.of(
            List.of("-u", "mallory"),
            List.of("-w", "/work"),
            List.of("-w", "/magic"),
            List.of("-w", "/missing/directory"))) {
      List<String> all = new ArrayList<>(join);
      all.addAll(flags);
      Product.Outcome outcome = attempt(all, "echo started");
      assertEquals(
          flags.contains("-w") ? 126 : 125, outcome.exitCode(), () -> flags + " " + outcome);
      assertEquals("", outcome.out());
      assertTrue(outcome.err().contains(flags.get(1)), outcome::toString);
    }
    hardway.ok("exec", "first", "test", "!", "-e", "/missing");
    hardway.ok("rm", "-f", "first");
    assertEquals(List.of(), hardway.remains());
  }

  @Test
  void theMountNamespaceOfAUserNamespaceIsJoinedWithIt() throws IOException {
    first("--userns", "auto");
    List<String> both =
        List.of("--mntns", "container:first", "--userns", "container:first", "-t", "-w", "/tmp");
    Product.Outcome outcome = attempt(both, "id -u; pwd; tty; echo x > /tmp/file");
    assertEquals("0\r\n/tmp\r\n/dev/pts/0\r\n", outcome.out(), outcome::toString);
    assertEquals("0", hardway.ok("exec", "first", "stat", "-c", "%u", "/tmp/file"));
    hardway.ok(
        "run", "-d", "--name", "second", "--userns", "auto", "--rootfs", rootfs(), "sleep", "1000");
    Product.Outcome others =
        attempt(List.of("--mntns", "container:first", "--userns", "container:second"), "true");
    assertEquals(125, others.exitCode(), others::toString);
    assertTrue(others.err().contains("join the mount namespace"), others::toString);
    assertTrue(others.err().contains("--userns container:NAME"), others::toString);
    hardway.ok("rm", "-f", "first", "second");
    assertEquals(List.of(), hardway.remains());
  }

  @Test
  void whatNeedsMountsOfItsOwnIsRefusedByName() throws IOException {
    for (List<String> option :
        List.of(
            List.of("--volume", "/tmp:/x"),
            List.of("--mount", "type=tmpfs,target=/x"),
            List.of("--tmpfs", "/x"),
            List.of("--device", "/dev/null"),
            List.of("--shm-size", "1m"),
            List.of("--sysctl", "net.ipv4.ip_forward=1"),
            List.of("--add-host", "a:1.2.3.4"),
            List.of("--read-only"),
            List.of("--rootfs", rootfs()),
            List.of("--rootfs-plugin", "fs-overlay"),
            List.of("--security-opt", "mask=/proc/x"),
            List.of("--security-opt", "systempaths=unconfined"))) {
      List<String> all = new ArrayList<>(List.of("--mntns", "host"));
      all.addAll(option);
      String refusal = refused(all.toArray(String[]::new));
      assertTrue(refusal.contains(option.get(0)), refusal);
      assertTrue(refusal.contains("--mntns private"), refusal);
    }
    assertEquals(
        host().get("mnt"), inside("--mntns", "host", "--rootfs", "/").get("mnt"), "--rootfs /");
    String plan = hardway.ok("explain", "run", "--mntns", "host", "true");
    assertTrue(plan.contains("no path is hidden or read-only, and what is written stays"), plan);
    assertEquals(List.of(), hardway.remains());
  }

  @Test
  void aNamespaceThatIsBoundOnAFileIsJoinedThere() throws IOException {
    first();
    String pid = hardway.ok("inspect", "-f", "{{.State.Pid}}", "first");
    Path file = Files.createFile(hardway.directory().resolve("bound"));
    Map<String, String> first = ofFirst();
    assertEquals(
        0,
        Product.perform(List.of("mount", "--bind", "/proc/" + pid + "/ns/net", file.toString()), "")
            .exitCode());
    try {
      hardway.ok("rm", "-f", "first");
      assertEquals(first.get("net"), inside("--network", "ns:" + file).get("net"));
      String refusal = refused("--uts", "ns:" + file);
      assertTrue(refusal.contains(file + " is net:["), refusal);
    } finally {
      Product.perform(List.of("umount", file.toString()), "");
    }
  }

  @Test
  void theUserNamespaceWeAreInCanBeNamedByItsPath() throws IOException {
    assertEquals(host().get("user"), inside("--userns", "ns:/proc/self/ns/user").get("user"));
  }

  @Test
  void whatCannotBeIsRefusedBeforeAnythingIsMade() throws IOException {
    first();
    for (List<String> flags :
        List.of(
            List.of("--userns", "auto", "--network", "container:first"),
            List.of("--userns", "auto", "--mntns", "container:first"),
            List.of("--userns", "host", "--uidmap", "0:100000:10"),
            List.of("--timens", "host", "--time-offset", "boottime=1"),
            List.of("--uidmap", "0:100000:10", "--uidmap", "5:200000:10"),
            List.of("--uidmap", "1:100000:10"),
            List.of("--pid", "container:"),
            List.of("--pid", "ns:relative"),
            List.of("--ipc", "mine"))) {
      String refusal = refused(flags.toArray(String[]::new));
      assertTrue(refusal.startsWith("hardway: ") && !refusal.contains("step "), refusal);
    }
    hardway.ok("rm", "-f", "first");
    assertEquals(List.of(), hardway.remains());
  }

  @Test
  void execEntersAllOfThem() throws IOException {
    hardway.ok(
        "run",
        "-d",
        "--name",
        "c",
        "--userns",
        "auto",
        "--time-offset",
        "boottime=1000",
        "--rootfs",
        rootfs(),
        "sh",
        "-c",
        SHOW + " > /namespaces; sleep 1000");
    hardway.ok(
        "exec", "c", "sh", "-c", "while [ $(wc -l < /namespaces) -lt 8 ]; do sleep 0.1; done");
    assertEquals(
        parse(hardway.ok("exec", "c", "cat", "/namespaces")),
        parse(hardway.ok("exec", "c", "sh", "-c", SHOW)));
    hardway.ok("rm", "-f", "c");
  }

  @Test
  void rootInAUserNamespaceCannotTouchWhatRootOwnsOutside() throws IOException {
    Path secret = Files.writeString(hardway.directory().resolve("secret"), "secret\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    assertEquals(
        "secret",
        printed(List.of("-v", secret + ":/secret"), "cat /secret"),
        "without a user namespace root is root");
    String attempt =
        printed(
            List.of("--userns", "auto", "-v", secret + ":/secret"),
            "cat /secret 2>&1; echo x 2>&1 >> /secret; chown 0 /secret 2>&1; chmod 777 /secret 2>&1; id -u");
    assertTrue(attempt.endsWith("\n0"), attempt);
    assertTrue(!attempt.contains("secret\nsecret") && attempt.contains("denied"), attempt);
    assertEquals("secret\n", Files.readString(secret));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)));
  }

  @Test
  void theTimeNamespaceIsAheadByTheOffset() throws IOException {
    double inside =
        Double.parseDouble(
            printed(List.of("--time-offset", "boottime=100000"), "cut -d' ' -f1 /proc/uptime"));
    double outside = Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ")[0]);
    assertTrue(
        inside - outside > 99_000 && inside - outside < 101_000, inside + " against " + outside);
  }

  @Test
  void loopbackAnswersInANetworkOfItsOwn() throws IOException {
    assertTrue(
        printed(List.of("--network", "none"), "ping -c 1 -W 2 127.0.0.1 && ping -c 1 -W 2 ::1")
            .contains("1 packets received"));
    assertEquals("lo", printed(List.of("--network", "none"), "ls /sys/class/net").strip());
  }
}
