package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    return parse(printed(List.of(flags), SHOW));
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

  @ParameterizedTest
  @CsvSource({
    "pid,--pid",
    "net,--network",
    "ipc,--ipc",
    "uts,--uts",
    "cgroup,--cgroupns",
    "user,--userns"
  })
  void eachCanBeTheHosts(String kind, String flag) throws IOException {
    assertEquals(host().get(kind), inside(flag, "host").get(kind));
  }

  @ParameterizedTest
  @CsvSource({"pid,--pid", "net,--network", "ipc,--ipc", "uts,--uts"})
  void eachCanBeAnotherContainers(String kind, String flag) throws IOException {
    hardway.ok("run", "-d", "--name", "first", "--rootfs", rootfs(), "sleep", "1000");
    String first = parse(hardway.ok("exec", "first", "sh", "-c", SHOW)).get(kind);
    assertEquals(first, inside(flag, "container:first").get(kind));
    hardway.ok("rm", "-f", "first");
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
