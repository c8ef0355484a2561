package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The order in which limits of processor time are written, on cgroup version 1: its kernel checks
 * each number by itself, against the others and against the groups above.
 */
class CpuBandwidthTest extends KernelTest {
  private static final Path HIERARCHIES = Path.of("/sys/fs/cgroup");
  private static final String RUNTIME = "cpu.rt_runtime_us";

  private Path ours;

  @BeforeEach
  void findHierarchy() {
    Path alone = HIERARCHIES.resolve("cpu");
    Path mounted = Files.isDirectory(alone) ? alone : HIERARCHIES.resolve("cpu,cpuacct");
    Conditions.require(
        Files.exists(mounted.resolve("cpu.cfs_quota_us")), "needs cpu of cgroup version 1");
    ours = mounted.resolve("hardway");
  }

  private static long number(Path file) throws IOException {
    return Long.parseLong(Files.readString(file).strip());
  }

  @Test
  void belowALimitedGroupALimitGrowsAndShrinks() throws IOException {
    Path narrow = Files.createDirectories(ours.resolve("narrow"));
    try {
      Files.writeString(narrow.resolve("cpu.cfs_quota_us"), "50000");
      Path group = narrow.resolve(startBelow("narrow"));
      long[][] steps = {
        {5000, 10_000, 5000},
        {500_000, 1_000_000, 0},
        {10_000, 20_000, 9000},
        {20_000, 50_000, 20_000}
      };
      for (long[] step : steps) {
        hardway.ok(
            "update",
            "--cpu-quota",
            "" + step[0],
            "--cpu-period",
            "" + step[1],
            "--cpu-burst",
            "" + step[2],
            "c");
        assertEquals(step[0], number(group.resolve("cpu.cfs_quota_us")));
        assertEquals(step[1], number(group.resolve("cpu.cfs_period_us")));
        assertEquals(step[2], number(group.resolve("cpu.cfs_burst_us")));
      }
      hardway.ok("update", "--cpu-quota", "-1", "--cpu-period", "1000", "c");
      assertEquals(-1, number(group.resolve("cpu.cfs_quota_us")));
      Product.Outcome tooMuch = hardway.run("update", "--cpus", "0.6", "c");
      assertTrue(tooMuch.err().contains("narrow, has 50000 in 100000"), tooMuch::toString);
      assertEquals(-1, number(group.resolve("cpu.cfs_quota_us")));
    } finally {
      hardway.run("rm", "-f", "c");
      removeEverywhere("narrow");
    }
  }

  private String startBelow(String parent) throws IOException {
    return hardway.ok(
        "run",
        "-d",
        "--name",
        "c",
        "--cgroup-parent",
        parent,
        "--cpu-quota",
        "250000",
        "--cpu-period",
        "500000",
        "--rootfs",
        rootfs(),
        "sleep",
        "1000");
  }

  private static void removeEverywhere(String name) throws IOException {
    try (DirectoryStream<Path> hierarchies = Files.newDirectoryStream(HIERARCHIES)) {
      for (Path hierarchy : hierarchies) {
        Files.deleteIfExists(hierarchy.resolve("hardway").resolve(name));
      }
    }
  }

  @Test
  void theGroupAboveHasTheRealtimeOfAllBelowIt() throws IOException {
    Conditions.require(
        Files.exists(ours.resolveSibling(RUNTIME)), "needs real-time scheduling by group");
    long before = Files.exists(ours) ? number(ours.resolve(RUNTIME)) : 0;
    try {
      String one = realtime("one", "10000", "1000000");
      String two = realtime("two", "10000", "500000");
      assertEquals(10_000, number(ours.resolve(one).resolve(RUNTIME)));
      assertEquals(10_000, number(ours.resolve(two).resolve(RUNTIME)));
      // The kernel adds shares in parts of 2^20, each rounded down.
      long sum = number(ours.resolve(RUNTIME));
      assertTrue(sum >= 29_990, () -> "it has " + sum);
      Product.Outcome tooMuch = hardway.run("update", "--cpu-rt-runtime", "950000", "one");
      assertTrue(tooMuch.err().contains("for all below it"), tooMuch::toString);
      hardway.ok("update", "--cpu-rt-runtime", "1000", "--cpu-rt-period", "10000", "one");
      assertEquals(1000, number(ours.resolve(one).resolve(RUNTIME)));
    } finally {
      hardway.run("rm", "-f", "one", "two");
      giveBack(before);
    }
  }

  /** The kernel counts a group that has been removed for a moment longer. */
  private void giveBack(long runtime) throws IOException {
    IOException refused = null;
    for (int i = 0; i < 100; i++) {
      try {
        Files.writeString(ours.resolve(RUNTIME), "" + runtime);
        return;
      } catch (IOException counted) {
        refused = counted;
        LockSupport.parkNanos(50_000_000);
      }
    }
    throw refused;
  }

  private String realtime(String name, String runtime, String period) throws IOException {
    return hardway.ok(
        "run",
        "-d",
        "--name",
        name,
        "--cpu-rt-runtime",
        runtime,
        "--cpu-rt-period",
        period,
        "--rootfs",
        rootfs(),
        "sleep",
        "1000");
  }
}
