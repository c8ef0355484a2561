package io.hardway.kernel;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The life of containers by the OCI runtime's command line; runtime.md. */
class OciRuntimeTest extends KernelTest {
  private static final long SEED = 20_261_126L;

  /** How many, which the property says where the machine is slow. */
  private static final int CRASHES = Integer.getInteger("hardway.crashes", 15);

  private OciBundle bundle;

  @BeforeEach
  void makeBundle() throws IOException {
    bundle = new OciBundle(hardway, hardway.directory().resolve("bundle"));
  }

  @AfterEach
  void noContainerIsLeft() throws IOException {
    List<String> left = new ArrayList<>();
    for (Path folder : List.of(bundle.root(), bundle.root().resolve(".owners"))) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> entries = Files.list(folder)) {
          entries.filter(entry -> !entry.endsWith(".owners")).forEach(e -> left.add(e.toString()));
        }
      }
    }
    assertEquals(List.of(), left);
  }

  private String ok(String... words) {
    Product.Outcome outcome = bundle.run(words);
    assertEquals(0, outcome.exitCode(), () -> String.join(" ", words) + "\n" + outcome);
    return outcome.out();
  }

  private void create(String id, String... options) throws Exception {
    Product.Outcome outcome = bundle.create(id, options);
    assertEquals(0, outcome.exitCode(), outcome::toString);
  }

  private String status(String id) {
    String state = ok("state", id);
    return state.replaceAll("(?s).*\"status\": \"([a-z]*)\".*", "$1");
  }

  private void awaitStatus(String id, String wanted) throws InterruptedException {
    for (int i = 0; i < 500 && !status(id).equals(wanted); i++) {
      Thread.sleep(10);
    }
    assertEquals(wanted, status(id));
  }

  private void refused(String message, String... words) {
    Product.Outcome outcome = bundle.run(words);
    assertEquals(1, outcome.exitCode(), outcome::toString);
    assertTrue(outcome.err().contains(message), outcome::toString);
  }

  @Test
  void aContainerIsCreatedStartedAndDeleted() throws Exception {
    bundle.script("echo $$ on $(hostname); sleep 1000");
    Path pidFile = hardway.directory().resolve("pid");
    create("one", "--pid-file", pidFile.toString());
    assertEquals("created", status("one"));
    assertEquals("", Files.readString(bundle.output("one")));
    String state = ok("state", "one");
    assertTrue(state.contains("\"pid\": " + Files.readString(pidFile) + ","), state);
    assertTrue(state.contains("\"bundle\": \"" + bundle.directory() + "\""), state);
    ok("start", "one");
    assertEquals("running", status("one"));
    for (int i = 0; i < 500 && Files.size(bundle.output("one")) == 0; i++) {
      Thread.sleep(10);
    }
    assertEquals("1 on bundled\n", Files.readString(bundle.output("one")));
    ok("kill", "one", "KILL");
    awaitStatus("one", "stopped");
    ok("delete", "one");
    refused("container does not exist", "state", "one");
  }

  @Test
  void whoMadeItIsGoneAndItIsInASessionOfItsOwn() throws Exception {
    bundle.program("sleep", "1000");
    create("one");
    Path stat = Path.of("/proc", pid("one"), "stat");
    String[] fields = Files.readString(stat).replaceFirst(".*\\) ", "").split(" ");
    assertEquals(pid("one"), fields[3], "session");
    ok("start", "one");
    Thread.sleep(100);
    assertEquals("running", status("one"));
    ok("delete", "--force", "one");
  }

  private String pid(String id) {
    return ok("state", id).replaceAll("(?s).*\"pid\": (\\d+),.*", "$1");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void deletedByForceFromEachState(boolean paused) throws Exception {
    bundle.script("trap '' TERM; sleep 1000 & sleep 1000");
    create("one");
    ok("delete", "--force", "one");
    create("one");
    ok("start", "one");
    if (paused) {
      Path freezer = Path.of("/sys/fs/cgroup/freezer/hardway/one/freezer.state");
      if (Files.exists(freezer)) {
        Files.writeString(freezer, "FROZEN");
      } else {
        Files.writeString(Path.of("/sys/fs/cgroup/hardway/one/cgroup.freeze"), "1");
      }
      awaitStatus("one", "paused");
    }
    ok("delete", "--force", "one");
    bundle.program("true");
    create("one");
    ok("start", "one");
    awaitStatus("one", "stopped");
    ok("delete", "--force", "one");
    ok("delete", "--force", "one");
  }

  @Test
  void aVerbThatDoesNotFitTheStateIsRefused() throws Exception {
    bundle.program("sleep", "1000");
    refused("container does not exist", "start", "one");
    refused("container does not exist", "kill", "one", "9");
    refused("container does not exist", "delete", "one");
    create("one");
    Product.Outcome again = bundle.create("one");
    assertEquals(1, again.exitCode());
    assertTrue(again.err().contains("already exists"), again::toString);
    assertEquals("created", status("one"));
    refused("container not paused", "resume", "one");
    ok("start", "one");
    refused("already running", "start", "one");
    refused("container not paused", "resume", "one");
    refused("that is not stopped: running", "delete", "one");
    refused("unknown signal", "kill", "one", "NONE");
    ok("kill", "one", "9");
    awaitStatus("one", "stopped");
    refused("has stopped", "start", "one");
    refused("container not running", "kill", "one", "TERM");
    ok("kill", "--all", "one", "KILL");
    ok("delete", "one");
  }

  /** Once it is made, the verbs of a container's life need no planner, and so no JVM. */
  @Test
  void whatIsStoredIsDoneWithoutAPlanner() throws Exception {
    Path home = hardway.directory().resolve("without-planner");
    Path runtime = Files.createDirectories(home.resolve("bin")).resolve("hardway-oci");
    Files.copy(hardway.home().resolve("bin/hardway"), runtime, COPY_ATTRIBUTES);
    Files.createDirectories(home.resolve("lib"));
    Files.writeString(home.resolve("lib/planner.argv"), "");
    bundle.program("sleep", "1000");
    create("one");
    for (String verb : List.of("state", "start", "pause", "resume", "kill", "delete --force")) {
      List<String> command = new ArrayList<>();
      command.addAll(List.of(runtime.toString(), "--root", bundle.root().toString()));
      command.addAll(List.of(verb.split(" ")));
      command.add("one");
      Product.Outcome outcome = Product.perform(command, "");
      assertEquals(0, outcome.exitCode(), verb + " " + outcome);
      if (verb.equals("pause")) {
        assertEquals("paused", status("one"));
      } else if (verb.equals("resume")) {
        assertEquals("running", status("one"));
      }
    }
    refused("container does not exist", "state", "one");
  }

  /** Some verbs are done by the native program, others by the planner: nobody sees which. */
  @Tag(MachineTests.ELSEWHERE)
  @ParameterizedTest
  @ValueSource(
      strings = {
        "create two",
        "delete two",
        "exec two true",
        "features",
        "kill two",
        "list",
        "pause two",
        "ps two",
        "resume two",
        "run two",
        "start two",
        "state two",
        "update two"
      })
  void optionsBeforeTheVerbMeanTheSameForEach(String verb) {
    String[] words = verb.split(" ");
    Product.Outcome plain = bundle.run(words);
    for (String options :
        List.of(
            "--criu /none",
            "--criu=/none",
            "--rootless auto",
            "--rootless=false",
            "--log-format text")) {
      Product.Outcome outcome = bundle.run((options + " " + verb).split(" "));
      assertEquals(plain.toString(), outcome.toString(), options);
    }
    String[][] refusals = {
      {"--rootless true", "root's control groups are always made: use auto or false"},
      {"--rootless=maybe", "use auto, true or false"},
      {"--log-format xml", "use text or json"},
    };
    for (String[] refusal : refusals) {
      Product.Outcome outcome = bundle.run((refusal[0] + " " + verb).split(" "));
      assertEquals(1, outcome.exitCode(), outcome::toString);
      assertTrue(outcome.err().contains(refusal[1]), outcome::toString);
      assertFalse(outcome.err().contains("not exist"), outcome::toString);
    }
    for (String unknown : List.of("-root /x", "--nosuch")) {
      Product.Outcome outcome = bundle.run((unknown + " " + verb).split(" "));
      assertTrue(outcome.err().contains("unknown"), outcome::toString);
    }
  }

  @Test
  void signalsReachTheFirstProcessOrAll() throws Exception {
    bundle
        .namespaces("mount", "uts")
        .script(
            "trap 'echo one; exit' USR1; (trap 'echo all' USR1; while :; do sleep 0.1; done) & while :; do sleep 0.1; done");
    create("one");
    ok("start", "one");
    Thread.sleep(300);
    ok("kill", "--all", "one", "SIGUSR1");
    awaitStatus("one", "stopped");
    Thread.sleep(300);
    assertTrue(Files.readString(bundle.output("one")).contains("all"));
    assertTrue(Files.readString(bundle.output("one")).contains("one"));
    ok("delete", "one");
  }

  @Test
  void aContainerThatWaitsCanBeAskedToEnd() throws Exception {
    bundle.program("sleep", "1000");
    create("one");
    ok("kill", "one");
    awaitStatus("one", "stopped");
    ok("delete", "one");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no-such|executable file not found in $PATH",
        "/no/such|no such file or directory",
        "/etc/passwd|permission denied",
      })
  void aProgramThatIsNotThereFailsWhenItIsCreated(String program, String message) throws Exception {
    bundle.program(program);
    Path log = hardway.directory().resolve("log.json");
    Product.Outcome outcome =
        bundle.runInto(
            bundle.output("one"),
            "--log",
            log.toString(),
            "--log-format",
            "json",
            "create",
            "--bundle",
            bundle.directory().toString(),
            "one");
    assertEquals(1, outcome.exitCode());
    assertTrue(outcome.err().contains(message), outcome::toString);
    String line = Files.readString(log);
    assertTrue(line.startsWith("{\"level\":\"error\",\"msg\":\"step "), line);
    assertTrue(line.contains(message), line);
    assertTrue(line.matches("(?s).*,\"time\":\"[0-9TZ:-]+\"}\n"), line);
  }

  @Test
  void whatStartFailsWithIsTold() throws Exception {
    bundle.program("/bin/broken");
    Files.writeString(bundle.directory().resolve("rootfs/bin/broken"), "#!/no/interpreter\n");
    Product.perform(
        List.of("chmod", "755", bundle.directory().resolve("rootfs/bin/broken").toString()), "");
    create("one");
    refused("interpreter it names, is missing", "start", "one");
    awaitStatus("one", "stopped");
    ok("delete", "one");
  }

  @Test
  void runEndsWithTheContainersCode() throws Exception {
    bundle.script("cat; exit 7");
    Product.Outcome outcome = bundle.run("run", "-b", bundle.directory().toString(), "one");
    assertEquals(7, outcome.exitCode(), outcome::toString);
    bundle.program("no-such");
    outcome = bundle.run("run", "-b", bundle.directory().toString(), "one");
    assertEquals(1, outcome.exitCode(), outcome::toString);
  }

  @Test
  void oneThatIsRunInTheBackgroundLivesOn() throws Exception {
    bundle.program("sleep", "1000");
    Product.Outcome outcome =
        bundle.runInto(
            bundle.output("one"), "run", "-d", "-b", bundle.directory().toString(), "one");
    assertEquals(0, outcome.exitCode(), outcome::toString);
    assertEquals("running", status("one"));
    assertTrue(ok("list").lines().anyMatch(line -> line.matches("one +\\d+ +running .*")));
    assertEquals("one\n", ok("list", "-q"));
    assertTrue(ok("list", "-f", "json").startsWith("[{\"ociVersion\":\"1.0.2\",\"id\":\"one\""));
    ok("delete", "-f", "one");
  }

  @Test
  void theFirstDescriptorsAreKeptAndNoOther() throws Exception {
    bundle.script("ls /proc/self/fd; cat <&3");
    Path given = Files.writeString(hardway.directory().resolve("given"), "kept\n");
    String command =
        "exec 3<"
            + given
            + " 7<"
            + given
            + "; exec "
            + hardway.home().resolve("bin/hardway-oci")
            + " --root "
            + bundle.root()
            + " run --preserve-fds 1 -b "
            + bundle.directory()
            + " one";
    Product.Outcome outcome = Product.perform(List.of("sh", "-c", command), "");
    assertEquals("0\n1\n2\n3\n4\nkept\n", outcome.out(), outcome::toString);
  }

  @Test
  void twoStartsAtOnceStartItOnce() throws Exception {
    bundle.program("sleep", "1000");
    create("one");
    List<Process> starts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      starts.add(
          new ProcessBuilder(
                  hardway.home().resolve("bin/hardway-oci").toString(),
                  "--root",
                  bundle.root().toString(),
                  "start",
                  "one")
              .redirectErrorStream(true)
              .start());
    }
    int succeeded = 0;
    for (Process start : starts) {
      succeeded += Product.finish(start, "").exitCode() == 0 ? 1 : 0;
    }
    assertEquals(1, succeeded);
    ok("delete", "-f", "one");
  }

  /** The next command takes back what a creation has left that was killed. */
  @Test
  void whatACreationLeavesThatWasKilledIsTakenBack() throws Exception {
    Random random = new Random(SEED);
    bundle.program("sleep", "1000");
    long began = System.nanoTime();
    create("bystander");
    int millis = (int) Duration.ofNanos(System.nanoTime() - began).toMillis();
    for (int i = 0; i < CRASHES; i++) {
      Process creation =
          new ProcessBuilder(
                  hardway.home().resolve("bin/hardway-oci").toString(),
                  "--root",
                  bundle.root().toString(),
                  "create",
                  "-b",
                  bundle.directory().toString(),
                  "crashed")
              .redirectErrorStream(true)
              .redirectOutput(hardway.directory().resolve("crash").toFile())
              .start();
      Thread.sleep(random.nextInt(millis + 50));
      creation.destroyForcibly().waitFor();
      ok("delete", "--force", "crashed");
      create("next");
      ok("delete", "next");
      assertEquals("bystander\n", ok("list", "-q"));
      assertFalse(Files.exists(bundle.root().resolve(".owners/crashed")));
      assertEquals(List.of(), Wreckage.groups("crashed"));
    }
    assertEquals("created", status("bystander"));
    ok("delete", "bystander");
  }

  private String hook(String point, String script) {
    return "\"%s\": [{\"path\": \"/bin/sh\", \"args\": [\"sh\", \"-c\", \"%s\", \"%s\"], \"timeout\": 5}]"
        .formatted(point, script, point);
  }

  /** config.md, "POSIX-platform Hooks": each at its time, in its namespace, with the state. */
  @Test
  void hooksAreRunInTheirOrderAndPlace() throws Exception {
    Path log = Files.writeString(hardway.directory().resolve("hooks"), "");
    String note = "{ echo $0 on $(hostname); cat; } >> ";
    bundle
        .hooks(
            String.join(
                ", ",
                hook("prestart", note + log),
                hook("createRuntime", note + log),
                hook("createContainer", note + log),
                hook("startContainer", note + "/noted"),
                hook("poststart", note + log),
                hook("poststop", note + log)))
        .program("sleep", "1000");
    String host = Product.perform(List.of("hostname"), "").out().strip();
    create("one");
    String pid = pid("one");
    String expected =
        noted("prestart", host, "created", pid)
            + noted("createRuntime", host, "creating", pid)
            + noted("createContainer", "bundled", "creating", pid);
    assertEquals(expected, Files.readString(log));
    ok("start", "one");
    assertEquals(
        noted("startContainer", "bundled", "created", pid),
        Files.readString(bundle.directory().resolve("rootfs/noted")));
    expected += noted("poststart", host, "running", pid);
    assertEquals(expected, Files.readString(log));
    ok("delete", "--force", "one");
    assertEquals(
        expected + noted("poststop", host, "stopped", pid).replaceAll(",\"pid.*}", "}"),
        Files.readString(log));
  }

  private String noted(String point, String host, String status, String pid) {
    return ("%s on %s\n{\"ociVersion\":\"1.0.2\",\"id\":\"one\",\"status\":\"%s\","
            + "\"bundle\":\"%s\",\"annotations\":{},\"pid\":%s}\n")
        .formatted(point, host, status, bundle.directory(), pid);
  }

  @ParameterizedTest
  @ValueSource(strings = {"prestart", "createRuntime", "createContainer"})
  void aHookThatFailsBeforeTheStartFailsTheCreation(String point) throws Exception {
    bundle.hooks(hook(point, "exit 3")).program("true");
    Product.Outcome outcome = bundle.create("one");
    assertEquals(1, outcome.exitCode());
    assertTrue(outcome.err().contains("/bin/sh ended with status 3"), outcome::toString);
  }

  @Test
  void aStartHookThatFailsFailsTheStart() throws Exception {
    bundle.hooks(hook("startContainer", "exit 3")).program("sleep", "1000");
    create("one");
    refused("/bin/sh ended with status 3", "start", "one");
    awaitStatus("one", "stopped");
    ok("delete", "one");
  }

  @Test
  void oneThatFailsLaterIsWarnedOf() throws Exception {
    bundle
        .hooks(hook("poststart", "exit 3") + ", " + hook("poststop", "exit 4"))
        .program("sleep", "1000");
    create("one");
    Product.Outcome outcome = bundle.run("start", "one");
    assertEquals(0, outcome.exitCode());
    assertTrue(outcome.err().contains("/bin/sh ended with status 3"), outcome::toString);
    assertEquals("running", status("one"));
    outcome = bundle.run("delete", "-f", "one");
    assertEquals(0, outcome.exitCode());
    assertTrue(outcome.err().contains("/bin/sh ended with status 4"), outcome::toString);
  }

  @Test
  void aHookThatTakesTooLongIsEnded() throws Exception {
    bundle
        .hooks(hook("createRuntime", "sleep 100").replace("\"timeout\": 5", "\"timeout\": 1"))
        .program("true");
    Product.Outcome outcome = bundle.create("one");
    assertEquals(1, outcome.exitCode());
    assertTrue(outcome.err().contains("more than 1000 ms"), outcome::toString);
  }

  @Test
  @Tag(MachineTests.ELSEWHERE)
  void wrongUseIsSaidInWords() {
    refused("'frobnicate' is not a hardway-oci command", "frobnicate");
    refused("unknown flag: --bundel (did you mean --bundle?)", "create", "--bundel", "x", "one");
    refused("requires 1 argument", "state");
    refused("no such file: name the bundle's directory", "create", "-b", "/", "one");
    refused("invalid id format", "create", "a/b");
    assertTrue(ok("--help").contains("  create "));
    assertTrue(ok("features").contains("\"ociVersionMin\":\"1.0.0\""));
    assertTrue(ok("--version").startsWith("hardway-oci version "));
  }
}
