package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits of bundles' containers are changed, all of what was asked for or nothing. */
class OciUpdateTest extends KernelTest {
  private static final Path GROUPS = Path.of("/sys/fs/cgroup");

  /** Of version 1, each with what says the same in version 2: a file, or a word of one. */
  private static final List<String> FILES =
      List.of(
          "memory memory.limit_in_bytes memory.max 0",
          "memory memory.memsw.limit_in_bytes memory.swap.max 0",
          "memory memory.soft_limit_in_bytes memory.low 0",
          "cpu cpu.shares cpu.weight 0",
          "cpu cpu.cfs_period_us cpu.max 1",
          "cpu cpu.cfs_quota_us cpu.max 0",
          "cpuset cpuset.cpus cpuset.cpus.effective 0",
          "pids pids.max pids.max 0");

  private static final String LIMITS =
      """
      {"memory": {"limit": 134217728, "swap": 268435456, "reservation": 33554432, "kernel": 0},
       "cpu": {"shares": 300, "period": 50000, "quota": 25000, "cpus": "0", "mems": ""},
       "pids": {"limit": 7}, "blockIO": {"weight": 0}}
      """;

  private static final boolean IS_VERSION_ONE = GroupFile.isVersionOne("memory");

  /** Version 2 counts swap alone, and has weights for shares. */
  private static final List<String> CHANGED =
      IS_VERSION_ONE
          ? List.of("134217728", "268435456", "33554432", "300", "50000", "25000", "0", "7")
          : List.of("134217728", "134217728", "33554432", "39", "50000", "25000", "0", "7");

  private OciBundle bundle;

  @BeforeEach
  void create() throws Exception {
    bundle = new OciBundle(hardway, hardway.directory().resolve("bundle"));
    bundle
        .linux(", \"resources\": {\"memory\": {\"limit\": 67108864}, \"pids\": {\"limit\": 50}}")
        .program("sleep", "1000");
    Product.Outcome outcome = bundle.create("one");
    assertEquals(0, outcome.exitCode(), outcome::toString);
  }

  @AfterEach
  void end() {
    bundle.run("delete", "--force", "one");
  }

  private String ok(String... words) {
    Product.Outcome outcome = bundle.run(words);
    assertEquals(0, outcome.exitCode(), () -> String.join(" ", words) + "\n" + outcome);
    assertEquals("", outcome.err());
    return outcome.out();
  }

  private void refused(String message, String... words) throws IOException {
    List<String> before = limits();
    Product.Outcome outcome = bundle.run(words);
    assertEquals(1, outcome.exitCode(), outcome::toString);
    assertTrue(outcome.err().contains(message), outcome::toString);
    assertEquals(before, limits());
  }

  private static List<String> limits() throws IOException {
    List<String> limits = new ArrayList<>();
    for (String file : FILES) {
      String[] words = file.split(" ");
      String text = GroupFile.text("one", words[0], words[1], words[2]);
      limits.add(IS_VERSION_ONE ? text : text.split(" ")[Integer.parseInt(words[3])]);
    }
    return limits;
  }

  private Path file(String text) throws IOException {
    return Files.writeString(hardway.directory().resolve("limits.json"), text);
  }

  /** What is kept of how it was made. */
  private String kept() throws IOException {
    return Files.readString(bundle.root().resolve("one/config.json"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"created", "running", "paused"})
  void aFileChangesWhatItNamesInEachState(String status) throws IOException {
    if (!status.equals("created")) {
      ok("start", "one");
    }
    if (status.equals("paused")) {
      ok("pause", "one");
    }
    ok("update", "--resources", file(LIMITS).toString(), "one");
    assertEquals(CHANGED, limits());
    assertTrue(ok("state", "one").contains("\"status\": \"" + status + "\""));
    assertTrue(kept().contains("\"limit\":134217728"), kept());
    assertFalse(Files.exists(bundle.root().resolve("one/update.plan")));
    ok("update", "-r", file("{\"pids\": {\"limit\": 9}}").toString(), "one");
    List<String> changed = new ArrayList<>(CHANGED);
    changed.set(7, "9");
    assertEquals(changed, limits());
  }

  @Test
  void theFormComesFromStandardInputToo() throws IOException {
    ok("start", "one");
    Product.Outcome outcome = bundle.runWith(LIMITS, "update", "--resources", "-", "one");
    assertEquals(0, outcome.exitCode(), outcome::toString);
    assertEquals(CHANGED, limits());
  }

  @Test
  void flagsChangeTheSame() throws IOException {
    ok("start", "one");
    ok(
        ("update --memory 128m --memory-swap 256m --memory-reservation 32m --cpu-share 300"
                + " --cpu-period 50000 --cpu-quota 25000 --cpuset-cpus 0 --pids-limit 7 one")
            .split(" "));
    assertEquals(CHANGED, limits());
    ok("update", "--memory", "-1", "--pids-limit", "-1", "--cpu-quota", "-1", "one");
    List<String> free = new ArrayList<>(CHANGED);
    free.set(0, IS_VERSION_ONE ? "9223372036854771712" : "max");
    free.set(1, IS_VERSION_ONE ? "9223372036854771712" : "max");
    free.set(5, IS_VERSION_ONE ? "-1" : "max");
    free.set(7, "max");
    assertEquals(free, limits());
    ok("exec", "one", "true");
  }

  @Test
  void aLimitThatIsChangedHolds() throws IOException {
    ok("start", "one");
    ok("update", "--pids-limit", "2", "one");
    assertEquals(2, bundle.run("exec", "one", "sh", "-c", "true & wait").exitCode());
  }

  @Test
  void whatTheKernelRefusesHalfWayLeavesNothingChanged() throws IOException {
    ok("start", "one");
    String before = kept();
    if (IS_VERSION_ONE) { // where a group below keeps its own
      Path group = GROUPS.resolve("cpuset/hardway/one");
      String processors = Files.readString(group.resolve("cpuset.cpus"));
      Conditions.require(!processors.strip().equals("0"), "a second processor");
      Path below = Files.createDirectory(group.resolve("below"));
      Files.writeString(below.resolve("cpuset.cpus"), processors);
      refused("EBUSY", "update", "--resources", file(LIMITS).toString(), "one");
      Files.delete(below);
    } else {
      String more =
          LIMITS.strip().replaceFirst("}$", ", \"unified\": {\"memory.high\": \"much\"}}");
      refused("EINVAL", "update", "--resources", file(more).toString(), "one");
    }
    assertEquals(before, kept());
    assertFalse(Files.exists(bundle.root().resolve("one/update.plan")));
  }

  @Test
  void rulesAboutDevicesStayAndThatIsSaidWhereTheyDiffer() throws IOException {
    ok("start", "one");
    Product.Outcome outcome =
        bundle.run("update", "-r", file("{\"devices\": [{\"allow\": true}]}").toString(), "one");
    assertEquals(0, outcome.exitCode(), outcome::toString);
    assertTrue(outcome.err().contains("devices stay as they are"), outcome::toString);
  }

  @Test
  void whatIsWrongIsRefusedByItsPlace() throws Exception {
    ok("start", "one");
    String file = file("{\"memory\": {\"limit\": \"64m\"}}").toString();
    refused(file + ".memory: limit must be a whole number", "update", "-r", file, "one");
    refused("--memory cannot be used", "update", "-r", file, "--memory", "64m", "one");
    refused("does not exist: two", "update", "--memory", "64m", "two");
    refused("/none: no such file", "update", "--resources", "/none", "one");
    refused("swap", "update", "--memory", "64m", "--memory-swap", "32m", "one");
    ok("kill", "one", "KILL");
    for (int i = 0; i < 500 && !ok("state", "one").contains("stopped"); i++) {
      Thread.sleep(10);
    }
    refused("has stopped", "update", "--memory", "64m", "one");
  }
}
