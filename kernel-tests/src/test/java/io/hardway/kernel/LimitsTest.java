package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
  void aChildThatIsKilledForMemoryIsToldOfAndAPlainKillIsNot() throws IOException {
    assertEquals(
        "child 137",
        hardway.ok(
            "run",
            "--name",
            "c",
            "--memory",
            "64m",
            "--rootfs",
            rootfs(),
            "sh",
            "-c",
            "(" + HOG + ") 2>/dev/null; echo child $?"));
    assertEquals(
        "true 0", hardway.ok("inspect", "-f", "{{.State.OOMKilled}} {{.State.ExitCode}}", "c"));
    hardway.ok("rm", "c");
    hardway.ok(
        "run", "-d", "--name", "c", "--memory", "64m", "--rootfs", rootfs(), "sleep", "1000");
    String pid = hardway.ok("inspect", "-f", "{{.State.Pid}}", "c");
    assertEquals(0, Product.perform(List.of("kill", "-9", pid), "").exitCode());
    assertEquals("137", hardway.ok("wait", "c"));
    assertEquals(
        "false 137", hardway.ok("inspect", "-f", "{{.State.OOMKilled}} {{.State.ExitCode}}", "c"));
    hardway.ok("rm", "c");
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
    // Never more; as much in the best of some windows, since others use the machine too.
    double most = 0;
    for (int window = 0; window < 5 && most < 0.47; window++) {
      long cpu = cpuNanos("busy");
      long start = System.nanoTime();
      Thread.sleep(2000);
      long used = cpuNanos("busy") - cpu;
      double share = (double) used / (System.nanoTime() - start);
      assertTrue(share < 0.55, "it got " + share + " of a CPU");
      most = Math.max(most, share);
    }
    assertTrue(most > 0.45, "it got " + most + " of a CPU");
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

  /** The file of a group, by its name in version 1 and in version 2. */
  private static String file(String id, String controller, String one, String two)
      throws IOException {
    Path first = Path.of("/sys/fs/cgroup", controller, "hardway", id, one);
    return Files.readString(
            Files.exists(first) ? first : Path.of("/sys/fs/cgroup/hardway", id, two))
        .strip();
  }

  private String holding40Megabytes() throws IOException {
    String id =
        hardway.ok(
            "run",
            "-d",
            "--name",
            "c",
            "--memory",
            "128m",
            "--shm-size",
            "64m",
            "--rootfs",
            rootfs(),
            "sleep",
            "1000");
    hardway.ok("exec", "c", "dd", "if=/dev/zero", "of=/dev/shm/held", "bs=1M", "count=40");
    return id;
  }

  @Test
  void aLimitBelowWhatIsHeldIsRefusedAndNothingIsHalfApplied() throws IOException {
    String id = holding40Megabytes();
    List<String> files =
        List.of(
            "memory memory.limit_in_bytes memory.max",
            "memory memory.soft_limit_in_bytes memory.low",
            "cpu cpu.cfs_quota_us cpu.max",
            "pids pids.max pids.max");
    List<String> before = read(id, files);
    String config = hardway.ok("inspect", "-f", "{{json .HostConfig}}", "c");
    for (List<String> flags :
        List.of(
            List.of("--memory", "16m"),
            List.of("--memory", "1k"),
            List.of("--cpus", "99"),
            List.of("--cpu-quota", "1"),
            List.of("--cpuset-cpus", "999"),
            List.of("--memory", "64m", "--memory-reservation", "100m"))) {
      List<String> update = new ArrayList<>(List.of("update", "--pids-limit", "7"));
      update.addAll(flags);
      update.add("c");
      Product.Outcome outcome = hardway.run(update.toArray(String[]::new));
      assertNotEquals(0, outcome.exitCode(), () -> flags + " " + outcome);
      assertTrue(outcome.err().startsWith("hardway: "), outcome::toString);
      assertEquals(before, read(id, files), () -> flags + " " + outcome);
      assertEquals(config, hardway.ok("inspect", "-f", "{{json .HostConfig}}", "c"));
    }
    Product.Outcome below = hardway.run("update", "--memory", "16m", "c");
    assertTrue(
        below.err().contains("memory cannot be limited to 16777216 bytes: 4")
            && below.err().contains(" are in use"),
        below::toString);
    hardway.ok("rm", "-f", "c");
  }

  private static List<String> read(String id, List<String> files) throws IOException {
    List<String> contents = new ArrayList<>();
    for (String names : files) {
      String[] words = names.split(" ");
      contents.add(file(id, words[0], words[1], words[2]));
    }
    return contents;
  }

  @Test
  void statsSayWhatTheFilesOfTheGroupSay() throws IOException {
    String id = holding40Megabytes();
    long held =
        Long.parseLong(
            hardway.ok("stats", "--no-stream", "--format", "{{.MemBytes}}", "c").strip());
    long byKernel = Long.parseLong(file(id, "memory", "memory.usage_in_bytes", "memory.current"));
    assertTrue(held >= 40L << 20 && held <= byKernel, held + " of " + byKernel);
    assertEquals(
        file(id, "pids", "pids.current", "pids.current"),
        hardway.ok("stats", "--no-stream", "--format", "{{.PIDs}}", "c"));
    long cpu = cpuNanos("c");
    String accounting = file(id, "cpuacct", "cpuacct.usage", "cpu.stat");
    long byAccounting =
        accounting.startsWith("usage_usec ")
            ? Long.parseLong(accounting.split("\\s+")[1]) * 1000
            : Long.parseLong(accounting);
    assertTrue(cpu > 0 && cpu <= byAccounting, cpu + " of " + byAccounting);
    hardway.ok("rm", "-f", "c");
  }

  @Test
  void aCgroupOfItsOwnStaysBelowOurs() throws IOException {
    String group =
        printed(
            List.of("--cgroup-parent", "below/test", "--cgroupns", "host"),
            "grep -E 'pids|^0:' /proc/self/cgroup | head -n 1 | cut -d: -f3");
    assertTrue(group.startsWith("/hardway/below/test/"), group);
    for (String parent : List.of("../x", "/../x", "/x/", "x/../../y", "")) {
      Product.Outcome outcome = shell(List.of("--cgroup-parent", parent), "true");
      assertEquals(125, outcome.exitCode(), outcome::toString);
      assertTrue(outcome.err().contains("--cgroup-parent"), outcome::toString);
    }
    // The groups above a container stay: whoever named them may have given them limits.
    Product.perform(
        List.of(
            "sh",
            "-c",
            "rmdir /sys/fs/cgroup/*/hardway/below/test /sys/fs/cgroup/hardway/below/test; rmdir /sys/fs/cgroup/*/hardway/below /sys/fs/cgroup/hardway/below; true"),
        "");
  }

  @Test
  void badLimitsAreRefusedInDockersWordsBeforeAnythingIsMade() throws IOException {
    int processors = Runtime.getRuntime().availableProcessors();
    for (String[] bad :
        new String[][] {
          {"--cpus 99", "range of CPUs is from 0.01 to " + processors + ".00"},
          {"--cpus -1", "-1"},
          {"--memory 1k", "Minimum memory limit allowed is 6MB"},
          {"--memory -1g", "invalid size: '-1g'"},
          {"--memory much", "invalid size: 'much'"},
          {"--memory 64m --memory-swap 32m", "Minimum memoryswap limit should be larger"},
          {"--memory-swap 64m", "You should always set the Memory limit when using Memoryswap"},
          {"--memory-reservation 1m", "Minimum memory reservation allowed is 6MB"},
          {"--memory 32m --memory-reservation 64m", "can not be less than memory reservation"},
          {"--cpuset-cpus 999", "requested 999, available 0"},
          {"--cpuset-cpus a", "a"},
          {"--cpuset-mems 77", "requested 77, available 0"},
          {"--cpu-shares -1", "--cpu-shares"},
          {"--cpu-period 1", "must be between 1000 and 1000000"},
          {"--cpu-quota 1", "CPU cfs quota can not be less than 1ms (i.e. 1000)"},
          {"--cpus 1 --cpu-quota 5000", "Conflicting options"},
          {"--memory-swappiness 101", "must be between -1 and 100"},
          {"--blkio-weight 1", "must be between 10 and 1000"},
          {"--pids-limit many", "'many' is no whole number"},
          {"--cpu-burst -1", "--cpu-burst"},
          {"--cpu-quota 5000 --cpu-burst 6000", "more than the processor time of a period"},
          {"--cpu-rt-period 1000 --cpu-rt-runtime 2000", "cannot be higher than cpu real-time"},
          {"--kernel-memory-tcp much", "invalid size: 'much'"},
          {"--blkio-weight 1001", "must be between 10 and 1000"},
          {"--blkio-weight-device /dev/null:9", "invalid weight for device: /dev/null:9"},
          {"--blkio-weight-device /dev/null:1001", "weights are from 10 to 1000"},
          {"--blkio-weight-device null:100", "bad format for device path: null:100"},
          {"--blkio-weight-device /dev/null:100", "/dev/null is not a block device"},
          {"--device-read-bps /dev/null", "bad format: /dev/null"},
          {"--device-read-bps /dev/null:-1", "invalid rate for device: /dev/null:-1"},
          {"--device-read-bps /dev/null:1mb", "/dev/null is not a block device"},
          {"--device-write-bps /dev/no-such:1mb", "stat /dev/no-such: no such file or directory"},
          {"--device-write-bps /dev/null:much", "Unit is optional and can be kb, mb, or gb"},
          {"--device-read-iops /dev/null:1mb", "invalid rate for device: /dev/null:1mb"},
          {"--device-write-iops /dev/null:4294967296", "the most are 4294967295 a second"},
          {"--hugetlb 2MB", "'2MB' has no limit"},
          {"--hugetlb 3MB:64m", "is no size of a page"},
          {"--hugetlb 2MB:much", "invalid size: 'much'"},
          {"--rdma mlx5_0", "mlx5_0:hca_handle=2,hca_object=2000"},
          {"--rdma mlx5_0:hca_handle=-2", "'mlx5_0:hca_handle=-2'"},
          {"--rdma mlx5_0:handles=1", "'mlx5_0:handles=1'"},
          {"--net-cls 0x100000000", "'0x100000000' is no network class"},
          {"--net-cls -1", "'-1' is no network class"},
          {"--net-prio lo", "'lo' is no priority of an interface"},
          {"--net-prio lo:-1", "'lo:-1' is no priority of an interface"},
          {"--cgroup-conf high=1", "'high' is no file of a cgroup"},
          {"--cgroup-conf ../memory.max=1", "'../memory.max' is no file of a cgroup"},
          {"--device-cgroup-rule x", "invalid device cgroup format 'x'"},
        }) {
      Product.Outcome outcome = shell(List.of(bad[0].split(" ")), "true");
      assertEquals(125, outcome.exitCode(), () -> bad[0] + " " + outcome);
      assertTrue(outcome.err().contains(bad[1]), () -> bad[0] + " " + outcome);
      assertTrue(!outcome.err().contains("step "), () -> bad[0] + " " + outcome);
      assertEquals(List.of(), hardway.remains());
    }
  }
}
