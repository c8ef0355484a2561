package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told of containers that run: figures, processes, and what the kernel has killed. */
class StatsTest extends KernelTest {
  private static final String HOG = "x=a; while :; do x=$x$x$x$x; done";
  private static final long PATIENCE_MILLIS = 20_000;

  private String started(String name, String... command) throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of("run", "-d", "--name", name, "--memory", "64m", "--rootfs", rootfs(), "--"));
    words.addAll(List.of(command));
    return hardway.ok(words.toArray(String[]::new));
  }

  private String figure(String template, String container) {
    return hardway.ok("stats", "--no-stream", "--format", template, container);
  }

  /** The oom events of a container in the journal, when there are so many, or time is up. */
  private List<String> kills(String container, int wanted) throws Exception {
    List<String> kills = List.of();
    for (long waited = 0; waited < PATIENCE_MILLIS; waited += 100) {
      kills =
          Files.readAllLines(hardway.state().resolve("events")).stream()
              .filter(line -> line.contains("\"action\":\"oom\""))
              .filter(line -> line.contains("\"name\":\"" + container + "\""))
              .toList();
      if (kills.size() >= wanted) {
        return kills;
      }
      Thread.sleep(100);
    }
    return kills;
  }

  @Test
  void aChildThatIsKilledForMemoryIsAnEventWhileTheContainerGoesOn() throws Exception {
    started("c", "sh", "-c", "sleep 1; (" + HOG + "); exec sleep 1000");
    started("other", "sleep", "1000");
    List<String> kills = kills("c", 1);
    assertEquals(1, kills.size(), kills.toString());
    assertTrue(kills.get(0).contains("\"oomKills\":\"1\""), kills.toString());
    assertEquals("running", hardway.ok("inspect", "-f", "{{.State.Status}}", "c"));
    assertEquals("1", figure("{{.Usage.memory.oomKills}}", "c"));
    hardway.run("exec", "c", "sh", "-c", HOG);
    assertEquals(2, kills("c", 2).size());
    assertEquals("2", figure("{{.Usage.memory.oomKills}}", "c"));
    assertEquals(List.of(), kills("other", 0));
    String told = hardway.ok("events", "--since", "1h", "--until", "0s", "--filter", "event=oom");
    assertEquals(2, told.lines().filter(line -> line.contains(" container oom ")).count(), told);
    hardway.ok("rm", "-f", "c", "other");
  }

  @Test
  void aContainerThatIsKilledForMemoryIsAnEventBeforeItsEnd() throws Exception {
    hardway.run("run", "--name", "c", "--memory", "64m", "--rootfs", rootfs(), "sh", "-c", HOG);
    String journal = Files.readString(hardway.state().resolve("events"));
    int oom = journal.indexOf("\"action\":\"oom\"");
    int die = journal.indexOf("\"action\":\"die\"");
    assertTrue(oom > 0 && oom < die, journal);
    assertEquals(1, kills("c", 1).size(), journal);
    hardway.ok("rm", "c");
  }

  @Test
  void aKillByHandIsNoEventOfMemory() throws Exception {
    started("c", "sleep", "1000");
    hardway.ok("kill", "c");
    hardway.ok("wait", "c");
    assertEquals(List.of(), kills("c", 0));
    hardway.ok("rm", "c");
  }

  @Test
  void theParentSleepsWhileNothingHappens() throws Exception {
    started("c", "sleep", "1000");
    Path parent = parent("c");
    Thread.sleep(1500); // it makes itself small after half a second
    long before = switches(parent);
    Thread.sleep(2000);
    assertEquals(before, switches(parent));
    hardway.ok("rm", "-f", "c");
  }

  private Path parent(String container) throws IOException {
    String pid = hardway.ok("inspect", "-f", "{{.State.Pid}}", container);
    for (String line : Files.readAllLines(Path.of("/proc", pid, "status"))) {
      if (line.startsWith("PPid:")) {
        return Path.of("/proc", line.substring(5).strip());
      }
    }
    throw new AssertionError("no parent of " + pid);
  }

  private static long switches(Path process) throws IOException {
    for (String line : Files.readAllLines(process.resolve("status"))) {
      if (line.startsWith("voluntary_ctxt_switches:")) {
        return Long.parseLong(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    throw new AssertionError(process + " tells of no switches");
  }

  @Test
  void theTableHasDockersColumnsAndEveryRunningContainer() throws IOException {
    started("one", "sleep", "1000");
    started("two", "sleep", "1000");
    hardway.ok("create", "--name", "idle", "--rootfs", rootfs(), "true");
    List<String> table = hardway.ok("stats", "--no-stream").lines().toList();
    assertTrue(
        table
            .get(0)
            .matches(
                "CONTAINER ID +NAME +CPU % +MEM USAGE / LIMIT +MEM % +NET I/O +BLOCK I/O +PIDS"),
        table.toString());
    assertEquals(3, table.size(), table.toString());
    assertTrue(table.get(1).matches("[0-9a-f]{12} +two .* / 64MiB .*"), table.toString());
    List<String> all = hardway.ok("stats", "--no-stream", "-a", "--no-trunc").lines().toList();
    assertEquals(4, all.size(), all.toString());
    assertTrue(all.get(1).matches("[0-9a-f]{64} +idle +-- +-- / -- +-- .*"), all.toString());
    hardway.ok("rm", "-f", "one", "two", "idle");
  }

  @Test
  void aBusyLoopIsToldByItsShareOfAProcessor() throws IOException {
    started("c", "sh", "-c", "while :; do :; done");
    double share = 0;
    for (int i = 0; i < 10 && share < 5; i++) {
      share = Double.parseDouble(figure("{{.CPUPerc}}", "c").replace("%", ""));
    }
    assertTrue(share >= 5 && share < 130, "it used " + share + " per cent");
    hardway.ok("rm", "-f", "c");
  }

  @Test
  void aThrottledContainerIsToldByItsPeriods() throws Exception {
    hardway.ok(
        "run",
        "-d",
        "--name",
        "c",
        "--cpus",
        "0.1",
        "--rootfs",
        rootfs(),
        "sh",
        "-c",
        "while :; do :; done");
    Thread.sleep(1000);
    long periods = Long.parseLong(figure("{{.Usage.cpu.periods}}", "c"));
    long throttled = Long.parseLong(figure("{{.Usage.cpu.throttledPeriods}}", "c"));
    long nanos = Long.parseLong(figure("{{.Usage.cpu.throttledNanos}}", "c"));
    assertTrue(periods > 0 && throttled > 0 && nanos > 0, periods + " " + throttled + " " + nanos);
    hardway.ok("rm", "-f", "c");
  }

  @Test
  void memoryInSharedFilesIsToldByItsKind() throws IOException {
    started("c", "sleep", "1000");
    hardway.ok("exec", "c", "dd", "if=/dev/zero", "of=/dev/shm/held", "bs=1M", "count=8");
    long shared = Long.parseLong(figure("{{.Usage.memory.sharedBytes}}", "c"));
    assertTrue(shared >= 8 << 20 && shared < 10 << 20, "shared " + shared);
    assertEquals("67108864", figure("{{.Usage.memory.limit}}", "c"));
    hardway.ok("rm", "-f", "c");
  }

  /** A stream of names, which goes to a file. */
  private Process stream(Path told, String... containers) throws IOException {
    List<String> words = new ArrayList<>(List.of("stats", "--format", "{{.Name}}"));
    words.addAll(List.of(containers));
    return new ProcessBuilder(hardway.command(words.toArray(String[]::new)))
        .redirectOutput(told.toFile())
        .redirectErrorStream(true)
        .start();
  }

  private static String awaitLine(Path told, String line) throws Exception {
    String text = "";
    for (long waited = 0; waited < PATIENCE_MILLIS && !text.contains(line + "\n"); waited += 100) {
      Thread.sleep(100);
      text = Files.readString(told);
    }
    assertTrue(text.contains(line + "\n"), text);
    return text;
  }

  @Test
  void aStreamFollowsContainersThatComeAndGo() throws Exception {
    started("c", "sleep", "1000");
    Path told = Files.createFile(hardway.directory().resolve("told"));
    Process stream = stream(told);
    assertFalse(awaitLine(told, "c").contains("late"));
    started("late", "sleep", "1000");
    assertFalse(awaitLine(told, "late").contains("\u001b"));
    hardway.ok("rm", "-f", "c");
    Files.writeString(told, "");
    awaitLine(told, "late");
    stream.destroy();
    stream.waitFor();
    hardway.ok("rm", "-f", "late");
  }

  @Test
  void aStreamOfContainersThatWereNamedEndsWithThem() throws Exception {
    started("c", "sleep", "1000");
    started("other", "sleep", "1000");
    Path told = Files.createFile(hardway.directory().resolve("told"));
    Process stream = stream(told, "c");
    awaitLine(told, "c");
    hardway.ok("rm", "-f", "c");
    assertEquals(0, stream.waitFor());
    assertTrue(Files.readString(told).matches("(c\n)+"), Files.readString(told));
    hardway.ok("rm", "-f", "other");
    Product.Outcome missing = hardway.run("stats", "c");
    assertNotEquals(0, missing.exitCode());
    assertTrue(missing.err().contains("No such container: c"), missing::toString);
  }

  @Test
  void prometheusGetsOneSampleOfEachFigureAndContainer() throws IOException {
    String id = started("c", "sleep", "1000");
    String page = hardway.ok("stats", "--format", "prometheus");
    assertTrue(page.contains("# TYPE hardway_container_cpu_usage_seconds_total counter\n"), page);
    assertTrue(
        page.contains(
            "hardway_container_memory_limit_bytes{id=\"" + id + "\",name=\"c\"} 67108864"),
        page);
    assertTrue(page.contains("hardway_container_pids{id=\"" + id + "\",name=\"c\"} 1"), page);
    List<String> series =
        page.lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.substring(0, line.lastIndexOf(' ')))
            .toList();
    assertEquals(series.stream().distinct().count(), series.size(), page);
    hardway.ok("rm", "-f", "c");
  }

  @Test
  void aContainerWhoseParentGroupIsFrozenIsPausedAndOnlyThatCanBeThawed() throws IOException {
    Path parent = Path.of("/sys/fs/cgroup/freezer/hardway/still");
    Conditions.require(
        Files.isDirectory(parent.getParent().getParent()), "the freezer of cgroup version 1");
    hardway.ok(
        "run",
        "-d",
        "--name",
        "c",
        "--cgroup-parent",
        "still",
        "--rootfs",
        rootfs(),
        "sleep",
        "1000");
    Files.writeString(parent.resolve("freezer.state"), "FROZEN");
    assertEquals("paused", hardway.ok("inspect", "-f", "{{.State.Status}}", "c"));
    assertTrue(hardway.run("pause", "c").err().contains("already paused"));
    Product.Outcome unpause = hardway.run("unpause", "c");
    assertNotEquals(0, unpause.exitCode());
    assertTrue(unpause.err().contains(parent + ", is frozen; thaw that first"), unpause::toString);
    Files.writeString(parent.resolve("freezer.state"), "THAWED");
    assertEquals("running", hardway.ok("inspect", "-f", "{{.State.Status}}", "c"));
    hardway.ok("rm", "-f", "c");
    Product.perform(List.of("sh", "-c", "rmdir /sys/fs/cgroup/*/hardway/still; true"), "");
  }

  @Test
  void topTakesThePsOptionsAndKnowsOnlyTheContainersProcesses() throws IOException {
    started("c", "sh", "-c", "sleep 1000 & exec sleep 2000");
    started("other", "sleep", "3000");
    for (String mode : List.of("private", "host")) {
      hardway.ok("rm", "-f", "c");
      hardway.ok(
          "run",
          "-d",
          "--name",
          "c",
          "--pid",
          mode,
          "--rootfs",
          rootfs(),
          "sh",
          "-c",
          "sleep 1000 & exec sleep 2000");
      String top = hardway.ok("top", "c");
      assertEquals(3, top.lines().count(), top);
      assertTrue(top.contains("sleep 1000") && top.contains("sleep 2000"), top);
      String ps = hardway.ok("top", "c", "-eo", "pid,args");
      assertEquals(3, ps.lines().count(), ps);
      assertTrue(ps.lines().findFirst().orElseThrow().strip().startsWith("PID"), ps);
      assertTrue(ps.contains("sleep 1000") && ps.contains("sleep 2000"), ps);
      assertFalse(ps.contains("sleep 3000"), ps);
    }
    Product.Outcome without = hardway.run("top", "c", "-eo", "args");
    assertNotEquals(0, without.exitCode());
    assertTrue(without.err().contains("Couldn't find PID field"), without::toString);
    hardway.ok("rm", "-f", "c", "other");
  }
}
