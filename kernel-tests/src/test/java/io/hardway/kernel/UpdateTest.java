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

/** Limits of containers that run are changed, all of what was asked for or nothing. */
class UpdateTest extends KernelTest {
  private static final Path GROUPS = Path.of("/sys/fs/cgroup");

  private static final List<String> FILES =
      List.of(
          "memory/memory.limit_in_bytes",
          "memory/memory.memsw.limit_in_bytes",
          "memory/memory.soft_limit_in_bytes",
          "cpu/cpu.shares",
          "cpu/cpu.cfs_quota_us",
          "cpuset/cpuset.cpus",
          "pids/pids.max");

  private static final String[] FLAGS = {
    "--memory", "128m", "--memory-swap", "256m", "--memory-reservation", "32m", "--cpu-shares",
    "300", "--cpus", "0.5", "--cpuset-cpus", "0", "--pids-limit", "7"
  };

  private static final List<String> CHANGED =
      List.of("134217728", "268435456", "33554432", "300", "50000", "0", "7");

  private String started(String name) throws IOException {
    Conditions.require(
        Files.exists(GROUPS.resolve("memory/memory.limit_in_bytes")),
        "the hierarchies of cgroup version 1");
    return hardway.ok(
        "run", "-d", "--name", name, "--memory", "64m", "--rootfs", rootfs(), "sleep", "1000");
  }

  private static List<String> limits(String id) throws IOException {
    List<String> limits = new ArrayList<>();
    for (String file : FILES) {
      String[] words = file.split("/");
      limits.add(
          Files.readString(
                  GROUPS.resolve(words[0]).resolve("hardway").resolve(id).resolve(words[1]))
              .strip());
    }
    return limits;
  }

  private Product.Outcome update(String... containers) {
    List<String> words = new ArrayList<>(List.of("update"));
    words.addAll(List.of(FLAGS));
    words.addAll(List.of(containers));
    return hardway.run(words.toArray(String[]::new));
  }

  @Test
  void everyContainerThatIsNamedGetsEveryLimitNowAndForItsNextStart() throws IOException {
    String one = started("one");
    String two = started("two");
    Product.Outcome outcome = update("one", "none", "two");
    assertNotEquals(0, outcome.exitCode());
    assertEquals("one\ntwo\n", outcome.out());
    assertEquals(CHANGED, limits(one));
    assertEquals(CHANGED, limits(two));
    hardway.ok("stop", "-t", "0", "one");
    hardway.ok("start", "one");
    assertEquals(CHANGED, limits(one));
    hardway.ok("rm", "-f", "one", "two");
  }

  @Test
  void severalChangesAtOnceAreAllKept() throws Exception {
    String one = started("one");
    String two = started("two");
    for (int round = 0; round < 3; round++) {
      List<Process> changes =
          List.of(
              hardway.start("update", "--pids-limit", "5" + round, one, two),
              hardway.start("update", "--cpu-shares", "50" + round, two, one),
              hardway.start("update", "--memory-reservation", 30 + round + "m", one),
              hardway.start("rename", one, "name" + round));
      for (Process change : changes) {
        Product.Outcome outcome = Product.finish(change, "");
        assertEquals(0, outcome.exitCode(), outcome::toString);
      }
      String format =
          "{{.Name}} {{.HostConfig.PidsLimit}} {{.HostConfig.CpuShares}} {{.HostConfig.MemoryReservation}}";
      assertEquals(
          "/name" + round + " 5" + round + " 50" + round + " " + (30 + round) * (1L << 20),
          hardway.ok("inspect", "-f", format, one));
      assertEquals("50" + round, limits(two).get(FILES.indexOf("cpu/cpu.shares")));
      assertEquals("5" + round, limits(two).get(FILES.indexOf("pids/pids.max")));
    }
    hardway.ok("rm", "-f", one, two);
  }

  @Test
  void whatTheKernelRefusesHalfWayLeavesNothingChanged() throws IOException {
    String id = started("c");
    List<String> before = limits(id);
    String config = hardway.ok("inspect", "-f", "{{json .HostConfig}}", "c");
    Path group = GROUPS.resolve("cpuset/hardway").resolve(id);
    String processors = Files.readString(group.resolve("cpuset.cpus"));
    Conditions.require(!processors.strip().equals("0"), "a second processor");
    Path below = Files.createDirectory(group.resolve("below"));
    Files.writeString(below.resolve("cpuset.cpus"), processors);
    Product.Outcome outcome = update("c");
    assertEquals(1, outcome.exitCode(), outcome::toString);
    assertTrue(outcome.err().contains("allow processors 0: EBUSY"), outcome::toString);
    assertEquals(before, limits(id));
    assertEquals(config, hardway.ok("inspect", "-f", "{{json .HostConfig}}", "c"));
    assertFalse(Files.exists(hardway.state().resolve("containers/" + id + "/update.plan")));
    Files.delete(below);
    assertEquals(0, update("c").exitCode());
    assertEquals(CHANGED, limits(id));
    hardway.ok("rm", "-f", "c");
  }

  @Test
  void explainingChangesNothing() throws IOException {
    String id = started("c");
    List<String> before = limits(id);
    List<String> words = new ArrayList<>(List.of("explain", "update"));
    words.addAll(List.of(FLAGS));
    words.add("c");
    String told = hardway.ok(words.toArray(String[]::new));
    for (String file : FILES) {
      assertTrue(told.contains("/" + file.substring(file.indexOf('/') + 1)), told);
    }
    assertEquals(before, limits(id));
    hardway.ok("rm", "-f", "c");
  }
}
