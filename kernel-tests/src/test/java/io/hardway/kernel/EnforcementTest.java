package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What limits do to those who would take more, by the kernel's own accounting. Others may use the
 * machine too: where a share is measured, the best of several windows counts.
 */
class EnforcementTest extends KernelTest {
  private static final int WINDOWS = 8;
  private static final int WINDOW_MILLIS = 3000;
  private static final String BUSY = "while :; do :; done";

  /** Starts a container that runs a shell script, and gives its id. */
  private String start(String name, String script, String... flags) throws IOException {
    List<String> command = new ArrayList<>(List.of("run", "-d", "--name", name));
    command.addAll(List.of(flags));
    command.addAll(List.of("--rootfs", rootfs(), "sh", "-c", script));
    return hardway.ok(command.toArray(String[]::new));
  }

  /**
   * In a period in which the kernel had to stop it, it has had the whole quota; in any other less,
   * since others used the machine.
   */
  @Test
  void aQuotaIsHeldToWithinAFewPerCent() throws Exception {
    String id = start("busy", BUSY, "--cpus", "0.5");
    double quota = 50_000_000;
    long periods = cpuStat(id, "nr_periods");
    long stopped = cpuStat(id, "nr_throttled");
    long used = GroupFile.cpuNanos(id);
    await(() -> cpuStat(id, "nr_throttled") >= stopped + 10);
    long stoppedSince = cpuStat(id, "nr_throttled") - stopped;
    double usedSince = GroupFile.cpuNanos(id) - used;
    long periodsSince = cpuStat(id, "nr_periods") - periods;
    assertTrue(usedSince >= 0.97 * (stoppedSince - 1) * quota, usedSince + " in " + stoppedSince);
    assertTrue(usedSince <= 1.03 * (periodsSince + 1) * quota, usedSince + " in " + periodsSince);
  }

  private static long cpuStat(String id, String key) throws IOException {
    return GroupFile.number(id, "cpu", "cpu.stat " + key, "cpu.stat " + key);
  }

  @Test
  void weightsOfOneAndThreeShareACpuOneToThree() throws Exception {
    String light = start("light", BUSY, "--cpuset-cpus", "0", "--cpu-shares", "512");
    String heavy = start("heavy", BUSY, "--cpuset-cpus", "0", "--cpu-shares", "1536");
    double nearest = 0;
    for (int window = 0; window < WINDOWS && Math.abs(nearest - 3) > 0.15; window++) {
      long byLight = GroupFile.cpuNanos(light);
      long byHeavy = GroupFile.cpuNanos(heavy);
      Thread.sleep(WINDOW_MILLIS);
      byLight = GroupFile.cpuNanos(light) - byLight;
      byHeavy = GroupFile.cpuNanos(heavy) - byHeavy;
      double ratio = (double) byHeavy / byLight;
      nearest = Math.abs(ratio - 3) < Math.abs(nearest - 3) ? ratio : nearest;
    }
    assertEquals(3, nearest, 0.15);
  }

  @Test
  void aBusyLoopStaysOnTheProcessorItIsGiven() throws Exception {
    Conditions.require(Runtime.getRuntime().availableProcessors() > 1, "needs two processors");
    String id = start("busy", BUSY, "--cpuset-cpus", "1");
    Path stat = Path.of("/proc", hardway.ok("inspect", "-f", "{{.State.Pid}}", "busy"), "stat");
    long elsewhere = onProcessorZero(id);
    for (int look = 0; look < 20; look++) {
      // Field 39 of proc(5), the 37th behind the name.
      String[] fields = Files.readString(stat).replaceFirst(".*\\) ", "").strip().split(" ");
      assertEquals("1", fields[36]);
      Thread.sleep(50);
    }
    assertEquals(elsewhere, onProcessorZero(id));
  }

  /** Nanoseconds on processor 0; version 2 does not count by processor. */
  private static long onProcessorZero(String id) throws IOException {
    return GroupFile.isVersionOne("cpuacct")
        ? Long.parseLong(GroupFile.text(id, "cpuacct", "cpuacct.usage_percpu", "").split(" ")[0])
        : 0;
  }

  @Test
  void aForkBombDoesNotGrowAboveItsLimit() throws Exception {
    // The first process forks no more: a shell that cannot ends, and the container with it.
    String bomb = "b() { b & b & sleep 1; }; (while :; do b; done) & exec sleep 1000";
    String id = start("bomb", bomb, "--pids-limit", "50");
    await(() -> GroupFile.number(id, "pids", "pids.events max", "pids.events max") > 0);
    for (int look = 0; look < 40; look++) {
      long tasks = GroupFile.number(id, "pids", "pids.current", "pids.current");
      assertTrue(tasks <= 50, tasks + " tasks");
      Thread.sleep(25);
    }
    hardway.ok("rm", "-f", "bomb");
    assertEquals(List.of(), hardway.remains());
  }

  @Test
  void theKernelCountsWhomItKilledForMemory() throws Exception {
    // Process 1 sleeps on: were it to wake for the end of the greedy one, it could need memory
    // before
    // the kernel has given that one's back, and be killed too.
    String id = start("c", "sleep 1000", "--memory", "32m");
    Product.Outcome greedy =
        hardway.run("exec", "c", "sh", "-c", "x=a; while :; do x=$x$x$x$x; done");
    assertEquals(137, greedy.exitCode(), greedy::toString);
    assertEquals(
        1, GroupFile.number(id, "memory", "memory.oom_control oom_kill", "memory.events oom_kill"));
    assertTrue(
        GroupFile.number(id, "memory", "memory.max_usage_in_bytes", "memory.peak") <= 32L << 20);
  }

  @Test
  void aKillReachesAllOfAFrozenContainer() throws Exception {
    String id = start("c", "sleep 1000 & sleep 1000 & sleep 1000");
    await(() -> GroupFile.number(id, "pids", "pids.current", "pids.current") == 3);
    List<String> pids =
        List.of(GroupFile.text(id, "pids", "cgroup.procs", "cgroup.procs").split("\n"));
    hardway.ok("pause", "c");
    hardway.ok("rm", "-f", "c");
    for (String pid : pids) {
      assertTrue(!Files.exists(Path.of("/proc", pid)), pid);
    }
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(Condition condition) throws Exception {
    for (int look = 0; look < 2400 && !condition.holds(); look++) {
      Thread.sleep(50);
    }
    assertTrue(condition.holds());
  }

  /** Tries each access to a block device that is made at the place, and says which worked. */
  private static String accesses(String numbers, String place) {
    String[] parts = numbers.split(":");
    return String.join(
            "\n",
            "[ -b %s ] || mknod %s b %s %s 2>/dev/null && echo made",
            "(: < %s) 2>/dev/null && echo opened",
            "dd if=%s of=/dev/null bs=512 count=1 2>/dev/null && echo read",
            "[ -b %s ] && dd if=/dev/zero of=%s bs=512 count=1 conv=notrunc 2>/dev/null && echo written",
            "true")
        .replaceFirst("%s", place)
        .replaceFirst("%s", place)
        .replaceFirst("%s", parts[0])
        .replaceFirst("%s", parts[1])
        .replace("%s", place);
  }

  @Test
  void aRuleAboutDevicesAllowsWhatItSaysAndNoMore() throws IOException {
    try (LoopDisk disk = LoopDisk.in(hardway.directory(), 1 << 20)) {
      String numbers = disk.numbers();
      String tried = accesses(numbers, "/tmp/disk");
      assertEquals("made", printed(List.of(), tried));
      assertEquals("made\nopened\nread", printed(rule("b " + numbers + " r"), tried));
      assertEquals("made\nwritten", printed(rule("b " + numbers + " w"), tried));
      assertEquals("made\nopened\nread\nwritten", printed(rule("b " + numbers + " rw"), tried));
      String other = "b " + numbers.split(":")[0] + ":200 rw";
      assertEquals("made", printed(rule(other), tried));
      String major = "b " + numbers.split(":")[0] + ":* rw";
      assertEquals("made\nopened\nread\nwritten", printed(rule(major), tried));
      assertEquals(
          "made\nopened\nread",
          printed(
              List.of("--device", disk.device() + ":/dev/given:r"),
              accesses(numbers, "/dev/given")));
    }
  }

  private static List<String> rule(String rule) {
    return List.of("--device-cgroup-rule", rule);
  }

  @Test
  void aRuleAboutDevicesCanForbidToMakeThem() throws IOException {
    try (LoopDisk disk = LoopDisk.in(hardway.directory(), 1 << 20)) {
      String id =
          hardway.ok(
              "create",
              "--name",
              "c",
              "--rootfs",
              rootfs(),
              "sh",
              "-c",
              accesses(disk.numbers(), "/tmp/disk") + "; mknod /tmp/null c 1 3 && echo null");
      // Flags can only allow more; a configuration can say anything.
      Path config = hardway.data().resolve("containers").resolve(id).resolve("config.json");
      String before = Files.readString(config);
      String after =
          before.replaceFirst(
              "\\{\"allow\":true,\"type\":\"b\",\"access\":\"m\"\\}",
              "{\"allow\":false,\"type\":\"b\",\"access\":\"m\"}");
      assertTrue(!before.equals(after), before);
      Files.writeString(config, after);
      assertEquals("null", hardway.ok("start", "--attach", "c"));
      hardway.ok("rm", "c");
    }
  }

  @Test
  void aThrottledWriteRunsAtTheRateThatIsSet() throws Exception {
    try (LoopDisk disk = LoopDisk.in(hardway.directory(), 64 << 20)) {
      String id =
          start(
              "writer",
              "while :; do dd if=/dev/zero of=/dev/given bs=64k count=1000 oflag=direct conv=notrunc 2>/dev/null; done",
              "--device",
              disk.device() + ":/dev/given",
              "--device-write-bps",
              disk.device() + ":1mb");
      Thread.sleep(1000);
      double best = 0;
      for (int window = 0; window < WINDOWS && best < 0.9; window++) {
        long start = System.nanoTime();
        long written = written(id, disk.numbers());
        Thread.sleep(WINDOW_MILLIS);
        written = written(id, disk.numbers()) - written;
        double rate = written / ((System.nanoTime() - start) / 1e9) / (1 << 20);
        assertTrue(rate < 1.1, rate + " MiB a second");
        best = Math.max(best, rate);
      }
      assertTrue(best >= 0.9, best + " MiB a second");
      hardway.ok("rm", "-f", "writer");
    }
  }

  /** Bytes that the group has written to a device so far. */
  private static long written(String id, String numbers) throws IOException {
    String text =
        GroupFile.text(id, "blkio", "blkio.throttle.io_service_bytes_recursive", "io.stat");
    for (String line : text.split("\n")) {
      if (line.startsWith(numbers + " Write ")) {
        return Long.parseLong(line.split(" ")[2]);
      }
      if (line.startsWith(numbers + " ") && line.contains(" wbytes=")) {
        return Long.parseLong(line.replaceFirst(".* wbytes=(\\d+) .*", "$1"));
      }
    }
    return 0;
  }
}
