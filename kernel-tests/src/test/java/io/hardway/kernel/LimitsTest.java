package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What the kernel does with the limits, by its own accounting. The same runs on version 1 here and
 * on version 2 in the virtual machine.
 */
class LimitsTest extends KernelTest {
  private static final String HOG = "x=a; while :; do x=$x$x$x$x; done";

  private long cpuNanos(String container) {
    return Long.parseLong(
        hardway.ok("stats", "--no-stream", "--format", "{{.CPUNanos}}", container).strip());
  }

  @Test
  void aProcessThatTakesMoreMemoryIsKilled() throws IOException {
    Product.Outcome hog =
        hardway.run(
            "run", "--name", "hog", "--memory", "64m", "--rootfs", rootfs(), "sh", "-c", HOG);
    assertEquals(137, hog.exitCode(), hog::toString);
    assertEquals("true", hardway.ok("inspect", "-f", "{{.State.OOMKilled}}", "hog"));
    assertEquals("67108864", hardway.ok("inspect", "-f", "{{.HostConfig.Memory}}", "hog"));
    hardway.ok("rm", "hog");
  }

  @Test
  void aBusyLoopGetsHalfACpu() throws Exception {
    hardway.ok(
        "run",
        "-d",
        "--name",
        "busy",
        "--cpus",
        "0.5",
        "--rootfs",
        rootfs(),
        "sh",
        "-c",
        "while :; do :; done");
    Thread.sleep(500);
    long cpu = cpuNanos("busy");
    long start = System.nanoTime();
    Thread.sleep(4000);
    long used = cpuNanos("busy") - cpu;
    long elapsed = System.nanoTime() - start;
    double share = (double) used / elapsed;
    assertTrue(share > 0.2 && share < 0.6, "it got " + share + " of a CPU");
    hardway.ok("rm", "-f", "busy");
  }

  @Test
  void aForkBombEndsInErrorsInside() throws IOException {
    Product.Outcome bomb =
        shell(
            List.of("--pids-limit", "32"),
            "i=0; while [ $i -lt 100 ]; do sleep 2 & i=$((i+1)); done; echo $i");
    assertTrue(bomb.err().contains("fork") || bomb.exitCode() != 0, bomb::toString);
    assertEquals(
        "32",
        printed(
            List.of("--pids-limit", "32"),
            "cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>/dev/null; true"));
  }

  @Test
  void aPausedContainerUsesNoCpu() throws Exception {
    hardway.ok(
        "run", "-d", "--name", "busy", "--rootfs", rootfs(), "sh", "-c", "while :; do :; done");
    hardway.ok("pause", "busy");
    assertEquals("paused", hardway.ok("inspect", "-f", "{{.State.Status}}", "busy"));
    long cpu = cpuNanos("busy");
    Thread.sleep(1000);
    assertEquals(cpu, cpuNanos("busy"));
    assertNotEquals(0, hardway.run("exec", "busy", "true").exitCode());
    hardway.ok("unpause", "busy");
    Thread.sleep(1000);
    assertTrue(cpuNanos("busy") > cpu + 100_000_000L);
    assertEquals("running", hardway.ok("inspect", "-f", "{{.State.Status}}", "busy"));
    hardway.ok("pause", "busy");
    hardway.ok("rm", "-f", "busy");
  }

  @Test
  void updateChangesALimitOfARunningContainer() throws IOException {
    hardway.ok(
        "run", "-d", "--name", "c", "--memory", "64m", "--rootfs", rootfs(), "sleep", "1000");
    String read =
        "cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null; true";
    assertEquals("67108864", hardway.ok("exec", "c", "sh", "-c", read));
    hardway.ok("update", "--memory", "128m", "--memory-swap", "-1", "c");
    assertEquals("134217728", hardway.ok("exec", "c", "sh", "-c", read));
    hardway.ok("update", "--memory", "32m", "--pids-limit", "20", "--cpus", "0.25", "c");
    assertEquals("33554432", hardway.ok("exec", "c", "sh", "-c", read));
    assertEquals(
        "20",
        hardway.ok(
            "exec",
            "c",
            "sh",
            "-c",
            "cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>/dev/null; true"));
    hardway.ok("rm", "-f", "c");
  }

  @Test
  void statsCountWhatIsUsed() throws IOException {
    hardway.ok(
        "run", "-d", "--name", "c", "--memory", "64m", "--rootfs", rootfs(), "sleep", "1000");
    assertEquals("1", hardway.ok("stats", "--no-stream", "--format", "{{.PIDs}}", "c"));
    assertTrue(hardway.ok("stats", "--no-stream", "c").contains("64MiB"));
    assertTrue(hardway.ok("top", "c").contains("sleep 1000"));
    hardway.ok("rm", "-f", "c");
  }

  @Test
  void badLimitsAreRefusedBeforeAnythingIsMade() throws IOException {
    for (List<String> flags :
        List.of(
            List.of("--memory", "-1g"),
            List.of("--memory", "much"),
            List.of("--cpus", "99"),
            List.of("--memory", "1k"),
            List.of("--pids-limit", "many"),
            List.of("--cpuset-cpus", "999"))) {
      Product.Outcome outcome = shell(flags, "true");
      assertEquals(125, outcome.exitCode(), () -> flags + " " + outcome);
      assertEquals(List.of(), hardway.remains());
    }
  }
}
