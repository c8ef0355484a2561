package io.hardway.init;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hardway.init.NativeProgram.Outcome;
import io.hardway.spi.Errno;
import io.hardway.spi.FdSlot;
import io.hardway.spi.IntOperand;
import io.hardway.spi.IntSlot;
import io.hardway.spi.StepOptions;
import io.hardway.spi.Text;
import io.hardway.spi.TextSlot;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.Phase;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.PlanAssembler;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code hardway-init} does with plans, on the kernel that is here. As root: containers
 * without user namespaces need it.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ExecutorTest {
  private static final int NEWNS = 0x2_0000;
  private static final int NEWUTS = 0x400_0000;
  private static final int NEWUSER = 0x1000_0000;
  private static final int NEWPID = 0x2000_0000;
  private static final int NEWNET = 0x4000_0000;
  private static final int O_PATH = 0x20_0000;
  private static final int O_WRONLY_CREAT = 0x41;
  private static final int MS_PRIVATE_REC = 0x4_4000;
  private static final int LOG_LEVEL = 9;
  private static final int CALLER_INPUT = 2;
  private static final int CALLER_OUTPUT = 4;

  @TempDir Path dir;
  private int planFiles;

  @BeforeEach
  void needsRoot() {
    assumeTrue(NativeProgram.isRoot(), "making containers without user namespaces takes root");
  }

  /** A plan in the making. */
  private final class Draft {
    final PlanAssembler assembler = new PlanAssembler();
    Optional<Path> undo = Optional.empty();

    StepOptions add(Phase phase, Operation operation) {
      return assembler.add(phase, "test", operation, operation.keyword());
    }

    Draft host(Operation operation) {
      add(Phase.HOST, operation);
      return this;
    }

    Draft spawn(int flags) {
      return spawn(flags, FdSlot.NONE, FdSlot.NONE);
    }

    Draft spawn(int flags, FdSlot userns, FdSlot pidns) {
      add(
          Phase.SPAWN,
          new Operation.Spawn(
              n(flags),
              userns,
              pidns,
              FdSlot.NONE,
              assembler.pid(),
              assembler.pidfd(),
              assembler.startTime()));
      return this;
    }

    Draft paired(Operation operation) {
      add(Phase.PAIRED, operation);
      return this;
    }

    Draft inside(Operation operation) {
      add(Phase.MOUNTS, operation);
      return this;
    }

    Draft exec(String... argv) {
      add(
          Phase.CONFINE,
          new Operation.Exec(texts(argv), texts("A=b", "PATH=/usr/bin:/bin"), Text.empty()));
      return this;
    }

    Draft shell(String script) {
      return exec("/bin/sh", "-c", script);
    }

    Draft supervise(
        FdSlot stdin,
        FdSlot stdout,
        FdSlot stderr,
        FdSlot master,
        Text log,
        Text socket,
        int flags) {
      IntSlot signal = assembler.intSlot("signal");
      add(
          Phase.STARTED,
          new Operation.Supervise(
              assembler.pidfd(),
              assembler.pid(),
              stdin,
              stdout,
              stderr,
              master,
              log,
              n(0),
              n(1),
              socket,
              Text.empty(),
              Text.empty(),
              n(flags),
              Text.empty(),
              Text.empty(),
              Text.empty(),
              Text.empty(),
              assembler.exitStatus(),
              signal));
      add(Phase.ENDED, new Operation.ExitWith(assembler.exitStatus()));
      return this;
    }

    /** The container has our streams. */
    Draft supervise() {
      return supervise(
          FdSlot.NONE, FdSlot.NONE, FdSlot.NONE, FdSlot.NONE, Text.empty(), Text.empty(), 0);
    }

    /** The container's streams are pipes, and what it prints is logged and ours. */
    Draft superviseWithPipes(Text log, Text socket, int flags) {
      FdSlot[] ends = new FdSlot[6];
      for (int i = 0; i < 3; i++) {
        ends[2 * i] = assembler.fdSlot("read");
        ends[2 * i + 1] = assembler.fdSlot("write");
        assembler.add(
            Phase.CLAIM, "test", new Operation.Pipe(ends[2 * i], ends[2 * i + 1]), "pipe");
      }
      add(Phase.ENTER, new Operation.Stdio(ends[0], ends[3], ends[5]));
      for (FdSlot end : List.of(ends[0], ends[3], ends[5])) {
        add(Phase.STARTED, new Operation.Close(end));
      }
      return supervise(ends[1], ends[2], ends[4], FdSlot.NONE, log, socket, flags);
    }

    FdSlot directory(Path path) {
      FdSlot slot = assembler.fdSlot("directory");
      assembler.add(
          Phase.CLAIM,
          "test",
          new Operation.Open(FdSlot.NONE, Text.of(path), n(O_PATH), n(0), slot),
          "open");
      return slot;
    }

    Plan plan() {
      return assembler.run(undo);
    }

    Process start() throws IOException {
      Path file = dir.resolve("plan" + planFiles++);
      Files.write(file, PlanCodec.encode(plan()));
      return NativeProgram.start("perform", file.toString());
    }

    Outcome perform() throws IOException, InterruptedException {
      return NativeProgram.outcome(start(), "");
    }
  }

  private static IntOperand n(long value) {
    return IntOperand.of(value);
  }

  private static List<Text> texts(String... values) {
    List<Text> texts = new ArrayList<>();
    for (String value : values) {
      texts.add(Text.of(value));
    }
    return texts;
  }

  private Text at(String name) {
    return Text.of(dir.resolve(name));
  }

  private static Operation write(Text path, String data) {
    return new Operation.Write(FdSlot.NONE, path, n(O_WRONLY_CREAT), n(0644), Text.of(data));
  }

  private static Operation mount(String type, Text target, String data) {
    return new Operation.Mount(
        FdSlot.NONE, Text.of(type), target, Text.of(type), n(0), Text.of(data), n(1));
  }

  private static Operation privateMounts() {
    return new Operation.Propagation(Text.of("/"), n(MS_PRIVATE_REC));
  }

  private static void assertSuccess(Outcome outcome) {
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals("", outcome.err());
  }

  private static void waitFor(Path file) throws InterruptedException {
    for (int i = 0; i < 1000 && !Files.exists(file); i++) {
      Thread.sleep(10);
    }
    assertTrue(Files.exists(file), file + " is missing");
  }

  @Test
  void filesGetExactlyTheModesOfThePlan() throws Exception {
    Outcome outcome =
        new Draft()
            .host(new Operation.Mkdir(FdSlot.NONE, at("d"), n(01777), n(12), n(34)))
            .host(new Operation.Mkdirs(FdSlot.NONE, at("a/b/c"), n(0711)))
            .host(write(at("d/f"), "text"))
            .host(new Operation.Replace(at("d/f"), n(0602), Text.of("other")))
            .host(new Operation.Symlink(FdSlot.NONE, Text.of("f"), at("d/l")))
            .perform();
    assertSuccess(outcome);
    assertEquals("other", Files.readString(dir.resolve("d/l")));
    assertEquals(01777, (int) Files.getAttribute(dir.resolve("d"), "unix:mode") & 07777);
    assertEquals(12, Files.getAttribute(dir.resolve("d"), "unix:uid"));
    assertEquals(34, Files.getAttribute(dir.resolve("d"), "unix:gid"));
    assertEquals(0602, (int) Files.getAttribute(dir.resolve("d/f"), "unix:mode") & 07777);
    assertEquals(0711, (int) Files.getAttribute(dir.resolve("a/b/c"), "unix:mode") & 07777);
  }

  @Test
  void aLinkIsRemovedWhileItHasTheTarget() throws Exception {
    Files.createSymbolicLink(dir.resolve("ours"), Path.of("us"));
    Files.createSymbolicLink(dir.resolve("theirs"), Path.of("use"));
    Files.writeString(dir.resolve("file"), "us");
    Draft draft = new Draft();
    for (String name : List.of("ours", "theirs", "file", "missing")) {
      draft.host(new Operation.UnlinkLink(at(name), Text.of("us")));
    }
    assertSuccess(draft.perform());
    assertTrue(Files.notExists(dir.resolve("ours"), LinkOption.NOFOLLOW_LINKS));
    assertTrue(Files.isSymbolicLink(dir.resolve("theirs")));
    assertTrue(Files.exists(dir.resolve("file")));
  }

  @Test
  void linksInsideADirectoryDoNotLeadOutOfIt() throws Exception {
    Path root = Files.createDirectories(dir.resolve("root/etc"));
    Files.createDirectories(dir.resolve("outside"));
    Files.createSymbolicLink(root.resolve("link"), dir.resolve("outside"));
    Draft draft = new Draft();
    FdSlot in = draft.directory(dir.resolve("root"));
    assertSuccess(
        draft.host(new Operation.Mkdirs(in, Text.of("/etc/link/x/y"), n(0755))).perform());
    assertFalse(Files.exists(dir.resolve("outside/x")));
    assertTrue(
        Files.exists(Path.of(dir.resolve("root") + dir.resolve("outside").toString(), "x", "y")));
  }

  @Test
  void theFirstFailureIsReportedWithItsStepAndUndone() throws Exception {
    Path undo = dir.resolve("undo.plan");
    Files.write(undo, PlanCodec.encode(new Draft().host(write(at("undone"), "")).plan()));
    Draft draft = new Draft();
    draft.undo = Optional.of(undo);
    draft.host(write(at("before"), ""));
    draft
        .add(Phase.HOST, new Operation.Rmdir(FdSlot.NONE, at("missing")))
        .label("remove what is not there")
        .hint("make it first");
    draft.host(write(at("after"), ""));
    Outcome outcome = draft.perform();
    assertEquals(125, outcome.code());
    assertEquals(
        "hardway: step 2 of 3 (test): remove what is not there: ENOENT: No such file or directory: "
            + dir.resolve("missing")
            + "; make it first\n",
        outcome.err());
    assertTrue(Files.exists(dir.resolve("before")));
    assertTrue(Files.exists(dir.resolve("undone")));
    assertFalse(Files.exists(dir.resolve("after")));
  }

  @Test
  void aFailureBeforeTheUndoIsStoredLeavesNothingOfTheClaim() throws Exception {
    Draft draft = new Draft();
    draft.undo = Optional.of(dir.resolve("containers/new/undo.plan"));
    Outcome outcome =
        draft
            .host(new Operation.Mkdirs(FdSlot.NONE, at("owners"), n(0700)))
            .host(new Operation.Lock(at("owners/new"), n(0), FdSlot.NONE))
            .host(new Operation.Mkdirs(FdSlot.NONE, at("containers/new"), n(0700)))
            .host(new Operation.Rmdir(FdSlot.NONE, at("missing")))
            .perform();
    assertEquals(125, outcome.code());
    assertTrue(Files.notExists(dir.resolve("containers/new")), outcome::toString);
    assertTrue(Files.notExists(dir.resolve("owners/new")), outcome::toString);
  }

  @Test
  void toleratedFailuresLeaveTheirSlotsAbsent() throws Exception {
    Draft draft = new Draft();
    FdSlot file = draft.assembler.fdSlot("file");
    TextSlot content = draft.assembler.textSlot("content");
    draft
        .add(Phase.HOST, new Operation.Open(FdSlot.NONE, at("missing"), n(0), n(0), file))
        .ignoring(Errno.ENOENT);
    draft
        .add(Phase.HOST, new Operation.Read(FdSlot.NONE, at("missing"), Text.empty(), content))
        .bestEffort();
    draft.host(
        new Operation.Print(
            n(1), Text.builder().decimal(file).literal("|").text(content).literal("|").build()));
    Outcome outcome = draft.perform();
    assertSuccess(outcome);
    assertEquals("-1||", outcome.out());
  }

  @Test
  void aStepIsTriedAgainAsLongAsThePlanSays() throws Exception {
    Draft draft = new Draft();
    draft.add(Phase.HOST, new Operation.Rename(at("late"), at("there"))).retry(20_000);
    Process process = draft.start();
    Thread.sleep(100);
    assertTrue(process.isAlive());
    Files.createFile(dir.resolve("late"));
    assertSuccess(NativeProgram.outcome(process, ""));
    assertTrue(Files.exists(dir.resolve("there")));
  }

  @Test
  void theExitCodeIsTheProgramsAndASignalCountsFrom128() throws Exception {
    assertEquals(
        0, new Draft().spawn(NEWPID | NEWNS).exec("/bin/true").supervise().perform().code());
    assertEquals(42, new Draft().spawn(NEWPID).shell("exit 42").supervise().perform().code());
    assertEquals(
        128 + 15, new Draft().spawn(0).shell("kill -TERM $$").supervise().perform().code());
  }

  @Test
  void aProgramThatIsMissingIs127AndOneThatCannotBeExecutedIs126() throws Exception {
    Files.writeString(dir.resolve("data"), "no program");
    Outcome missing = new Draft().spawn(NEWNS).exec("no-such-program").supervise().perform();
    assertEquals(127, missing.code());
    assertTrue(
        missing.err().contains("no `no-such-program` that can be executed in /usr/bin:/bin"),
        missing.err());
    assertEquals(
        127, new Draft().spawn(NEWNS).exec("/no/such/program").supervise().perform().code());
    Outcome refused =
        new Draft().spawn(NEWNS).exec(dir.resolve("data").toString()).supervise().perform();
    assertEquals(126, refused.code());
    assertTrue(refused.err().contains("EACCES"), refused.err());
  }

  @Test
  void theContainersFailureIsReportedByTheParent() throws Exception {
    Outcome outcome =
        new Draft()
            .spawn(NEWNS)
            .inside(new Operation.Umount(at("nothing"), n(0)))
            .exec("/bin/true")
            .perform();
    assertEquals(125, outcome.code());
    assertTrue(
        outcome.err().startsWith("hardway: step 3 of 4 (test): umount: ENOENT"), outcome.err());
  }

  @Test
  void theProgramRunsInItsNamespacesWithTheEnvironmentOfThePlanAndNoDescriptors() throws Exception {
    Outcome outcome =
        new Draft()
            .spawn(NEWPID | NEWNS | NEWUTS)
            .inside(privateMounts())
            .inside(mount("proc", Text.of("/proc"), ""))
            .inside(new Operation.Hostname(Text.of("inside")))
            .inside(new Operation.Environment(Text.of("A"), Text.of("kept"), n(0)))
            .inside(new Operation.Environment(Text.of("HOME"), Text.of("/h"), n(0)))
            .inside(new Operation.Umask(n(027)))
            .shell("echo $$ $(cat /proc/sys/kernel/hostname) $A $HOME $(umask); ls -x /proc/$$/fd")
            .supervise()
            .perform();
    assertSuccess(outcome);
    assertEquals("1 inside b /h 0027\n0  1  2\n", outcome.out());
  }

  @Test
  void outputIsRelayedAndLogged() throws Exception {
    Outcome outcome =
        new Draft()
            .spawn(NEWPID)
            .shell("echo one; echo two >&2; printf three")
            .superviseWithPipes(at("log"), Text.empty(), CALLER_OUTPUT)
            .perform();
    assertEquals(0, outcome.code());
    assertEquals("one\nthree", outcome.out());
    assertEquals("two\n", outcome.err());
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(dir.resolve("log"))) {
      assertTrue(line.matches("20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z std.*"), line);
      lines.add(line.substring(line.indexOf(' ') + 1));
    }
    lines.sort(null);
    assertEquals(List.of("stderr F two", "stdout F one", "stdout P three"), lines);
  }

  @Test
  void inputReachesTheContainerUntilItsEnd() throws Exception {
    Draft draft = new Draft().spawn(NEWPID).exec("/usr/bin/wc", "-c");
    draft.superviseWithPipes(Text.empty(), Text.empty(), CALLER_INPUT | CALLER_OUTPUT);
    Outcome outcome = NativeProgram.outcome(draft.start(), "x".repeat(300_000));
    assertSuccess(outcome);
    assertEquals("300000", outcome.out().strip());
  }

  @Test
  void manyBytesOfOutputArriveInOrder() throws Exception {
    Outcome outcome =
        new Draft()
            .spawn(0)
            .exec("/usr/bin/seq", "200000")
            .superviseWithPipes(at("log"), Text.empty(), CALLER_OUTPUT)
            .perform();
    assertSuccess(outcome);
    StringBuilder wanted = new StringBuilder();
    for (int i = 1; i <= 200_000; i++) {
      wanted.append(i).append('\n');
    }
    assertEquals(wanted.toString(), outcome.out());
    StringBuilder logged = new StringBuilder();
    for (String line : Files.readAllLines(dir.resolve("log"))) {
      String[] words = line.split(" ", 4);
      logged.append(words[3]).append(words[2].equals("F") ? "\n" : "");
    }
    assertEquals(wanted.toString(), logged.toString());
  }

  @Test
  void aTerminalIsTheControllingTerminalAndHasTheSizeOfThePlan() throws Exception {
    Draft draft = new Draft().spawn(NEWNS | NEWPID);
    FdSlot master = draft.assembler.fdSlot("master");
    FdSlot slave = draft.assembler.fdSlot("slave");
    draft
        .inside(privateMounts())
        .inside(mount("devpts", at("pts"), "newinstance,ptmxmode=0666,mode=0620"))
        .inside(new Operation.Pty(FdSlot.NONE, at("pts/ptmx"), n(25), n(91), master, slave))
        .inside(new Operation.Terminal(slave, n(0)))
        .shell("stty size; echo from the terminal > /dev/tty; read line; echo got $line")
        .supervise(
            FdSlot.NONE,
            FdSlot.NONE,
            FdSlot.NONE,
            master,
            at("log"),
            Text.empty(),
            CALLER_INPUT | CALLER_OUTPUT);
    Outcome outcome = NativeProgram.outcome(draft.start(), "typed\n");
    assertSuccess(outcome);
    String out = outcome.out().replace("\r", "");
    assertTrue(out.startsWith("25 91\n") || out.startsWith("typed\n25 91\n"), out);
    assertTrue(out.contains("from the terminal\n"), out);
    assertTrue(out.endsWith("got typed\n"), out);
    // A terminal may hand over a line before its end.
    String log = Files.readString(dir.resolve("log"));
    assertTrue(log.contains("stdout F got typed") || log.contains("stdout P got typed"), log);
  }

  @Test
  void initReapsOrphansAndEndsAsTheProgramDoes() throws Exception {
    Outcome outcome =
        new Draft()
            .spawn(NEWPID | NEWNS)
            .inside(privateMounts())
            .inside(mount("proc", Text.of("/proc"), ""))
            .inside(new Operation.Init(n(1)))
            .shell("(sleep 0.01 &) ; sleep 0.2; echo $$; ps -e -o pid=,state= | grep -c Z; exit 9")
            .supervise()
            .perform();
    assertEquals(9, outcome.code(), outcome.err());
    assertEquals("2\n0\n", outcome.out());
  }

  @Test
  void aSignalEndsTheProcessThatTheIdentityNames() throws Exception {
    Draft draft = new Draft().spawn(0).exec("/usr/bin/sleep", "1000");
    TextSlot boot = draft.assembler.textSlot("boot");
    draft
        .host(
            new Operation.Read(
                FdSlot.NONE, Text.of("/proc/sys/kernel/random/boot_id"), Text.empty(), boot))
        .paired(
            new Operation.Replace(
                at("identity"),
                n(0600),
                Text.builder()
                    .decimal(draft.assembler.pid())
                    .literal(" ")
                    .text(draft.assembler.startTime())
                    .literal(" ")
                    .text(boot)
                    .literal("\n")
                    .build()));
    draft.add(Phase.STARTED, new Operation.Signal(at("identity"), n(9)));
    draft.supervise();
    draft.add(Phase.ENDED, new Operation.AwaitExit(at("identity"), n(1000)));
    draft.add(Phase.ENDED, new Operation.Signal(at("identity"), n(9))).ignoring(Errno.ESRCH);
    assertEquals(137, draft.perform().code());
  }

  @Test
  void aClientOfTheAttachSocketHasTheContainersStreamsAndItsStatus() throws Exception {
    Draft container =
        new Draft().spawn(NEWPID).shell("read line; echo got $line; echo bad >&2; exit 7");
    Process running = container.superviseWithPipes(Text.empty(), at("attach"), 0).start();
    waitFor(dir.resolve("attach"));
    Draft wait = new Draft();
    wait.host(
            new Operation.AwaitRecord(
                at("attach"), at("record"), Text.of("exit"), wait.assembler.exitStatus()))
        .host(new Operation.ExitWith(wait.assembler.exitStatus()));
    Process waiting = wait.start();
    Draft attach = new Draft();
    attach
        .host(new Operation.Attach(at("attach"), Text.empty(), n(1), attach.assembler.exitStatus()))
        .host(new Operation.ExitWith(attach.assembler.exitStatus()));
    Outcome outcome = NativeProgram.outcome(attach.start(), "hello\n");
    assertEquals(7, outcome.code(), outcome.err());
    assertEquals("got hello\n", outcome.out());
    assertEquals("bad\n", outcome.err());
    assertEquals(7, NativeProgram.outcome(running, "").code());
    assertEquals(7, NativeProgram.outcome(waiting, "").code());
  }

  @Test
  void withoutASupervisorTheRecordSaysHowItEnded() throws Exception {
    Files.writeString(dir.resolve("record"), "{\"id\":\"exit\",\"exit\": 3}\n");
    Draft wait = new Draft();
    wait.host(
            new Operation.AwaitRecord(
                at("attach"), at("record"), Text.of("exit"), wait.assembler.exitStatus()))
        .host(new Operation.ExitWith(wait.assembler.exitStatus()));
    assertEquals(3, wait.perform().code());
  }

  @Test
  void theCallerOfADetachedPlanIsLetGoWhenItIsReady() throws Exception {
    Draft draft =
        new Draft()
            .host(new Operation.Detach())
            .spawn(NEWPID)
            .shell("read go < " + dir.resolve("fifo") + "; sleep 0.5; echo done");
    fifo("fifo");
    draft.add(Phase.STARTED, new Operation.Ready(Text.of("the-id\n")));
    draft.superviseWithPipes(at("log"), at("attach"), 0);
    Outcome outcome = draft.perform();
    assertSuccess(outcome);
    assertEquals("the-id\n", outcome.out());
    assertEquals("", Files.readString(dir.resolve("log")));
    Draft wait = new Draft();
    wait.host(
        new Operation.AwaitRecord(
            at("attach"), at("record"), Text.of("exit"), wait.assembler.exitStatus()));
    Process waiting = wait.start();
    Files.writeString(dir.resolve("fifo"), "go\n");
    assertEquals(0, NativeProgram.outcome(waiting, "").code());
    assertTrue(Files.readString(dir.resolve("log")).endsWith("stdout F done\n"));
  }

  @Test
  void theCallerOfADetachedPlanHearsOfItsFailure() throws Exception {
    Outcome outcome =
        new Draft()
            .host(new Operation.Detach())
            .spawn(NEWPID)
            .exec("/no/such/program")
            .superviseWithPipes(Text.empty(), Text.empty(), 0)
            .perform();
    assertEquals(127, outcome.code());
    assertTrue(outcome.err().contains("/no/such/program"), outcome.err());
  }

  @Test
  void aSupervisedContainerWaitsAtTheGate() throws Exception {
    Draft draft = new Draft();
    FdSlot gate = gate(draft);
    draft.spawn(NEWPID).inside(new Operation.Gate(gate)).shell("echo through");
    Process process = draft.supervise().start();
    Thread.sleep(200);
    assertTrue(process.isAlive());
    assertSuccess(release());
    Outcome outcome = NativeProgram.outcome(process, "");
    assertSuccess(outcome);
    assertEquals("through\n", outcome.out());
  }

  @Test
  void anUnsupervisedContainerIsLeftAtTheGate() throws Exception {
    create("mkdir " + dir.resolve("marker"));
    assertTrue(Files.exists(dir.resolve("created")));
    assertFalse(Files.exists(dir.resolve("marker")));
    assertSuccess(release());
    waitFor(dir.resolve("marker"));
    assertEquals(125, release().code());
  }

  @Test
  void whoReleasesAContainerHearsWhatFailsBehindItsGate() throws Exception {
    Draft draft = new Draft();
    FdSlot gate = gate(draft);
    draft
        .spawn(NEWPID)
        .inside(new Operation.Gate(gate))
        .inside(new Operation.Hostname(Text.of("x".repeat(100))))
        .exec("/bin/true");
    perform(draft);
    Outcome outcome = release();
    assertEquals(125, outcome.code());
    assertTrue(outcome.err().contains("EINVAL"), outcome.err());
  }

  @Test
  void aContainerAtTheGateCanBeAskedToEnd() throws Exception {
    create("true");
    Path container = Path.of("/proc", Files.readString(dir.resolve("pid")));
    assertTrue(Files.exists(container));
    assertEquals(
        0, new ProcessBuilder("kill", Files.readString(dir.resolve("pid"))).start().waitFor());
    waitUntilGone(container);
    assertEquals(125, release().code());
  }

  /** A container that waits at the gate, and whose maker is gone. */
  private void create(String command) throws Exception {
    Draft draft = new Draft();
    FdSlot gate = gate(draft);
    draft
        .spawn(NEWPID)
        .paired(
            new Operation.Replace(
                at("pid"), n(0600), Text.builder().decimal(draft.assembler.pid()).build()))
        .inside(new Operation.ResetSignals())
        .inside(new Operation.Gate(gate))
        .shell(command);
    draft.add(Phase.STARTED, write(at("created"), "")); // also then, the parent goes on
    perform(draft);
  }

  /** Not through pipes, which the container would keep open. */
  private void perform(Draft draft) throws Exception {
    draft.add(Phase.ENTER, new Operation.Stdio(draft.directory(dir), FdSlot.NONE, FdSlot.NONE));
    Path file = dir.resolve("plan");
    Files.write(file, PlanCodec.encode(draft.plan()));
    Process process =
        new ProcessBuilder(NativeProgram.path().toString(), "perform", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("out").toFile())
            .start();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), Files.readString(dir.resolve("out")));
  }

  private FdSlot gate(Draft draft) {
    FdSlot gate = draft.assembler.fdSlot("gate");
    draft.host(new Operation.Listen(at("gate"), gate));
    return gate;
  }

  private Outcome release() throws Exception {
    return new Draft().host(new Operation.Release(at("gate"))).perform();
  }

  private static void waitUntilGone(Path process) throws Exception {
    for (int i = 0; i < 1000 && Files.exists(process); i++) {
      Thread.sleep(10);
    }
    assertFalse(Files.exists(process));
  }

  @Test
  void aContainerAtTheGateEndsWithItsSupervisor() throws Exception {
    Draft draft = new Draft();
    FdSlot gate = gate(draft);
    draft
        .spawn(NEWPID)
        .paired(
            new Operation.Replace(
                at("pid"), n(0600), Text.builder().decimal(draft.assembler.pid()).build()))
        .inside(new Operation.Gate(gate))
        .exec("/bin/true")
        .supervise();
    Process process = draft.start();
    waitFor(dir.resolve("pid"));
    Thread.sleep(100);
    Path container = Path.of("/proc", Files.readString(dir.resolve("pid")));
    assertTrue(Files.exists(container));
    process.destroyForcibly().waitFor();
    waitUntilGone(container);
  }

  @Test
  void whatIsLetGoLivesOnWhenThePlanEnds() throws Exception {
    Draft draft = new Draft().spawn(NEWPID).shell("sleep 0.5; mkdir " + dir.resolve("marker"));
    draft.add(Phase.STARTED, new Operation.LetGo());
    perform(draft);
    assertFalse(Files.exists(dir.resolve("marker")));
    waitFor(dir.resolve("marker"));
  }

  /** A script that has the socket at the descriptor $at, in the place of criu. */
  private Draft criu(int type, String script) {
    Draft draft = new Draft();
    FdSlot ours = draft.assembler.fdSlot("ours");
    FdSlot theirs = draft.assembler.fdSlot("theirs");
    FdSlot images = draft.directory(dir);
    draft.host(new Operation.SocketPair(ours, theirs)).spawn(0);
    draft.add(Phase.CONFINE, new Operation.CloseOthers(n(0)));
    draft.add(Phase.CONFINE, new Operation.KeepOpen(theirs));
    Text program = Text.builder().literal("at=").decimal(theirs).literal("\n" + script).build();
    draft.add(
        Phase.CONFINE,
        new Operation.Exec(
            List.of(Text.of("/bin/bash"), Text.of("-c"), program),
            texts("PATH=/usr/bin:/bin"),
            Text.empty()));
    draft.add(Phase.STARTED, new Operation.Close(theirs));
    Draft then = new Draft().host(write(at("then"), "done"));
    Draft last = new Draft().host(write(at("last"), "done"));
    draft.add(
        Phase.STARTED,
        new Operation.Criu(
            ours,
            n(type),
            Text.bytes(new byte[] {LOG_LEVEL << 3, 4}),
            images,
            FdSlot.NONE,
            texts("1 pipe:[5]"),
            at("log"),
            at("identity"),
            Text.bytes(PlanCodec.encode(then.plan())),
            Text.bytes(PlanCodec.encode(last.plan())),
            IntSlot.NONE,
            FdSlot.NONE,
            TextSlot.NONE,
            FdSlot.NONE));
    draft.add(Phase.STARTED, new Operation.LetGo());
    return draft;
  }

  /** An answer: of what type, and whether it has been done. */
  private static String answer(int type, int success) {
    return "printf '\\010\\00" + type + "\\020\\00" + success + "' >&$at";
  }

  @Test
  void whatCriuIsAskedForIsAMessageOfIts() throws Exception {
    assertSuccess(
        criu(1, "dd bs=9999 count=1 <&$at 2> /dev/null > " + at("asked") + "; " + answer(1, 1))
            .perform());
    byte[] asked = Files.readAllBytes(dir.resolve("asked"));
    // The type; the options, in them the log level, the directory, what is inherited.
    assertEquals(List.of(8, 1, 18, asked.length - 4), numbers(asked, 0, 4));
    assertEquals(List.of(LOG_LEVEL << 3, 4, 8), numbers(asked, 4, 7));
    assertTrue(new String(asked, StandardCharsets.ISO_8859_1).contains("\u0008pipe:[5]"));
  }

  private static List<Integer> numbers(byte[] bytes, int from, int to) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = from; i < to; i++) {
      numbers.add((int) bytes[i]);
    }
    return numbers;
  }

  @Test
  void whatCriuSaysOfAFailureIsTold() throws Exception {
    Files.writeString(
        dir.resolve("log"),
        """
        (00.01) Error (criu/util.c:642): exited
        (00.02) Warn (criu/x.c:1): all is well
        (00.03) Error (criu/mount.c:7): no such mount
        (00.04) Error (criu/cr-dump.c:2053): Dumping FAILED.
        """);
    Outcome outcome =
        criu(1, "dd bs=9999 count=1 <&$at > /dev/null 2>&1; " + answer(1, 0)).perform();
    assertEquals(125, outcome.code());
    assertTrue(
        outcome
            .err()
            .contains("criu has failed: Error (criu/mount.c:7): no such mount; " + at("log")),
        outcome.err());
  }

  @Test
  void aCriuThatEndsWithoutAnAnswerHasFailed() throws Exception {
    Outcome outcome = criu(1, "exit 0").perform();
    assertEquals(125, outcome.code());
    assertTrue(outcome.err().contains("has left no log in " + at("log")), outcome.err());
  }

  /** It tells of what it does, and waits for a reply each time, before it says what it has made. */
  @Test
  void whatIsRestoredIsKnownAndSetUpBeforeItGoesOn() throws Exception {
    Path script =
        Files.writeString(
            dir.resolve("script"),
            """
            cd DIRECTORY
            number() {
              n=$1
              while [ $n -gt 127 ]; do
                printf "\\\\x$(printf %x $((n % 128 + 128)))"
                n=$((n / 128))
              done
              printf "\\\\x$(printf %x $n)"
            }
            text() {
              printf '\\012'
              number ${#1}
              printf %s $1
            }
            message() {
              printf $1
              number $(wc -c < $2)
              cat $2
            }
            sleep 1000 > /dev/null 2>&1 &
            { printf '\\010'; number $!; } > made
            { text setup-namespaces; printf '\\020'; number $!; } > namespaces
            text post-restore > restored
            { printf '\\010\\006\\020\\001'; message '\\052' namespaces; } > first
            { printf '\\010\\006\\020\\001'; message '\\052' restored; } > second
            { printf '\\010\\002\\020\\001'; message '\\042' made; } > third
            for answer in first second third; do
              dd bs=9999 count=1 <&$at > asked.$answer 2> /dev/null
              cat $answer >&$at
            done
            """
                .replace("DIRECTORY", dir.toString()));
    assertSuccess(criu(2, ". " + script).perform());
    String pid = Files.readString(dir.resolve("identity")).split(" ")[0];
    assertEquals("sleep", Files.readString(Path.of("/proc", pid, "comm")).strip());
    ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();
    assertTrue(Files.exists(dir.resolve("then")));
    assertTrue(Files.exists(dir.resolve("last")));
    assertEquals(
        List.of(8, 6, 24, 1), numbers(Files.readAllBytes(dir.resolve("asked.third")), 0, 4));
    String request = Files.readString(dir.resolve("asked.first"), StandardCharsets.ISO_8859_1);
    assertTrue(request.contains("/"), "the control groups that criu is in");
  }

  @Test
  void aProgramThatIsNotThereIsMissedBeforeTheGate() throws Exception {
    Outcome outcome =
        new Draft()
            .spawn(NEWPID)
            .inside(
                new Operation.LookUp(
                    Text.of("no-such"), List.of(Text.of("PATH=/bin:/sbin")), Text.empty()))
            .exec("/bin/true")
            .perform();
    assertEquals(127, outcome.code());
    assertTrue(
        outcome.err().contains("exec: \"no-such\": executable file not found in $PATH"),
        outcome.err());
  }

  @Test
  void aPlanThatHasNotGotAllItsLocksLeavesNoneBehind() throws Exception {
    Files.writeString(dir.resolve("held"), "");
    Draft draft = new Draft();
    draft
        .host(new Operation.Lock(at("first"), n(0), draft.assembler.fdSlot("first")))
        .host(new Operation.Mkdir(FdSlot.NONE, at("held"), n(0700), n(-1), n(-1)))
        .host(new Operation.Lock(at("second"), n(0), draft.assembler.fdSlot("second")));
    draft.undo = Optional.of(dir.resolve("undo"));
    assertEquals(125, draft.perform().code());
    assertFalse(Files.exists(dir.resolve("first")));
    assertTrue(Files.exists(dir.resolve("held")));
  }

  @Test
  void namespacesOfAnotherContainerAreJoined() throws Exception {
    fifo("end");
    Draft first = new Draft().spawn(NEWPID | NEWNS | NEWUTS);
    first
        .inside(privateMounts())
        .inside(mount("proc", Text.of("/proc"), ""))
        .inside(new Operation.Hostname(Text.of("shared")))
        .paired(
            new Operation.Replace(
                at("pid"), n(0600), Text.builder().decimal(first.assembler.pid()).build()))
        .shell("echo > " + dir.resolve("ready") + "; read x < " + dir.resolve("end"))
        .supervise();
    Process running = first.start();
    waitFor(dir.resolve("ready"));
    String pid = Files.readString(dir.resolve("pid"));
    Draft second = new Draft();
    FdSlot namespace = second.assembler.fdSlot("pid namespace");
    FdSlot mounts = second.assembler.fdSlot("mount namespace");
    FdSlot names = second.assembler.fdSlot("uts namespace");
    second
        .host(
            new Operation.Open(
                FdSlot.NONE, Text.of("/proc/" + pid + "/ns/pid"), n(0), n(0), namespace))
        .host(
            new Operation.Open(
                FdSlot.NONE, Text.of("/proc/" + pid + "/ns/mnt"), n(0), n(0), mounts))
        .host(
            new Operation.Open(FdSlot.NONE, Text.of("/proc/" + pid + "/ns/uts"), n(0), n(0), names))
        .spawn(0, FdSlot.NONE, namespace)
        .inside(new Operation.Join(mounts, n(NEWNS)))
        .inside(new Operation.Join(names, n(NEWUTS)))
        .shell(
            "ls -d /proc/1 /proc/$$ > /dev/null && [ $$ -lt 20 ] && cat /proc/sys/kernel/hostname; exit 6")
        .supervise();
    Outcome outcome = second.perform();
    assertEquals(6, outcome.code(), outcome.err());
    assertEquals("shared\n", outcome.out());
    Files.writeString(dir.resolve("end"), "\n");
    assertSuccess(NativeProgram.outcome(running, ""));
  }

  @Test
  void idsAreMappedInAUserNamespace() throws Exception {
    Draft draft = new Draft().spawn(NEWUSER | NEWPID);
    for (String file : List.of("uid_map", "gid_map")) {
      Text path =
          Text.builder()
              .literal("/proc/")
              .decimal(draft.assembler.pid())
              .literal("/" + file)
              .build();
      draft.paired(new Operation.Write(FdSlot.NONE, path, n(1), n(0), Text.of("0 100000 1000\n")));
    }
    Outcome outcome =
        draft
            .inside(new Operation.Credentials(n(7), n(8), Text.of("9,10")))
            .shell("id -u; id -G; cat /proc/self/uid_map")
            .supervise()
            .perform();
    assertSuccess(outcome);
    assertEquals(
        "7\n8 9 10\n0 100000 1000\n", outcome.out().replaceAll("[ ]+", " ").replace("\n ", "\n"));
  }

  @Test
  void privilegesAreGivenUp() throws Exception {
    byte[] allowAll =
        ByteBuffer.allocate(8)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putShort((short) 6)
            .putShort((short) 0)
            .putInt(0x7fff_0000)
            .array();
    Outcome outcome =
        new Draft()
            .spawn(0)
            .inside(new Operation.Bounding(n(0x401)))
            .inside(new Operation.Credentials(n(1000), n(1000), Text.empty()))
            .inside(new Operation.Capabilities(n(0x400), n(0x401), n(0x400), n(0x400)))
            .inside(new Operation.NoNewPrivileges())
            .inside(new Operation.Seccomp(Text.bytes(allowAll), n(0), FdSlot.NONE, Text.empty()))
            .inside(new Operation.Rlimit(n(7), n(100), n(200)))
            .shell(
                "grep -E 'Uid|Groups|Cap|NoNew|Seccomp:' /proc/$$/status | tr -d ' '; ulimit -Sn; ulimit -Hn")
            .supervise()
            .perform();
    assertSuccess(outcome);
    assertEquals(
        "Uid:\t1000\t1000\t1000\t1000\nGroups:\t\n"
            + "CapInh:\t0000000000000400\nCapPrm:\t0000000000000400\nCapEff:\t0000000000000400\n"
            + "CapBnd:\t0000000000000401\nCapAmb:\t0000000000000400\nNoNewPrivs:\t1\nSeccomp:\t2\n100\n200\n",
        outcome.out());
  }

  @Test
  void usersAndGroupsAreThoseOfTheContainersFiles() throws Exception {
    Path etc = Files.createDirectories(dir.resolve("root/etc"));
    Files.writeString(
        etc.resolve("passwd"),
        "root:x:0:0:root:/root:/bin/sh\nweb:x:33:44::/var/www:/bin/sh\nbroken\n55:x:7:7::/odd:\n");
    Files.writeString(
        etc.resolve("group"),
        "root:x:0:\nvideo:x:90:other,web\nstaff:x:91:webby,root\nmail:x:92:web\n");
    assertEquals("33:44:90,92:/var/www", resolved("web"));
    assertEquals("33:91::/var/www", resolved("33:staff"));
    assertEquals("0:0:91:/root", resolved(""));
    assertEquals("1234:0::/", resolved("1234"));
    assertEquals("55:77::/", resolved("55:77"));
    assertEquals("33:44:5,90,92:/var/www", resolved("web", "5", "mail"));
    Outcome unknown = resolve("nobody");
    assertEquals(125, unknown.code());
    assertTrue(
        unknown.err().endsWith("the container's /etc/passwd has no user `nobody`\n"),
        unknown.err());
    assertTrue(
        resolve("web:nogroup")
            .err()
            .endsWith("the container's /etc/group has no group `nogroup`\n"));
  }

  /** Masked paths hide files under a device, directories under another. */
  @Test
  void whatHidesTheContainersFilesOfUsersTellsNothing() throws Exception {
    Path etc = Files.createDirectories(dir.resolve("root/etc"));
    Files.createDirectory(etc.resolve("passwd"));
    Files.createDirectory(etc.resolve("group"));
    assertEquals("33:44:5:/", resolved("33:44", "5"));
    assertEquals(125, resolve("web").code());
  }

  private Outcome resolve(String user, String... groups) throws IOException, InterruptedException {
    Draft draft = new Draft();
    IntSlot uid = draft.assembler.intSlot("uid");
    IntSlot gid = draft.assembler.intSlot("gid");
    TextSlot all = draft.assembler.textSlot("groups");
    TextSlot home = draft.assembler.textSlot("home");
    FdSlot root = draft.directory(dir.resolve("root"));
    draft
        .host(new Operation.ResolveUser(root, Text.of(user), texts(groups), uid, gid, all, home))
        .host(
            new Operation.Print(
                n(1),
                Text.builder()
                    .decimal(uid)
                    .literal(":")
                    .decimal(gid)
                    .literal(":")
                    .text(all)
                    .literal(":")
                    .text(home)
                    .build()));
    return draft.perform();
  }

  private String resolved(String user, String... groups) throws IOException, InterruptedException {
    Outcome outcome = resolve(user, groups);
    assertSuccess(outcome);
    return outcome.out();
  }

  @Test
  void aHelperReadsItsInputAndItsOutputIsCaptured() throws Exception {
    Operation run =
        new Operation.Run(
            texts("/bin/sh", "-c", "pwd; echo $X; cat"),
            texts("X=y"),
            Text.of("z".repeat(100_000)),
            at("captured"),
            Text.of("/usr"),
            n(0),
            Text.empty(),
            IntSlot.NONE);
    assertSuccess(new Draft().host(run).perform());
    assertEquals("/usr\ny\n" + "z".repeat(100_000), Files.readString(dir.resolve("captured")));
  }

  @Test
  void aHelpersStatusFailsTheStepUnlessItIsAskedFor() throws Exception {
    Outcome failed = new Draft().host(run(IntSlot.NONE, 0, "/bin/sh", "-c", "exit 3")).perform();
    assertEquals(125, failed.code());
    assertTrue(failed.err().endsWith("/bin/sh ended with status 3\n"), failed.err());
    Draft draft = new Draft();
    IntSlot status = draft.assembler.intSlot("status");
    draft.host(run(status, 0, "/bin/sh", "-c", "kill -9 $$")).host(new Operation.ExitWith(status));
    assertEquals(137, draft.perform().code());
    Outcome missing = new Draft().host(run(IntSlot.NONE, 0, "/no/such/helper")).perform();
    assertTrue(
        missing.err().endsWith("ENOENT: No such file or directory: /no/such/helper\n"),
        missing.err());
    Outcome slow =
        new Draft().host(run(IntSlot.NONE, 100, "/bin/sh", "-c", "sleep 100; true")).perform();
    assertTrue(slow.err().endsWith("/bin/sh took more than 100 ms\n"), slow.err());
  }

  @Test
  void aHelperMayHaveAnotherNameThanItsProgram() throws Exception {
    Operation run =
        new Operation.Run(
            texts("renamed", "-c", "echo $0"),
            List.of(),
            Text.empty(),
            at("captured"),
            Text.of("/"),
            n(0),
            Text.of("/bin/sh"),
            IntSlot.NONE);
    assertSuccess(new Draft().host(run).perform());
    assertEquals("renamed\n", Files.readString(dir.resolve("captured")));
  }

  private static Operation run(IntSlot status, int timeout, String... argv) {
    return new Operation.Run(
        texts(argv),
        texts("PATH=/usr/bin:/bin"),
        Text.empty(),
        Text.empty(),
        Text.of("/"),
        n(timeout),
        Text.empty(),
        status);
  }

  @Test
  void aTreeOfAnyDepthIsRemovedWithoutFollowingLinks() throws Exception {
    Path tree = dir.resolve("tree");
    Files.createDirectories(tree.resolve("d/".repeat(1500) + "end"));
    Files.createDirectories(tree.resolve("e/".repeat(300)));
    Files.createFile(tree.resolve(".deep-0"));
    Files.createDirectories(dir.resolve("outside"));
    Files.createFile(dir.resolve("outside/file"));
    Files.createSymbolicLink(tree.resolve("link"), dir.resolve("outside"));
    Files.setPosixFilePermissions(
        Files.createDirectory(tree.resolve("closed")),
        PosixFilePermissions.fromString("---------"));
    assertSuccess(removeTree("tree").perform());
    assertFalse(Files.exists(tree));
    assertTrue(Files.exists(dir.resolve("outside/file")));
    assertSuccess(removeTree("tree").perform());
  }

  private Draft removeTree(String name) {
    return new Draft().host(new Operation.RemoveTree(at(name), Text.empty(), Text.empty()));
  }

  @Test
  void whatIsMountedInATreeIsNotRemoved() throws Exception {
    Files.createDirectories(dir.resolve("tree/sub/point"));
    Outcome outcome =
        new Draft()
            .spawn(NEWNS)
            .inside(privateMounts())
            .inside(mount("tmpfs", at("tree/sub/point"), ""))
            .inside(write(at("tree/sub/point/file"), "kept"))
            .inside(new Operation.RemoveTree(at("tree"), Text.empty(), Text.empty()))
            .exec("/bin/true")
            .perform();
    assertEquals(125, outcome.code());
    assertTrue(outcome.err().contains("point: something is mounted there"), outcome.err());
  }

  @Test
  void whatAFullDiskCannotTakeLeavesWhatIsInTheFile() throws Exception {
    Files.createDirectories(dir.resolve("small"));
    Draft draft =
        new Draft()
            .spawn(NEWNS)
            .inside(privateMounts())
            .inside(mount("tmpfs", at("small"), "size=16k"))
            .inside(write(at("small/file"), "before"))
            .inside(overwrite("small/file", "short"))
            .inside(write(at("small/fill"), "x".repeat(8000)));
    draft.add(Phase.CONFINE, overwrite("small/file", "y".repeat(9000))).bestEffort();
    draft.inside(overwrite("small/other", "new"));
    Outcome outcome = draft.shell("cd " + dir + "/small; cat file other").supervise().perform();
    assertSuccess(outcome);
    assertEquals("shortnew", outcome.out());
  }

  private Operation overwrite(String name, String data) {
    return new Operation.Write(FdSlot.NONE, at(name), n(01101), n(0644), Text.of(data));
  }

  @Test
  void mountsAreBoundMaskedAndReadOnly() throws Exception {
    Files.createDirectories(dir.resolve("root/from/below"));
    Files.createDirectories(dir.resolve("root/hidden"));
    Files.createFile(dir.resolve("root/hidden/secret"));
    Files.createFile(dir.resolve("root/key"));
    Files.writeString(dir.resolve("root/key"), "secret");
    Draft draft = new Draft().spawn(NEWNS);
    String root = dir.resolve("root").toString();
    draft
        .inside(privateMounts())
        .inside(mount("tmpfs", at("root/from/below"), "size=64k"))
        .inside(bind(at("root/from"), at("root/all"), 1))
        .inside(bind(at("root/from"), at("root/top"), 2))
        .inside(bind(at("root/from"), at("root/one"), 0))
        .inside(new Operation.Mask(FdSlot.NONE, at("root/hidden")))
        .inside(new Operation.Mask(FdSlot.NONE, at("root/key")))
        .inside(new Operation.Mask(FdSlot.NONE, at("root/missing")))
        .inside(new Operation.Device(FdSlot.NONE, at("root/zero"), Text.of("/dev/zero")))
        .shell(
            "cd "
                + root
                + "; for d in all top one; do touch $d/x 2>/dev/null; echo $? $(touch $d/below/x 2>/dev/null; echo $?); done;"
                + "ls hidden; cat key; head -c 2 zero | wc -c;"
                // Its mode and owner would be those of the host's /dev/null.
                + " echo x > key && grep -o 'root/key r[ow]' /proc/self/mountinfo")
        .supervise();
    Outcome outcome = draft.perform();
    assertSuccess(outcome);
    assertEquals("1 1\n1 0\n1 1\n2\nroot/key ro\n", outcome.out());
  }

  /** Read-only. */
  private static Operation bind(Text source, Text target, int depth) {
    return new Operation.Bind(
        FdSlot.NONE, FdSlot.NONE, source, target, n(depth), n(1), n(0), n(0), FdSlot.NONE, n(3));
  }

  @Test
  void whatAnImageHasAtAPlaceIsCopiedUpWithModesAndOwners() throws Exception {
    Path from = Files.createDirectories(dir.resolve("from/sub/deep"));
    Files.writeString(dir.resolve("from/sub/file"), "text");
    Files.setAttribute(dir.resolve("from/sub/file"), "unix:uid", 5);
    Files.setAttribute(dir.resolve("from/sub/file"), "unix:mode", 04751);
    Files.setAttribute(from, "unix:mode", 01703);
    Files.createSymbolicLink(dir.resolve("from/link"), Path.of("sub/file"));
    Files.createDirectories(dir.resolve("to"));
    Draft draft = new Draft();
    FdSlot in = draft.directory(dir);
    assertSuccess(
        draft.host(new Operation.CopyUp(in, Text.of("/from"), in, Text.of("/to"))).perform());
    assertEquals("text", Files.readString(dir.resolve("to/sub/file")));
    assertEquals(5, Files.getAttribute(dir.resolve("to/sub/file"), "unix:uid"));
    assertEquals(04751, (int) Files.getAttribute(dir.resolve("to/sub/file"), "unix:mode") & 07777);
    assertEquals(01703, (int) Files.getAttribute(dir.resolve("to/sub/deep"), "unix:mode") & 07777);
    assertEquals(Path.of("sub/file"), Files.readSymbolicLink(dir.resolve("to/link")));
  }

  @Test
  void netlinkBringsTheLoopbackInterfaceUp() throws Exception {
    Outcome outcome =
        new Draft()
            .spawn(NEWNET)
            .inside(new Operation.Netlink(n(0), Text.bytes(linkUp(1))))
            .shell("grep -c 127.0.0.1 /proc/net/fib_trie")
            .supervise()
            .perform();
    assertEquals(0, outcome.code(), outcome.err());
    Outcome refused =
        new Draft()
            .spawn(NEWNET)
            .inside(new Operation.Netlink(n(0), Text.bytes(linkUp(77))))
            .exec("/bin/true")
            .perform();
    assertEquals(125, refused.code());
    assertTrue(refused.err().contains("ENODEV"), refused.err());
  }

  @Test
  void aRefusalOfARequestThatNobodyWaitsForIsNotSeen() throws Exception {
    Outcome outcome =
        new Draft()
            .spawn(NEWNET)
            .host(new Operation.NetlinkLater(n(0), Text.bytes(linkUp(1 << 30))))
            .exec("/bin/true")
            .supervise()
            .perform();
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals("", outcome.err());
    Outcome refused =
        new Draft().host(new Operation.NetlinkLater(n(0), Text.bytes(new byte[4]))).perform();
    assertTrue(refused.err().contains("a request of 4 bytes"), refused.err());
  }

  @Test
  void whatTheKernelDoesNotKnowAProgramMakes() throws Exception {
    for (int index : new int[] {1, 1 << 30}) {
      Path made = dir.resolve("made" + index);
      Outcome outcome =
          new Draft()
              .host(
                  new Operation.NetlinkElseRun(
                      n(0),
                      Text.bytes(linkUp(index)),
                      List.of(Text.of("/bin/sh"), Text.of("-c"), Text.of("cat > " + made)),
                      List.of(),
                      Text.of("text"),
                      n(5000)))
              .perform();
      assertEquals(0, outcome.code(), outcome.err());
      assertEquals(index != 1, Files.exists(made));
    }
    Outcome failed =
        new Draft()
            .host(
                new Operation.NetlinkElseRun(
                    n(0),
                    Text.bytes(linkUp(1 << 30)),
                    List.of(Text.of("/bin/false")),
                    List.of(),
                    Text.empty(),
                    n(5000)))
            .perform();
    assertEquals(125, failed.code());
    assertTrue(failed.err().contains("/bin/false ended with status 1"), failed.err());
  }

  @Test
  void aSocketHoldsItsPortUntilThePlanEnds() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Draft draft = new Draft();
    Outcome twice = draft.host(socket(draft, port)).host(socket(draft, port)).perform();
    assertEquals(125, twice.code());
    assertTrue(twice.err().contains("EADDRINUSE: Address already in use: bind"), twice.err());
    Draft later = new Draft();
    assertEquals(0, later.host(socket(later, port)).perform().code());
    Operation none =
        new Operation.Socket(n(2), n(1), n(6), Text.bytes(new byte[1]), n(1), FdSlot.NONE);
    Outcome refused = new Draft().host(none).perform();
    assertTrue(refused.err().contains("an address of 1 bytes"), refused.err());
    Operation nowhere = new Operation.Forward(List.of(Text.of("0 localhost 80")));
    Outcome unknown = new Draft().host(nowhere).perform();
    assertTrue(unknown.err().contains("EINVAL: Invalid argument: 0 localhost 80"), unknown.err());
  }

  /** TCP at 127.0.0.1. */
  private static Operation socket(Draft draft, int port) {
    byte[] address = {2, 0, (byte) (port >> 8), (byte) port, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0};
    FdSlot held = draft.assembler.fdSlot("held");
    return new Operation.Socket(n(2), n(1), n(6), Text.bytes(address), n(1), held);
  }

  private static byte[] linkUp(int index) {
    ByteBuffer message = ByteBuffer.allocate(32).order(ByteOrder.nativeOrder());
    message.putInt(32).putShort((short) 16).putShort((short) 0).putInt(1).putInt(0);
    message.putInt(0).putInt(index).putInt(1).putInt(1);
    return message.array();
  }

  @Test
  void aFileThatIsLockedIsNotLockedTwice() throws Exception {
    Draft draft = new Draft().host(new Operation.Lock(at("lock"), n(0), FdSlot.NONE));
    try (FileChannel channel =
        FileChannel.open(
            dir.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.lock();
      Outcome outcome = draft.perform();
      assertEquals(125, outcome.code());
      assertTrue(outcome.err().endsWith("lock is locked by another process\n"), outcome.err());
    }
    assertSuccess(draft.perform());
  }

  @Test
  void whatHasNoOwnerIsTakenDown() throws Exception {
    Path owners = Files.createDirectories(dir.resolve("owners"));
    for (String id : List.of("dead", "alive", "stuck")) {
      Files.createFile(owners.resolve(id));
      Files.createDirectories(dir.resolve("containers/" + id));
    }
    Path dead = dir.resolve("containers/dead/undo.plan");
    Files.write(dead, PlanCodec.encode(new Draft().host(write(at("dead-undone"), "")).plan()));
    Files.write(
        dir.resolve("containers/alive/undo.plan"),
        PlanCodec.encode(new Draft().host(write(at("alive-undone"), "")).plan()));
    Files.write(
        dir.resolve("containers/stuck/undo.plan"),
        PlanCodec.encode(new Draft().host(new Operation.Rmdir(FdSlot.NONE, at("none"))).plan()));
    try (FileChannel channel =
        FileChannel.open(owners.resolve("alive"), StandardOpenOption.WRITE)) {
      channel.lock();
      Outcome outcome =
          new Draft()
              .host(
                  new Operation.Reconcile(Text.of(owners), at("containers"), Text.of("undo.plan")))
              .perform();
      assertEquals(0, outcome.code());
      assertTrue(outcome.err().contains("cleaning up container stuck"), outcome.err());
    }
    assertTrue(Files.exists(dir.resolve("dead-undone")));
    assertFalse(Files.exists(dir.resolve("containers/dead")));
    assertFalse(Files.exists(owners.resolve("dead")));
    assertFalse(Files.exists(dir.resolve("alive-undone")));
    assertTrue(Files.exists(dir.resolve("containers/alive")));
    assertTrue(Files.exists(owners.resolve("stuck")));
  }

  @Test
  void aTraceHasALineForEachStep() throws Exception {
    Plan plan =
        new Draft().host(write(at("file"), "")).spawn(NEWPID).exec("/bin/true").supervise().plan();
    Path file = dir.resolve("traced");
    Files.write(file, PlanCodec.encode(plan.traced(dir.resolve("trace"))));
    assertSuccess(NativeProgram.outcome(NativeProgram.start("perform", file.toString()), ""));
    List<String> lines = Files.readAllLines(dir.resolve("trace"));
    assertEquals(plan.steps().size(), lines.size());
    for (int i = 0; i < lines.size(); i++) {
      assertTrue(
          lines
              .get(i)
              .matches((i + 1) + " " + plan.steps().get(i).actor().number() + " \\d+ \\d+ 0"),
          lines.get(i));
    }
  }

  @Test
  void aSupervisorThatOnlyWaitsTakesLittleMemory() throws Exception {
    fifo("end");
    Draft draft = new Draft().spawn(NEWPID).shell("read x < " + dir.resolve("end"));
    Process process = draft.superviseWithPipes(at("log"), at("attach"), 0).start();
    Thread.sleep(1500);
    long pss = -1;
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/smaps_rollup"))) {
      if (line.startsWith("Pss:")) {
        pss = Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    Files.writeString(dir.resolve("end"), "\n");
    assertSuccess(NativeProgram.outcome(process, ""));
    assertTrue(pss > 0 && pss < 300, "its share of memory is " + pss + " KB");
  }

  @Test
  void theRootIsChangedAndTheHostsIsGone() throws Exception {
    Path root = Files.createDirectories(dir.resolve("root"));
    for (String name : List.of("usr", "proc", "run")) {
      Files.createDirectories(root.resolve(name));
    }
    for (String name : List.of("bin", "lib", "lib64")) {
      Files.createSymbolicLink(root.resolve(name), Path.of("usr", name));
    }
    Draft draft = new Draft().spawn(NEWNS | NEWPID);
    FdSlot gate = gate(draft);
    FdSlot in = draft.directory(root);
    draft
        .inside(privateMounts())
        .inside(
            new Operation.Bind(
                FdSlot.NONE,
                FdSlot.NONE,
                Text.of(root),
                Text.of(root),
                n(1),
                n(0),
                n(0),
                n(0),
                FdSlot.NONE,
                n(0)))
        .inside(
            new Operation.Bind(
                FdSlot.NONE,
                FdSlot.NONE,
                Text.of("/usr"),
                Text.of(root.resolve("usr")),
                n(1),
                n(1),
                n(0),
                n(0),
                FdSlot.NONE,
                n(0)))
        .inside(new Operation.PivotRoot(Text.of(root)))
        .inside(mount("proc", Text.of("/proc"), ""))
        .inside(new Operation.Gate(gate))
        .inside(new Operation.Chdir(FdSlot.NONE, Text.of("/work/here"), n(1)))
        .shell("pwd; ls /; wc -l < /proc/mounts; touch /usr/x 2>&- || echo closed")
        .supervise();
    Process process = draft.start();
    release();
    Outcome outcome = NativeProgram.outcome(process, "");
    assertSuccess(outcome);
    assertEquals("/work/here\nbin\nlib\nlib64\nproc\nrun\nusr\nwork\n3\nclosed\n", outcome.out());
  }

  @Test
  void theContainerEndsWithItsOwner() throws Exception {
    fifo("lifeline");
    Draft draft = new Draft().spawn(NEWPID).exec("/usr/bin/sleep", "1000");
    IntSlot signal = draft.assembler.intSlot("signal");
    draft.add(
        Phase.STARTED,
        new Operation.Supervise(
            draft.assembler.pidfd(),
            draft.assembler.pid(),
            FdSlot.NONE,
            FdSlot.NONE,
            FdSlot.NONE,
            FdSlot.NONE,
            Text.empty(),
            n(0),
            n(1),
            at("attach"),
            Text.empty(),
            at("lifeline"),
            n(0),
            Text.empty(),
            Text.empty(),
            Text.empty(),
            Text.empty(),
            draft.assembler.exitStatus(),
            signal));
    draft.add(Phase.ENDED, new Operation.ExitWith(signal));
    Process process;
    try (FileChannel owner =
        FileChannel.open(
            dir.resolve("lifeline"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      process = draft.start();
      waitFor(dir.resolve("attach"));
      Thread.sleep(200);
      assertTrue(process.isAlive());
      assertTrue(owner.isOpen());
    }
    assertEquals(9, NativeProgram.outcome(process, "").code());
  }

  /** What stands for the counter is a plain file here, which nobody is told of: the last look. */
  private Draft watching(Path counter) throws IOException {
    PlanAssembler told = new PlanAssembler();
    told.add(
        Phase.HOST,
        "test",
        new Operation.Write(FdSlot.NONE, at("told"), n(02101), n(0644), Text.of("told\n")),
        "tell");
    Draft draft = new Draft().spawn(NEWPID);
    draft.shell(
        "[ ! -e " + counter + " ] || printf 'oom_kill_disable 7\\noom_kill 2\\n' > " + counter);
    draft.add(
        Phase.STARTED,
        new Operation.Supervise(
            draft.assembler.pidfd(),
            draft.assembler.pid(),
            FdSlot.NONE,
            FdSlot.NONE,
            FdSlot.NONE,
            FdSlot.NONE,
            Text.empty(),
            n(0),
            n(1),
            Text.empty(),
            Text.empty(),
            Text.empty(),
            n(0),
            Text.of(counter),
            Text.of("oom_kill"),
            Text.empty(),
            Text.bytes(PlanCodec.encode(told.run(Optional.empty()))),
            draft.assembler.exitStatus(),
            draft.assembler.intSlot("signal")));
    return draft;
  }

  @Test
  void whatTheKernelKilledIsToldOfOnceBeforeTheEnd() throws Exception {
    Path counter = Files.writeString(dir.resolve("counter"), "oom_kill 0\n");
    assertSuccess(NativeProgram.outcome(watching(counter).start(), ""));
    assertEquals("told\n", Files.readString(dir.resolve("told")));
  }

  @Test
  void aCounterThatIsNotThereIsNotWatched() throws Exception {
    assertSuccess(NativeProgram.outcome(watching(dir.resolve("counter")).start(), ""));
    assertFalse(Files.exists(dir.resolve("told")));
  }

  @Test
  void everyProcessOfAGroupIsKilledAndTheGroupRemoved() throws Exception {
    Path pids = Path.of("/sys/fs/cgroup/pids");
    assumeTrue(Files.isDirectory(pids), "the pids controller is in a hierarchy of version 1");
    Path group = pids.resolve("hardway").resolve("executor-test-" + ProcessHandle.current().pid());
    Draft draft = new Draft().spawn(NEWPID);
    FdSlot tasks = draft.assembler.fdSlot("tasks");
    draft
        .host(new Operation.Mkdirs(FdSlot.NONE, Text.of(group.resolve("below")), n(0755)))
        .host(
            new Operation.Open(
                FdSlot.NONE, Text.of(group.resolve("below/cgroup.procs")), n(1), n(0), tasks))
        .inside(new Operation.WriteFd(tasks, Text.of("0")))
        .shell("sleep 1000 & sleep 1000");
    draft.add(Phase.STARTED, new Operation.KillGroup(List.of(Text.of(group)), n(1)));
    draft.supervise();
    draft.add(Phase.ENDED, new Operation.RemoveGroup(Text.of(group), n(5000)));
    draft.add(Phase.ENDED, new Operation.RemoveGroup(Text.of(group), n(5000)));
    Outcome outcome = draft.perform();
    assertEquals(137, outcome.code(), outcome.err());
    assertFalse(Files.exists(group));
  }

  @Test
  void filesOfMappedIdsAreRemovedByTheirUser() throws Exception {
    String user = "hardway-subids";
    assumeTrue(
        Files.readString(Path.of("/etc/passwd")).contains(user + ":")
            && Files.exists(Path.of("/usr/bin/newuidmap")),
        "there is a user " + user + " with subordinate ids, and newuidmap");
    String granted = "";
    for (String line : Files.readAllLines(Path.of("/etc/subuid"))) {
      granted = line.startsWith(user + ":") ? line.split(":")[1] : granted;
    }
    Process id = new ProcessBuilder("id", "-u", user).start();
    String uid = new String(id.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    String map = "0 " + uid + " 1\n1 " + granted + " 1000\n";
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path home = Files.createDirectory(dir.resolve("home"));
    Path tree = Files.createDirectories(home.resolve("tree/sub"));
    Files.createFile(tree.resolve("file"));
    for (Path path : List.of(tree.resolve("file"), tree)) {
      Files.setAttribute(path, "unix:uid", Integer.parseInt(granted) + 5);
      Files.setAttribute(path, "unix:gid", Integer.parseInt(granted) + 5);
    }
    Files.setAttribute(home, "unix:uid", Integer.parseInt(uid));
    Files.setAttribute(home.resolve("tree"), "unix:uid", Integer.parseInt(uid));
    Files.setPosixFilePermissions(tree, PosixFilePermissions.fromString("rwx------"));
    Path file = dir.resolve("plan");
    Path program = Files.copy(NativeProgram.path(), dir.resolve("hardway-init"));
    Files.write(
        file,
        PlanCodec.encode(
            new Draft()
                .host(
                    new Operation.RemoveTree(
                        Text.of(home.resolve("tree")), Text.of(map), Text.of(map)))
                .plan()));
    Process process =
        new ProcessBuilder(
                "setpriv",
                "--reuid",
                user,
                "--regid",
                user,
                "--clear-groups",
                program.toString(),
                "perform",
                file.toString())
            .start();
    assertSuccess(NativeProgram.outcome(process, ""));
    assertFalse(Files.exists(home.resolve("tree")));
  }

  @Test
  void plansOfThePlannerArePerformedAsItAsksAndTheLastOneWhenItIsGone() throws Exception {
    Path home = dir.resolve("home");
    Files.createDirectories(home.resolve("bin"));
    Files.createDirectories(home.resolve("lib"));
    Files.copy(NativeProgram.path(), home.resolve("bin/hardway"));
    Files.write(
        dir.resolve("first"),
        frame(1, PlanCodec.encode(new Draft().host(write(at("first-done"), "")).plan())));
    Files.write(
        dir.resolve("failing"),
        frame(
            1,
            PlanCodec.encode(
                new Draft().host(new Operation.Rmdir(FdSlot.NONE, at("none"))).plan())));
    byte[] last = PlanCodec.encode(new Draft().spawn(NEWPID).shell("exit 5").supervise().plan());
    Files.write(
        dir.resolve("last"),
        frame(3, ByteBuffer.allocate(4 + last.length).putInt(0).put(last).array()));
    Files.writeString(
        dir.resolve("planner"),
        "cd "
            + dir
            + "\ncat first >&4\nhead -c 12 <&3 > result\n[ -e first-done ] || exit 1\ncat failing >&4\n"
            + "dd bs=4096 count=1 <&3 > failure 2>/dev/null\necho $HARDWAY_HOME $HARDWAY_CHANNEL $* > said\ncat last >&4\nexec sleep 1000\n");
    Files.writeString(
        home.resolve("lib/planner.argv"), "/bin/sh\n" + dir.resolve("planner") + "\n");
    Process process =
        new ProcessBuilder(home.resolve("bin/hardway").toString(), "run", "x y").start();
    Outcome outcome = NativeProgram.outcome(process, "");
    assertEquals(5, outcome.code(), outcome.err());
    assertEquals(home + " 3,4 run x y\n", Files.readString(dir.resolve("said")));
    ByteBuffer result =
        ByteBuffer.wrap(Files.readAllBytes(dir.resolve("result"))).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(List.of(2, 4, 0), List.of(result.getInt(), result.getInt(), result.getInt()));
    ByteBuffer failure =
        ByteBuffer.wrap(Files.readAllBytes(dir.resolve("failure"))).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(2, failure.getInt());
    assertEquals(failure.capacity() - 8, failure.getInt());
    assertEquals(125, failure.getInt());
    assertTrue(
        Files.readString(dir.resolve("failure"), StandardCharsets.ISO_8859_1).contains("ENOENT"));
  }

  private static byte[] frame(int type, byte[] payload) {
    return ByteBuffer.allocate(8 + payload.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(type)
        .putInt(payload.length)
        .put(payload)
        .array();
  }

  @Test
  void theImageOfTheExecutorIsOutOfTheContainersReach() throws Exception {
    Outcome outcome =
        new Draft()
            .host(new Operation.Protect())
            .spawn(NEWPID)
            .exec("/bin/true")
            .supervise()
            .perform();
    assertSuccess(outcome);
  }

  @Test
  void damagedPlansAreRefusedBeforeTheFirstStep() throws Exception {
    Draft draft = new Draft().host(write(at("written"), ""));
    byte[] bytes = PlanCodec.encode(draft.plan());
    Path file = dir.resolve("damaged");
    for (int length = 0; length < bytes.length; length += 7) {
      Files.write(file, Arrays.copyOf(bytes, length));
      assertEquals(
          125, NativeProgram.outcome(NativeProgram.start("perform", file.toString()), "").code());
    }
    assertFalse(Files.exists(dir.resolve("written")));
  }

  private void fifo(String name) throws Exception {
    assertEquals(0, new ProcessBuilder("mkfifo", dir.resolve(name).toString()).start().waitFor());
  }
}
