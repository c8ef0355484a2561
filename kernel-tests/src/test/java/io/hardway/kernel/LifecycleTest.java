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

class LifecycleTest extends KernelTest {

  private String status(String container) {
    return hardway.ok("inspect", "--format", "{{.State.Status}}", container);
  }

  @Test
  void aDetachedContainerIsSeenStoppedStartedAndRemoved() throws IOException {
    String id = hardway.ok("run", "-d", "--name", "web", "--rootfs", rootfs(), "sleep", "1000");
    assertEquals(64, id.length(), id);
    assertEquals("running", status("web"));
    assertEquals(id, hardway.ok("ps", "-q", "--no-trunc"));
    assertEquals(id.substring(0, 12), hardway.ok("ps", "-q"));
    assertEquals("web", hardway.ok("stop", "-t", "1", "web"));
    assertEquals("exited", status("web"));
    assertEquals("137", hardway.ok("inspect", "-f", "{{.State.ExitCode}}", id.substring(0, 8)));
    assertEquals("web", hardway.ok("start", "web"));
    assertEquals("running", status("web"));
    assertNotEquals(0, hardway.run("rm", "web").exitCode());
    assertEquals("web", hardway.ok("rm", "-f", "web"));
    assertEquals("", hardway.ok("ps", "-aq"));
    assertEquals(List.of(), hardway.remains());
  }

  @Test
  void whatAContainerWroteIsThereWhenItIsStartedAgain() throws IOException {
    hardway.ok(
        "create", "--name", "c", "--rootfs", rootfs(), "sh", "-c", "echo again >> /log; cat /log");
    assertEquals("created", status("c"));
    assertEquals("again", hardway.ok("start", "-a", "c"));
    assertEquals("again\nagain", hardway.ok("start", "-a", "c"));
    String diff = hardway.ok("diff", "c");
    assertEquals("A /log", diff);
    assertEquals("c", hardway.ok("rm", "c"));
    assertTrue(Files.notExists(Path.of(rootfs(), "log")));
  }

  @Test
  void logsKeepWhatAContainerPrinted() throws IOException {
    hardway.ok(
        "run",
        "--name",
        "talker",
        "--rootfs",
        rootfs(),
        "sh",
        "-c",
        "echo one; echo two >&2; sleep 0.3; echo three");
    Product.Outcome logs = hardway.run("logs", "talker");
    assertEquals("one\nthree\n", logs.out());
    assertEquals("two\n", logs.err());
    assertEquals("three", hardway.ok("logs", "--tail", "1", "talker"));
    hardway.ok("rm", "talker");
  }

  @Test
  void anotherProcessRunsInTheSameContainer() throws IOException {
    hardway.ok("run", "-d", "--name", "c", "-h", "box", "--rootfs", rootfs(), "sleep", "1000");
    assertEquals("box", hardway.ok("exec", "c", "hostname"));
    assertEquals("alice", hardway.ok("exec", "-u", "alice", "-w", "/tmp", "c", "whoami"));
    assertEquals(126, hardway.run("exec", "-w", "/typed/wrong", "c", "true").exitCode());
    assertNotEquals(0, hardway.run("exec", "c", "ls", "/typed").exitCode(), "nothing is made");
    assertEquals(9, hardway.run("exec", "c", "sh", "-c", "exit 9").exitCode());
    assertEquals(127, hardway.run("exec", "c", "no-such-program").exitCode());
    assertEquals("hello", Product.finish(hardway.start("exec", "-i", "c", "cat"), "hello").out());
    assertEquals(
        "0",
        hardway
            .ok("exec", "c", "sh", "-c", "ls /proc/self/fd | grep -vc '^[0123]$'; true")
            .strip());
    hardway.ok("rm", "-f", "c");
  }

  @Test
  void waitGivesTheExitCode() throws IOException {
    hardway.ok("run", "-d", "--name", "c", "--rootfs", rootfs(), "sh", "-c", "sleep 1; exit 5");
    assertEquals("5", hardway.ok("wait", "c"));
    assertEquals("5", hardway.ok("wait", "c"));
    hardway.ok("rm", "c");
  }

  @Test
  void aNameIsTakenOnceAndCanBeChanged() throws IOException {
    hardway.ok("create", "--name", "one", "--rootfs", rootfs(), "true");
    Product.Outcome again = hardway.run("create", "--name", "one", "--rootfs", rootfs(), "true");
    assertEquals(125, again.exitCode());
    assertTrue(again.err().contains("one"), again::toString);
    hardway.ok("rename", "one", "two");
    assertEquals("/two", hardway.ok("inspect", "-f", "{{.Name}}", "two"));
    assertNotEquals(0, hardway.run("inspect", "one").exitCode());
    hardway.ok("create", "--name", "one", "--rootfs", rootfs(), "true");
    hardway.ok("rm", "one", "two");
    assertEquals(List.of(), hardway.remains());
  }

  @Test
  void ofTwoThatWantOneNameAtOnceOneGetsIt() throws Exception {
    hardway.ok("create", "--name", "one", "--rootfs", rootfs(), "true");
    hardway.ok("create", "--name", "two", "--rootfs", rootfs(), "true");
    Process first = hardway.start("rename", "one", "wanted");
    Process second = hardway.start("rename", "two", "wanted");
    Product.finish(first, "");
    Product.finish(second, "");
    assertEquals(1, (first.exitValue() == 0 ? 1 : 0) + (second.exitValue() == 0 ? 1 : 0));
    String loser = first.exitValue() == 0 ? "two" : "one";
    List<String> names = hardway.ok("ps", "-a", "--format", "{{.Names}}").lines().sorted().toList();
    assertEquals(List.of(loser, "wanted").stream().sorted().toList(), names);
    hardway.ok("rm", loser, "wanted");
    assertEquals(List.of(), hardway.remains());
  }

  @Test
  void decisionsAreSaidOnStandardErrorWhereThatIsAskedFor() throws IOException {
    Product.Outcome loud =
        hardway.run("--debug", "run", "--rm", "--rootfs", rootfs(), "echo", "said");
    assertEquals("said\n", loud.out(), loud::toString);
    assertTrue(
        loud.err().contains("DEBUG Plugins - chose rootfs plugin fs-overlay"), loud::toString);
    Product.Outcome quiet = hardway.run("run", "--rm", "--rootfs", rootfs(), "echo", "said");
    assertEquals("", quiet.err());
  }

  @Test
  void whatLiesOnTheDiskIsToldAndVolumesNobodyUsesArePruned() throws IOException {
    hardway.ok("run", "--name", "c", "-v", "kept:/data", "--rootfs", rootfs(), "touch", "/data/x");
    hardway.ok("volume", "create", "spare");
    String disk = hardway.ok("system", "df", "--format", "{{.Type}}: {{.TotalCount}}/{{.Active}}");
    assertEquals("Root File Systems: 0/0\nContainers: 1/0\nLocal Volumes: 2/1", disk);
    assertEquals("1", hardway.ok("info", "--format", "{{.ContainersStopped}}"));
    hardway.ok("volume", "prune", "-f");
    assertEquals("kept\nspare", hardway.ok("volume", "ls", "-q"));
    hardway.ok("volume", "prune", "-af");
    assertEquals("kept", hardway.ok("volume", "ls", "-q"));
    hardway.ok("rm", "c");
  }

  @Test
  void severalAreStartedAndStoppedByOneCommandWhateverOneOfThemDoes() throws IOException {
    hardway.ok("create", "--name", "one", "--rootfs", rootfs(), "sleep", "1000");
    hardway.ok("create", "--name", "bad", "--rootfs", rootfs(), "no-such-program");
    hardway.ok("create", "--name", "two", "--rootfs", rootfs(), "sleep", "1000");
    Product.Outcome start = hardway.run("start", "one", "bad", "two");
    assertEquals("one\ntwo\n", start.out(), start::toString);
    assertEquals(1, start.exitCode());
    assertEquals(1, start.err().lines().count(), start::toString);
    assertTrue(start.err().contains("no-such-program"), start::toString);
    Product.Outcome trace = hardway.run("trace", "stop", "--timeout", "0", "one", "two");
    assertEquals("one\ntwo\n", trace.out(), trace::toString);
    assertTrue(trace.err().contains("ask one to end"), trace::toString);
    assertTrue(trace.err().contains("ask two to end"), trace::toString);
    Product.Outcome wait = hardway.run("wait", "one", "missing", "two");
    assertEquals("137\n137\n", wait.out(), wait::toString);
    assertEquals(1, wait.exitCode());
    hardway.ok("rm", "one", "bad", "two");
    assertEquals(List.of(), hardway.remains());
  }

  @Test
  void whoReadsAPipeOfTheCallersDoesNotWaitForADetachedContainer() throws IOException {
    List<String> line = new ArrayList<>(List.of("sh", "-c", "\"$@\" 5>&1 >/dev/null | cat", "sh"));
    line.addAll(hardway.command("run", "-d", "--name", "c", "--rootfs", rootfs(), "sleep", "1000"));
    assertEquals(new Product.Outcome(0, "", ""), Product.perform(line, ""));
    assertEquals("running", hardway.ok("inspect", "-f", "{{.State.Status}}", "c"));
    hardway.ok("rm", "-f", "c");
  }

  @Test
  void topAsksPsOnlyForTheContainersProcesses() throws IOException {
    hardway.ok("run", "-d", "--name", "c", "--rootfs", rootfs(), "sleep", "1000");
    String pid = hardway.ok("inspect", "-f", "{{.State.Pid}}", "c");
    List<String> lines = hardway.ok("top", "c", "-o", "pid,comm").lines().toList();
    assertEquals(2, lines.size(), lines::toString);
    assertTrue(lines.get(1).contains(pid) && lines.get(1).contains("sleep"), lines::toString);
    assertEquals(1, hardway.run("top", "c", "-o", "comm").exitCode());
    hardway.ok("rm", "-f", "c");
  }

  @Test
  void theEntrypointIsTheProgramAndTheRestItsArguments() throws IOException {
    assertEquals(
        "a b", hardway.ok("run", "--rm", "--rootfs", rootfs(), "--entrypoint", "echo", "a", "b"));
  }

  @Test
  void anInitShowsNothingOfTheCallersWordsAndVariables() throws IOException {
    List<String> line = new ArrayList<>(List.of("env", "CALLERS_SECRET=x"));
    line.addAll(
        hardway.command(
            "run",
            "--rm",
            "--init",
            "--cap-add",
            "SYS_PTRACE",
            "--rootfs",
            rootfs(),
            "sh",
            "-c",
            "cat /proc/1/cmdline /proc/1/environ | tr -d '\\0'"));
    assertEquals("hardway-init", Product.perform(line, "").out());
  }

  @Test
  void aLimitOfFewDescriptorsIsTheProgramsAlone() throws IOException {
    String[] limited = {"--ulimit", "nofile=3:5", "--rootfs", rootfs(), "sh", "-c", "ulimit -n"};
    for (String mode : List.of("--init=false", "--init")) {
      List<String> words = new ArrayList<>(List.of("run", "--rm", "-u", "alice", mode));
      words.addAll(List.of(limited));
      assertEquals("3", hardway.ok(words.toArray(new String[0])));
    }
  }

  @Test
  void whatRunsIsStartedAlready() throws IOException {
    hardway.ok("create", "-i", "--name", "c", "--rootfs", rootfs(), "sh", "-c", "read a; exit 4");
    assertEquals("0", hardway.ok("wait", "c"), "it has not run");
    assertEquals("c", hardway.ok("start", "c"));
    assertEquals("c", hardway.ok("start", "c"));
    Product.Outcome attached = Product.perform(hardway.command("start", "-ai", "c"), "a line\n");
    assertEquals(4, attached.exitCode(), attached::toString);
    hardway.ok("rm", "c");
    assertEquals(List.of(), hardway.remains());
  }

  @Test
  void killSendsTheSignal() throws IOException {
    hardway.ok(
        "run",
        "-d",
        "--name",
        "c",
        "--rootfs",
        rootfs(),
        "sh",
        "-c",
        "trap 'exit 3' USR1; while :; do sleep 0.1; done");
    hardway.ok("kill", "-s", "USR1", "c");
    assertEquals("3", hardway.ok("wait", "c"));
    assertNotEquals(0, hardway.run("kill", "c").exitCode(), "a stopped container cannot be killed");
    hardway.ok("rm", "c");
  }

  @Test
  void killEndsAPausedContainerToo() throws IOException {
    hardway.ok("run", "-d", "--name", "c", "--rootfs", rootfs(), "sleep", "1000");
    hardway.ok("pause", "c");
    hardway.ok("kill", "c");
    assertEquals("137", hardway.ok("wait", "c"));
    hardway.ok("rm", "c");
    assertEquals(List.of(), hardway.remains());
  }

  @Test
  void pruneRemovesOnlyWhatIsStopped() throws IOException {
    hardway.ok("run", "--name", "done", "--rootfs", rootfs(), "true");
    hardway.ok("run", "-d", "--name", "busy", "--rootfs", rootfs(), "sleep", "1000");
    hardway.ok("prune", "-f");
    assertEquals("busy", hardway.ok("ps", "-a", "--format", "{{.Names}}"));
    hardway.ok("rm", "-f", "busy");
  }

  @Test
  void logsAreWhatWasPrintedByteForByte() throws IOException {
    // A line longer than the pieces it is kept in, whose ends lie within characters.
    String program =
        "printf '\\377\\000\\r\\n'; printf x; for i in $(seq 9000); do printf 'é€'; done";
    List<String> line = new ArrayList<>(List.of("sh", "-c", "\"$@\" | cksum", "sh"));
    line.addAll(hardway.command("run", "--name", "c", "--rootfs", rootfs(), "sh", "-c", program));
    Product.Outcome printed = Product.perform(line, "");
    List<String> logs = new ArrayList<>(line.subList(0, 4));
    logs.addAll(hardway.command("logs", "c"));
    assertEquals(printed, Product.perform(logs, ""));
    assertEquals(0, printed.exitCode(), printed::toString);
    hardway.ok("rm", "c");
  }

  @Test
  void eventsTellTheStory() throws IOException {
    hardway.ok("run", "--rm", "--name", "c", "--rootfs", rootfs(), "true");
    String events = hardway.ok("events", "--since", "1h", "--until", "0s");
    for (String event : List.of("create", "start", "die", "destroy")) {
      assertTrue(events.contains(event), event + " is missing in\n" + events);
    }
  }

  @Test
  void inspectNamesTheStopSignalAsPeopleDo() throws IOException {
    hardway.ok("create", "--name", "c", "--stop-signal", "INT", "--rootfs", rootfs(), "true");
    assertEquals("SIGINT", hardway.ok("inspect", "-f", "{{.Config.StopSignal}}", "c"));
  }

  @Test
  void volumesOutliveContainersAndAreShared() throws IOException {
    hardway.ok(
        "run",
        "--rm",
        "-v",
        "store:/data",
        "--rootfs",
        rootfs(),
        "sh",
        "-c",
        "echo kept > /data/file");
    assertEquals(
        "kept",
        hardway.ok(
            "run", "--rm", "-v", "store:/data:ro", "--rootfs", rootfs(), "cat", "/data/file"));
    assertNotEquals(
        0,
        hardway
            .run(
                "run", "--rm", "-v", "store:/data:ro", "--rootfs", rootfs(), "touch", "/data/other")
            .exitCode());
    assertEquals("store", hardway.ok("volume", "ls", "-q"));
    hardway.ok("volume", "rm", "store");
    assertEquals("", hardway.ok("volume", "ls", "-q"));
  }

  @Test
  void tmpfsAndReadOnlyRootAreAsAsked() throws IOException {
    assertEquals(
        "1",
        printed(
            List.of("--read-only", "--tmpfs", "/scratch:size=1m"),
            "touch /x 2>/dev/null; echo $?; touch /scratch/x"));
    assertTrue(
        printed(List.of("--tmpfs", "/scratch:size=1m"), "df -k /scratch | tail -1")
            .contains("1024"));
  }

  @Test
  void explainHasNoEffect() throws IOException {
    String plan = hardway.ok("explain", "run", "--memory", "64m", "--rootfs", rootfs(), "true");
    assertTrue(plan.contains("cgroup"), plan);
    assertTrue(plan.contains("pivot_root"), plan);
    assertEquals(List.of(), hardway.remains());
  }

  @Test
  void traceShowsWhereTheTimeWent() throws IOException {
    Product.Outcome trace = hardway.run("trace", "run", "--rm", "--rootfs", rootfs(), "true");
    assertEquals(0, trace.exitCode(), trace::toString);
    assertTrue((trace.out() + trace.err()).contains("overlay"), trace::toString);
    assertFalse((trace.out() + trace.err()).contains("Exception"), trace::toString);
  }

  @Test
  void aCapabilityThatWeWereStartedWithoutIsRefusedByName() throws IOException {
    List<String> without = List.of("setpriv", "--bounding-set=-sys_boot");
    List<String> refused = new ArrayList<>(without);
    refused.addAll(
        hardway.command("run", "--rm", "--cap-add", "SYS_BOOT", "--rootfs", rootfs(), "true"));
    Product.Outcome outcome = Product.perform(refused, "");
    assertEquals(125, outcome.exitCode(), outcome::toString);
    assertTrue(outcome.err().contains("--cap-add CAP_SYS_BOOT cannot be given"), outcome::toString);
    List<String> rest = new ArrayList<>(without);
    rest.addAll(hardway.command("run", "--rm", "--cap-add", "ALL", "--rootfs", rootfs(), "true"));
    assertEquals(0, Product.perform(rest, "").exitCode(), "all means all that there are");
    assertEquals(List.of(), hardway.remains());
  }

  /** Root of a user namespace can do that only with what belongs to somebody in it. */
  @Test
  void aUserOpensItsStandardStreamsByTheirNames() throws Exception {
    String script = "echo out > /dev/stdout; echo err > /dev/stderr";
    for (List<String> flags : List.of(List.<String>of(), List.of("--userns", "auto"))) {
      List<String> user = new ArrayList<>(flags);
      user.addAll(List.of("--user", "1000"));
      assertEquals("out", printed(user, script));
      assertEquals("out", printed(flags, script));
    }
  }
}
