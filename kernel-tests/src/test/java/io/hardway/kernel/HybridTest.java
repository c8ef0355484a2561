package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A host whose controllers are in version 1, one hierarchy each, but for huge pages, which are free
 * in version 2: crun 1.8 makes no container on it.
 */
class HybridTest extends KernelTest {
  private static final Path ONE = Path.of("/sys/fs/cgroup/memory/hardway");
  private static final Path TWO = Path.of("/sys/fs/cgroup/unified/hardway");
  private static final String PAGES = "hugetlb.2MB.max";

  @BeforeEach
  void needsSuchAHost() throws IOException {
    Path free = Path.of("/sys/fs/cgroup/unified/cgroup.controllers");
    Conditions.require(
        Files.exists(free)
            && Files.readString(free).contains("hugetlb")
            && Files.exists(ONE.getParent().resolve("memory.limit_in_bytes")),
        "needs memory in cgroup version 1, and hugetlb in version 2 at /sys/fs/cgroup/unified");
  }

  private String start(String... flags) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("run", "-d", "--name", "c", "--rootfs", rootfs()));
    arguments.addAll(List.of(flags));
    arguments.addAll(List.of("sleep", "1000"));
    return hardway.ok(arguments.toArray(String[]::new));
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file).strip();
  }

  private static long processes(Path group) throws IOException {
    try (var lines = Files.lines(group.resolve("cgroup.procs"))) {
      return lines.count();
    }
  }

  @Test
  void aLimitIsAppliedWhereItsControllerIs() throws IOException {
    String id = start("--memory", "64m", "--hugetlb", "2MB:4m");
    assertEquals("67108864", text(ONE.resolve(id).resolve("memory.limit_in_bytes")));
    assertEquals("4194304", text(TWO.resolve(id).resolve(PAGES)));
    assertEquals(
        "67108864\n4194304",
        hardway.ok(
            "exec",
            "c",
            "cat",
            "/sys/fs/cgroup/memory/memory.limit_in_bytes",
            "/sys/fs/cgroup/unified/" + PAGES));
    hardway.ok("rm", "-f", "c");
    assertFalse(Files.exists(ONE.resolve(id)));
    assertFalse(Files.exists(TWO.resolve(id)));
  }

  @Test
  void everyProcessIsInBothGroupsAndSeesNoneAbove() throws IOException {
    String id = start("--hugetlb", "2MB:4m");
    for (String groups :
        List.of(
            hardway.ok("exec", "c", "cat", "/proc/self/cgroup"),
            hardway.ok("exec", "c", "cat", "/proc/1/cgroup"))) {
      for (String line : groups.lines().toList()) {
        assertTrue(line.endsWith(":/"), groups);
      }
    }
    hardway.ok("exec", "-d", "c", "sleep", "1000");
    assertEquals(2, processes(ONE.resolve(id)));
    assertEquals(2, processes(TWO.resolve(id)));
    hardway.ok("rm", "-f", "c");
  }

  @Test
  void whatNoLimitNeedsIsNotMade() throws IOException {
    String id = start("--memory", "64m");
    assertTrue(Files.exists(ONE.resolve(id)));
    assertFalse(Files.exists(TWO.resolve(id)));
    Product.Outcome outcome = hardway.run("update", "--hugetlb", "2MB:4m", "c");
    assertEquals(1, outcome.exitCode(), outcome::toString);
    assertTrue(
        outcome.err().contains("they need a group of cgroup-v2, and it was started without one"),
        outcome::toString);
    hardway.ok("stop", "-t", "0", "c");
    hardway.ok("update", "--hugetlb", "2MB:4m", "c");
    hardway.ok("start", "c");
    assertEquals("4194304", text(TWO.resolve(id).resolve(PAGES)));
    hardway.ok("rm", "-f", "c");
  }

  @Test
  void bothPartsAreUpdatedFrozenThawedAndCounted() throws IOException {
    String id = start("--memory", "64m", "--hugetlb", "2MB:4m");
    hardway.ok("update", "--memory", "32m", "--memory-swap", "-1", "--hugetlb", "2MB:8m", "c");
    assertEquals("33554432", text(ONE.resolve(id).resolve("memory.limit_in_bytes")));
    assertEquals("8388608", text(TWO.resolve(id).resolve(PAGES)));
    hardway.ok("pause", "c");
    assertEquals("paused", hardway.ok("inspect", "-f", "{{.State.Status}}", "c"));
    hardway.ok("unpause", "c");
    assertEquals("running", hardway.ok("inspect", "-f", "{{.State.Status}}", "c"));
    assertEquals("1", hardway.ok("stats", "--no-stream", "--format", "{{.PIDs}}", "c"));
    hardway.ok("rm", "-f", "c");
  }

  @Test
  void bothPartsAreGoneAfterTheParentWasKilled() throws IOException {
    String id = start("--hugetlb", "2MB:4m");
    String pid = hardway.ok("inspect", "-f", "{{.State.Pid}}", "c");
    String parent = text(Path.of("/proc", pid, "stat")).split(" ")[3];
    assertEquals(0, Product.perform(List.of("kill", "-9", parent), "").exitCode());
    hardway.ok("system", "reconcile");
    assertFalse(Files.exists(ONE.resolve(id)));
    assertFalse(Files.exists(TWO.resolve(id)));
    hardway.ok("rm", "c");
  }

  @Test
  void aContainerInAContainerHasBothToo() throws IOException {
    String home = hardway.home().toRealPath().toString();
    String command =
        home
            + "/bin/hardway --root /run/data run --rm --rootfs /inner --memory 32m --hugetlb 2MB:4m"
            + " cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/unified/"
            + PAGES
            + "; tail -n 1 /proc/self/cgroup";
    // The shell is in the root of its cgroup namespace: it is moved out of the way.
    assertEquals(
        "33554432\n4194304\n0::/init",
        hardway.ok(
            "run",
            "--rm",
            "--privileged",
            "--hugetlb",
            "2MB:8m",
            "--tmpfs",
            "/run",
            "--rootfs",
            "/",
            "-v",
            home + ":" + home + ":ro",
            "-v",
            rootfs() + ":/inner:ro",
            "sh",
            "-c",
            command));
  }

  @Test
  void aPluginThatIsNamedIsTheOnlyOne() throws IOException {
    Product.Outcome outcome =
        shell(List.of("--resources", "cgroup-v1", "--hugetlb", "2MB:4m"), "true");
    assertEquals(125, outcome.exitCode(), outcome::toString);
    assertTrue(outcome.err().contains("hugetlb"), outcome::toString);
    assertEquals(List.of(), hardway.remains());
  }

  @Test
  void itIsSaidWhichPluginGivesWhat() {
    String findings = hardway.ok("doctor", "--format", "json");
    for (String finding :
        List.of(
            "\"limits of memory\",\"Result\":\"ok\",\"Remark\":\"by cgroup-v1\"",
            "\"limits of hugetlb\",\"Result\":\"ok\",\"Remark\":\"by cgroup-v2\"")) {
      assertTrue(findings.contains(finding), findings);
    }
    String plan = hardway.ok("explain", "run", "--hugetlb", "2MB:4m", "--rootfs", "/", "true");
    assertTrue(plan.contains("cgroup-v2"), plan);
  }
}
