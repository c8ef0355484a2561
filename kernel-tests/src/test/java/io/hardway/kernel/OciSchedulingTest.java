package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When and where a bundle's processes run, as they find it themselves. */
class OciSchedulingTest extends KernelTest {
  /** Nice value, real-time priority and policy: proc_pid_stat(5), fields 19, 40 and 41. */
  private static final String SCHEDULER = "sed 's/.*) //' /proc/self/stat | cut -d ' ' -f 17,38,39";

  private OciBundle bundle;

  @BeforeEach
  void makeBundle() throws IOException {
    bundle = new OciBundle(hardway, hardway.directory().resolve("bundle"));
  }

  @AfterEach
  void end() {
    bundle.run("delete", "--force", "one");
  }

  private String printed(String script) throws IOException {
    bundle.script(script);
    Product.Outcome outcome = bundle.run("run", "--bundle", bundle.directory().toString(), "one");
    assertEquals(0, outcome.exitCode(), outcome::toString);
    return outcome.out().strip();
  }

  private void refused(String message) throws IOException {
    bundle.script("true");
    Product.Outcome outcome = bundle.run("run", "--bundle", bundle.directory().toString(), "one");
    assertEquals(1, outcome.exitCode(), outcome::toString);
    assertTrue(outcome.err().contains(message), outcome::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'policy': 'SCHED_OTHER', 'nice': 7|7 0 0",
        "'policy': 'SCHED_OTHER', 'nice': -5|-5 0 0",
        "'policy': 'SCHED_BATCH', 'nice': 3|3 0 3",
        "'policy': 'SCHED_IDLE'|0 0 5",
        "'policy': 'SCHED_FIFO', 'priority': 11|0 11 1",
        "'policy': 'SCHED_RR', 'priority': 12, 'flags': ['SCHED_FLAG_RESET_ON_FORK']|0 0 0",
      },
      quoteCharacter = '`')
  void theSchedulerIsTheBundles(String scheduler, String expected) throws IOException {
    bundle.process(", \"scheduler\": {" + scheduler.replace('\'', '"') + "}");
    if (GroupFile.isVersionOne("cpu")) { // whose groups have no time for real-time tasks at first
      bundle.linux(
          ", \"resources\": {\"cpu\": {\"realtimeRuntime\": 10000, \"realtimePeriod\": 1000000}}");
    }
    assertEquals(expected, printed(SCHEDULER));
  }

  @Test
  void aGroupWithoutTimeForRealTimeTasksIsToldOf() throws IOException {
    bundle.process(", \"scheduler\": {\"policy\": \"SCHED_FIFO\", \"priority\": 1}");
    if (GroupFile.isVersionOne("cpu")) {
      refused("linux.resources.cpu.realtimeRuntime");
    } else {
      assertEquals("0 1 1", printed(SCHEDULER));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'\"class\": \"IOPRIO_CLASS_BE\", \"priority\": 6', best-effort: prio 6",
    "'\"class\": \"IOPRIO_CLASS_RT\", \"priority\": 2', realtime: prio 2",
    "'\"class\": \"IOPRIO_CLASS_IDLE\"', idle",
  })
  void inputAndOutputGoByTheBundlesPriority(String priority, String expected) throws IOException {
    bundle.process(", \"ioPriority\": {" + priority + "}");
    assertEquals(expected, printed("ionice -p $$"));
  }

  @Test
  void theExecutionDomainIsTheBundlesForExecToo() throws Exception {
    bundle.linux(", \"personality\": {\"domain\": \"LINUX32\"}");
    assertEquals("00000008", printed("cat /proc/self/personality"));
    start("sleep 1000");
    assertEquals("00000008\n", exec("cat /proc/self/personality"));
    bundle.run("delete", "--force", "one");
    bundle.linux(", \"personality\": {\"domain\": \"LINUX\"}");
    assertEquals("00000000", printed("cat /proc/self/personality"));
  }

  @Test
  void memoryComesFromTheBundlesNodes() throws IOException {
    bundle.linux(", \"memoryPolicy\": {\"mode\": \"MPOL_BIND\", \"nodes\": \"0\"}");
    if (Files.exists(Path.of("/proc/self/numa_maps"))) {
      String[] words = printed("head -n 1 /proc/self/numa_maps").split(" ");
      assertEquals("bind:0", words[1]);
    } else {
      refused("take memory by MPOL_BIND of 0: ENOSYS");
    }
    bundle.linux(", \"memoryPolicy\": {\"mode\": \"MPOL_BIND\", \"nodes\": \"500\"}");
    refused("take memory by MPOL_BIND of 500: ");
  }

  private void start(String script) throws Exception {
    bundle.script(script);
    Product.Outcome outcome = bundle.create("one");
    assertEquals(0, outcome.exitCode(), outcome::toString);
    assertEquals(0, bundle.run("start", "one").exitCode());
  }

  private String exec(String script, String... options) {
    List<String> words = new java.util.ArrayList<>(List.of("exec"));
    words.addAll(List.of(options));
    words.addAll(List.of("one", "sh", "-c", script));
    Product.Outcome outcome = bundle.run(words.toArray(String[]::new));
    assertEquals(0, outcome.exitCode(), outcome::toString);
    return outcome.out();
  }

  private String execProcess(String members, String script) throws IOException {
    Path file = hardway.directory().resolve("process.json");
    Files.writeString(
        file,
        "{\"cwd\": \"/\", \"env\": [\"PATH=/bin\"], \"args\": [\"sh\", \"-c\", \""
            + script
            + "\"], "
            + members
            + "}");
    Product.Outcome outcome = bundle.run("exec", "--process", file.toString(), "one");
    assertEquals(0, outcome.exitCode(), outcome::toString);
    return outcome.out().strip();
  }

  @Test
  void aProcessOfExecHasItsOwn() throws Exception {
    bundle.process(", \"scheduler\": {\"policy\": \"SCHED_OTHER\", \"nice\": 4}");
    start("sleep 1000");
    assertEquals("4 0 0\n", exec(SCHEDULER));
    assertEquals("0 0 3", execProcess("\"scheduler\": {\"policy\": \"SCHED_BATCH\"}", SCHEDULER));
    assertEquals(
        "idle", execProcess("\"ioPriority\": {\"class\": \"IOPRIO_CLASS_IDLE\"}", "ionice -p $$"));
  }

  @Test
  void aProcessOfExecRunsOnTheProcessorsItIsToldAndTheFirstOneDoesNot() throws Exception {
    Conditions.require(Runtime.getRuntime().availableProcessors() > 1, "a second processor");
    String allowed = "grep Cpus_allowed_list /proc/self/status | cut -f 2";
    bundle.process(", \"execCPUAffinity\": {\"initial\": \"0\", \"final\": \"1\"}");
    start("grep Cpus_allowed_list /proc/self/status; sleep 1000");
    String all = "0-" + (Runtime.getRuntime().availableProcessors() - 1);
    for (int i = 0; i < 500 && Files.size(bundle.output("one")) == 0; i++) {
      Thread.sleep(10);
    }
    assertEquals("Cpus_allowed_list:\t" + all + "\n", Files.readString(bundle.output("one")));
    assertEquals("1\n", exec(allowed));
    assertEquals(all, execProcess("\"execCPUAffinity\": {\"initial\": \"1\"}", allowed));
    assertEquals("0", execProcess("\"execCPUAffinity\": {\"final\": \"0\"}", allowed));
  }

  @Test
  void whatCannotBeIsRefusedByItsPlace() throws IOException {
    bundle.process(", \"scheduler\": {\"policy\": \"SCHED_FAST\"}");
    refused("process.scheduler.policy: \"SCHED_FAST\" is unknown: there are SCHED_OTHER,");
    bundle.process(", \"scheduler\": {\"policy\": \"SCHED_FIFO\"}");
    refused("process.scheduler.priority: 0 cannot be had: give one from 1 to 99");
    bundle.process(", \"ioPriority\": {\"class\": \"IOPRIO_CLASS_BE\", \"priority\": 8}");
    refused("process.ioPriority.priority: 8 cannot be had: give one from 0 to 7");
    bundle.process("").linux(", \"personality\": {\"domain\": \"BSD\"}");
    refused("linux.personality.domain: \"BSD\" is unknown: there are LINUX, LINUX32");
    bundle.linux(", \"personality\": {\"domain\": \"LINUX\", \"flags\": [\"X\"]}");
    refused("linux.personality.flags: the specification has none yet");
    bundle.linux(", \"memoryPolicy\": {\"mode\": \"MPOL_BIND\", \"nodes\": \"x\"}");
    refused("linux.memoryPolicy.nodes: \"x\" is no list of numbers: write it like 0-2,7");
  }
}
