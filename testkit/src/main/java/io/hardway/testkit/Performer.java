package io.hardway.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.init.Spawner;
import io.hardway.spi.FdSlot;
import io.hardway.spi.IntOperand;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.Text;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.Phase;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.PlanAssembler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Has plans performed by {@code hardway-init}, and looks after the processes they make. */
final class Performer {
  /** The name by which the native program takes plans; by another it is the command. */
  private static final String EXECUTOR = "hardway-init";

  private static final String CORE = "core";
  private static final String PATH = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";

  /** Longer than any plan takes, in an emulated machine too. */
  private static final long PATIENCE_SECONDS = 120;

  private final Path directory;
  private final Spawner spawner;
  private final List<Process> parents = new ArrayList<>();
  private int plans;

  /**
   * By this program.
   *
   * @param directory for what it needs: plans, and what is said about them
   */
  Performer(Path program, Path directory) throws IOException {
    this.directory = directory;
    this.spawner =
        new Spawner(Files.createSymbolicLink(directory.resolve(EXECUTOR), program.toRealPath()));
  }

  /** How a plan ended. */
  record Outcome(int exitCode, String said) {}

  /** Performs a plan to its end. */
  Outcome perform(Plan plan) throws IOException, InterruptedException {
    Path said = next("said");
    Process process = start(plan, said);
    assertTrue(
        process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS),
        () -> "not performed after " + PATIENCE_SECONDS + " s: " + StepTexts.of(plan.steps()));
    return new Outcome(process.exitValue(), Files.readString(said));
  }

  /** Performs a plan of which every step must succeed. */
  void succeed(Plan plan) throws IOException, InterruptedException {
    Outcome outcome = perform(plan);
    assertEquals(0, outcome.exitCode(), outcome::said);
  }

  /**
   * Performs a plan that has one more process, which runs a shell script, in the place of a
   * container's: it does what plugins contributed to the phases of a container's process first.
   *
   * @param born the directory the process is to be born in, or none
   */
  GroupMember start(PlanAssembler plan, FdSlot born, String script)
      throws IOException, InterruptedException {
    Path identity = next("pid");
    Path ready = next("ready");
    Path said = next("said");
    PlanBuilder core = plan.forPlugin(CORE);
    core.spawn().spawn(0, FdSlot.NONE, FdSlot.NONE, born).label("make the process");
    core.paired()
        .replace(identity, 0600, Text.builder().decimal(plan.pid()).build())
        .label("note which one it is");
    core.confine().resetSignals().label("take signals as they come");
    core.confine()
        .exec(
            List.of("/bin/sh", "-c", ": > \"$0\"\n" + script, ready.toString()), List.of(PATH), "")
        .label("run the script");
    plan.add(Phase.STARTED, CORE, supervise(plan), "be its parent until it ends");
    plan.add(
        Phase.ENDED, CORE, new Operation.ExitWith(plan.exitStatus()), "end with its exit code");
    Process parent = start(plan.run(Optional.empty()), said);
    Eventually.isTrue(
        () -> Files.exists(ready) || !parent.isAlive(), () -> "the process does not run");
    if (!Files.exists(ready)) {
      throw new AssertionError("the process was not made: " + Files.readString(said));
    }
    return new GroupMember(parent, Long.parseLong(Files.readString(identity)));
  }

  private static Operation supervise(PlanAssembler plan) {
    return new Operation.Supervise(
        plan.pidfd(),
        plan.pid(),
        FdSlot.NONE,
        FdSlot.NONE,
        FdSlot.NONE,
        FdSlot.NONE,
        Text.empty(),
        IntOperand.of(0),
        IntOperand.of(0),
        Text.empty(),
        Text.empty(),
        Text.empty(),
        IntOperand.of(0),
        Text.empty(),
        Text.empty(),
        Text.empty(),
        Text.empty(),
        plan.exitStatus(),
        plan.intSlot("signal"));
  }

  private Process start(Plan plan, Path said) throws IOException {
    Process process =
        spawner.start(
            plan,
            next("plan"),
            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()),
            ProcessBuilder.Redirect.DISCARD,
            ProcessBuilder.Redirect.to(said.toFile()));
    parents.add(process);
    return process;
  }

  private Path next(String kind) {
    return directory.resolve(kind + plans++);
  }

  /** Ends what still runs. */
  void endProcesses() throws IOException, InterruptedException {
    for (Process parent : parents) {
      parent.destroy();
      if (!parent.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        parent.destroyForcibly().waitFor();
      }
    }
    Files.delete(spawner.program());
  }
}
