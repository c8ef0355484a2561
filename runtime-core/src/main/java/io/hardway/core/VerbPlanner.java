package io.hardway.core;

import io.hardway.init.PlanCodec;
import io.hardway.spi.Errno;
import io.hardway.spi.ExecRequest;
import io.hardway.spi.FdSlot;
import io.hardway.spi.Host;
import io.hardway.spi.IntOperand;
import io.hardway.spi.IntSlot;
import io.hardway.spi.Location;
import io.hardway.spi.Stage;
import io.hardway.spi.Stdio;
import io.hardway.spi.Text;
import io.hardway.spi.TextSlot;
import io.hardway.spi.Waiting;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.Phase;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.spec.ContainerProcess;
import io.hardway.spi.spec.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Plans what is done with containers that exist. One planner makes one plan, possibly for several
 * containers.
 */
final class VerbPlanner {
  private static final String CORE = StartPlanner.CORE;
  private static final int SIGKILL = 9;
  private static final int FORWARD_SIGNALS = 1;
  private static final int CALLER_INPUT = 2;
  private static final int CALLER_OUTPUT = 4;
  private static final int CALLER_RAW = 8;
  private static final int KILL_PATIENCE_MILLIS = 10_000;

  private final Directories directories;
  private final Host host;
  private final Plugins plugins;
  private final ControlGroups groups;
  private final Journal journal;
  private final PlanAssembler assembler = new PlanAssembler();
  private final Map<Path, Plan> stored = new LinkedHashMap<>();
  private Optional<Path> undo = Optional.empty();
  private final Stage steps = assembler.stage(Phase.HOST, CORE);

  VerbPlanner(
      Directories directories, Host host, Plugins plugins, ControlGroups groups, Journal journal) {
    this.directories = directories;
    this.host = host;
    this.plugins = plugins;
    this.groups = groups;
    this.journal = journal;
  }

  /** The plan. */
  PlannedCommand plan() {
    return new PlannedCommand(assembler.run(undo), stored);
  }

  /** Cleans up after owners that are gone. */
  VerbPlanner reconcile() {
    StartPlanner.reconcile(assembler, Phase.HOST, directories);
    return this;
  }

  /** Sends a signal; one that is to end a paused container lets it go on. */
  VerbPlanner kill(ContainerRecord container, int signal) {
    requireAlive(container, "kill");
    steps
        .signal(directories.identity(container.config().id()), signal)
        .label("send signal " + signal + " to " + container.config().name());
    if (container.status() == Status.PAUSED
        && (signal == SIGKILL || signal == container.config().stopSignal())) {
      thaw(container.config()); // what stands still does not end
    }
    if (signal == SIGKILL) {
      settle(container, KILL_PATIENCE_MILLIS);
    }
    event(container.config(), "kill", Map.of("signal", Integer.toString(signal)));
    return this;
  }

  /**
   * Asks it to end, and kills it when it has not after so many seconds; negative: waits for ever.
   */
  VerbPlanner stop(ContainerRecord container, int signal, int seconds) {
    if (!container.status().isAlive()) {
      return this;
    }
    ContainerConfig config = container.config();
    Path identity = directories.identity(config.id());
    steps
        .signal(identity, signal)
        .ignoring(Errno.ESRCH, Errno.ENOENT)
        .label("ask " + config.name() + " to end: signal " + signal);
    if (container.status() == Status.PAUSED) {
      thaw(config);
    }
    if (seconds != 0) {
      steps
          .awaitExit(identity, seconds < 0 ? 0 : seconds * 1000L)
          .ignoring(Errno.ETIMEDOUT, Errno.ENOENT, Errno.ESRCH)
          .label(
              seconds < 0
                  ? "wait until it has ended"
                  : "wait up to " + seconds + " s until it has ended");
    }
    steps
        .signal(identity, SIGKILL)
        .ignoring(Errno.ESRCH, Errno.ENOENT)
        .label("kill it where it has not");
    settle(container, KILL_PATIENCE_MILLIS);
    event(config, "stop", Map.of());
    return this;
  }

  /** Waits until its owner has taken it down, or does that itself where the owner is gone. */
  private void settle(ContainerRecord container, int millis) {
    String id = container.config().id();
    FdSlot lock = assembler.fdSlot("owner lock of " + container.config().name());
    steps
        .awaitExit(directories.identity(id), millis)
        .ignoring(Errno.ENOENT, Errno.ESRCH)
        .label("wait until its process is gone");
    steps
        .lock(directories.owner(id), Waiting.UNTIL_FREE, lock)
        .label("wait until its owner has taken it down");
    steps.close(lock).label("let go of the lock");
    reconcile();
  }

  /** Deletes a container; one that runs only where it may be killed. */
  VerbPlanner remove(ContainerRecord container, boolean force, boolean volumes) {
    ContainerConfig config = container.config();
    if (container.status().isAlive() || container.status() == Status.CREATING) {
      if (!force) {
        throw new HardwayException(
            "container "
                + config.name()
                + " is "
                + container.status().label()
                + ": stop it first, or remove it with --force",
            1);
      }
      steps
          .signal(directories.identity(config.id()), SIGKILL)
          .ignoring(Errno.ESRCH, Errno.ENOENT)
          .label("kill " + config.name());
      if (container.status() == Status.PAUSED) {
        thaw(config);
      }
      settle(container, KILL_PATIENCE_MILLIS);
    }
    Plan removal = removalPlan(config);
    FdSlot lock = assembler.fdSlot("owner lock of " + config.name());
    steps
        .mkdirs(Location.host(directories.owners()), 0711)
        .label("make the directory of owner locks");
    steps
        .mkdirs(Location.host(directories.ownedContainers()), 0711)
        .label("make the directory of owned containers");
    steps
        .lock(directories.owner(config.id()), Waiting.NEVER, lock)
        .retry(StartPlanner.CLEANING_MILLIS)
        .label("become the owner of " + config.name())
        .hint("another hardway command is at work on this container");
    steps
        .mkdir(Location.host(directories.containerState(config.id())), 0711)
        .label("make the directory of what is true while it is owned")
        // There is one where the undo has failed. What it undoes would be forgotten with it.
        .hint(
            "what "
                + config.name()
                + " had could not be taken down, as is said above; every command tries again");
    if (volumes) {
      PlanAssembler own = new PlanAssembler();
      for (String volume : config.ownVolumes()) {
        VolumeSteps.remove(
                own.stage(Phase.REMOVAL, CORE), host, directories.volumes().resolve(volume))
            .label("remove volume " + volume);
      }
      removal = own.removal().then(removal);
    }
    Path undoPlan = directories.undoPlan(config.id());
    PlanAssembler last = new PlanAssembler();
    last.stage(Phase.KILL, CORE)
        .removeTree(directories.containerState(config.id()))
        .label("remove the directory of what was true while it was owned");
    last.stage(Phase.KILL, CORE)
        .unlink(Location.host(directories.owner(config.id())))
        .ignoring(Errno.ENOENT)
        .label("stop owning the container");
    Plan whole = removal.then(last.teardown());
    stored.put(undoPlan, whole);
    steps
        .replace(undoPlan, 0600, Text.bytes(PlanCodec.encode(whole)))
        .label("store what is done, for who finds it half done");
    assembler.add(
        Phase.HOST, CORE, new Operation.Perform(Text.of(undoPlan)), "remove " + config.name());
    steps.close(lock).label("let go of the lock");
    event(config, "destroy", Map.of());
    return this;
  }

  private Plan removalPlan(ContainerConfig config) {
    Path file = directories.removalPlan(config.id());
    try {
      return PlanCodec.decode(Files.readAllBytes(file));
    } catch (NoSuchFileException gone) {
      PlanAssembler tree = new PlanAssembler();
      tree.stage(Phase.REMOVAL, CORE)
          .removeTree(directories.containerData(config.id()))
          .label("remove the container's directory");
      return StartPlanner.removal(directories, tree, config);
    } catch (IOException | IllegalArgumentException e) {
      throw new HardwayException(file + ": " + e.getMessage(), e);
    }
  }

  /** Makes all its processes stand still. */
  VerbPlanner pause(ContainerRecord container) {
    if (container.status() == Status.PAUSED) {
      throw new HardwayException(
          "container " + container.config().name() + " is already paused", 1);
    }
    requireAlive(container, "pause");
    group(container.config(), "pause").contributeFreeze(assembler);
    event(container.config(), "pause", Map.of());
    return this;
  }

  /** Lets its processes go on. */
  VerbPlanner unpause(ContainerRecord container) {
    if (container.status() != Status.PAUSED) {
      throw new HardwayException("container " + container.config().name() + " is not paused", 1);
    }
    requireThawedAbove(container.config());
    thaw(container.config());
    event(container.config(), "unpause", Map.of());
    return this;
  }

  private void requireThawedAbove(ContainerConfig config) {
    Optional<Path> above = groups.of(config).frozenAbove();
    if (above.isPresent()) {
      throw new HardwayException(
          "cannot unpause container "
              + config.name()
              + ": the group above it, "
              + above.get()
              + ", is frozen; thaw that first",
          1);
    }
  }

  private void thaw(ContainerConfig config) {
    group(config, "unpause").contributeThaw(assembler);
  }

  /** Changes limits, of what runs and of what is kept. */
  VerbPlanner update(ContainerRecord container, Resources changed, ContainerConfig updated) {
    if (container.status().isAlive()) {
      change(container.config(), changed);
    }
    keep(updated);
    undo.ifPresent(
        file ->
            steps
                .unlink(Location.host(file))
                .bestEffort()
                .label("remove what takes the change back"));
    event(updated, "update", Map.of());
    return this;
  }

  /**
   * What takes the change back is stored before it, for the case that the kernel refuses a part.
   */
  private void change(ContainerConfig config, Resources changed) {
    GroupParts group = group(config, "update");
    PlanAssembler trial = new PlanAssembler();
    group.contributeUpdate(changed, trial);
    Path file = directories.updateUndo(config.id());
    trial
        .stage(Phase.TEARDOWN, CORE)
        .unlink(Location.host(file))
        .bestEffort()
        .label("remove the plan that took the change back");
    Plan back = trial.teardown();
    stored.put(file, back);
    undo = Optional.of(file);
    steps
        .replace(file, 0600, Text.bytes(PlanCodec.encode(back)))
        .label("store what takes the change back, where a step of it fails");
    group.contributeUpdate(changed, assembler);
  }

  /**
   * Gives it another name. Of two containers that want one name at once one gets it: the name is a
   * link, and making it fails where there is one.
   *
   * @param gone the container the name still leads to, which is gone
   */
  VerbPlanner rename(ContainerRecord container, ContainerConfig renamed, Optional<String> gone) {
    String before = container.config().name();
    Path oldName = directories.names().resolve(before);
    Path newName = directories.names().resolve(renamed.name());
    gone.ifPresent(id -> StartPlanner.freeName(assembler, Phase.HOST, newName, id));
    rewrite(directories.removalPlan(renamed.id()), oldName, newName, renamed.id());
    if (container.status().isAlive()) {
      rewrite(directories.undoPlan(renamed.id()), oldName, newName, renamed.id());
    }
    steps
        .symlink(Location.host(newName), renamed.id())
        .label("take the name " + renamed.name())
        .hint("the name is in use: choose another, or remove the container that has it");
    keep(renamed);
    StartPlanner.freeName(assembler, Phase.HOST, oldName, renamed.id());
    event(renamed, "rename", Map.of("oldName", before));
    return this;
  }

  /** A stored plan that frees the old name frees the new one too. */
  private void rewrite(Path file, Path oldName, Path newName, String id) {
    Plan plan;
    try {
      plan = PlanCodec.decode(Files.readAllBytes(file));
    } catch (IOException | IllegalArgumentException e) {
      throw new HardwayException(file + ": " + e.getMessage(), e);
    }
    PlanAssembler freeing = new PlanAssembler();
    StartPlanner.freeName(freeing, Phase.KILL, newName, id);
    boolean frees = false;
    for (var step : plan.steps()) {
      frees |=
          step.operation() instanceof Operation.UnlinkLink link
              && link.path().toString().equals(oldName.toString());
    }
    if (frees) {
      Plan both = freeing.teardown().then(plan);
      stored.put(file, both);
      steps
          .replace(file, 0600, Text.bytes(PlanCodec.encode(both)))
          .label("store the undo, with the new name");
    }
  }

  private void keep(ContainerConfig config) {
    steps
        .replace(directories.configFile(config.id()), 0600, Text.of(ConfigJson.write(config)))
        .label("keep what was asked for");
  }

  /** Runs another process in it. */
  VerbPlanner exec(
      ContainerRecord container,
      ContainerProcess process,
      RunOptions options,
      boolean privileged,
      int preservedDescriptors) {
    ContainerConfig config = container.config();
    if (container.status() == Status.PAUSED) {
      throw new HardwayException(
          "container " + config.name() + " is paused: unpause it before exec", 1);
    }
    requireAlive(container, "exec");
    FdSlot master = FdSlot.NONE;
    FdSlot[] parentEnds = {FdSlot.NONE, FdSlot.NONE, FdSlot.NONE};
    Stdio stdio;
    if (options.isDetached()) {
      assembler.add(
          Phase.CLAIM, CORE, new Operation.Detach(), "go on in the background when it runs");
      FdSlot nothing = assembler.fdSlot("/dev/null");
      steps
          .open(Location.host("/dev/null"), 2, 0, nothing)
          .label("open /dev/null as its standard streams");
      stdio = Stdio.descriptors(nothing, nothing, nothing);
    } else if (process.terminal()) {
      master = assembler.fdSlot("terminal");
      stdio =
          Stdio.terminal(
              master, process.consoleRows().orElse(0), process.consoleColumns().orElse(0));
    } else {
      stdio = StartPlanner.pipes(assembler, options.attachesInput(), parentEnds);
    }
    FdSlot cgroup = FdSlot.NONE;
    if (!config.resources().isEmpty()) {
      cgroup = groups.of(config).contributeJoin(assembler);
    }
    var provider = plugins.isolation(config.isolation());
    provider.contributeExec(
        ExecRequest.builder()
            .host(host)
            .container(StartPlanner.container(directories, config.id()))
            .spec(config.spec())
            .process(process)
            .identity(directories.identity(config.id()))
            .stdio(stdio)
            .spawnCgroup(cgroup)
            .preservedDescriptors(preservedDescriptors)
            .privileged(privileged)
            .store(directories.store())
            .build(),
        assembler.forPlugin(provider.name()));
    if (options.isDetached()) {
      assembler.add(Phase.STARTED, CORE, new Operation.Ready(Text.empty()), "let the command end");
    }
    int flags = 0;
    if (!options.isDetached()) {
      flags = FORWARD_SIGNALS | CALLER_OUTPUT;
      flags |= options.attachesInput() ? CALLER_INPUT : 0;
      flags |= process.terminal() && options.attachesInput() ? CALLER_RAW : 0;
    }
    IntSlot signal = assembler.intSlot("signal");
    assembler.add(
        Phase.STARTED,
        CORE,
        new Operation.Supervise(
            assembler.pidfd(),
            assembler.pid(),
            parentEnds[0],
            parentEnds[1],
            parentEnds[2],
            master,
            Text.empty(),
            IntOperand.of(0),
            IntOperand.of(0),
            Text.empty(),
            Text.of(options.detachKeys()),
            Text.empty(),
            IntOperand.of(flags),
            Text.empty(),
            Text.empty(),
            Text.empty(),
            Text.empty(),
            assembler.exitStatus(),
            signal),
        "be its parent until it ends");
    assembler.add(
        Phase.ENDED,
        CORE,
        new Operation.ExitWith(assembler.exitStatus()),
        "end with its exit code");
    return this;
  }

  /** Connects the caller's terminal to it. */
  VerbPlanner attach(ContainerRecord container, RunOptions options) {
    requireAlive(container, "attach to");
    boolean terminal = container.config().spec().process().terminal();
    int flags =
        (options.attachesInput() ? 1 | (terminal ? 2 : 0) : 0)
            | (options.forwardsSignals() ? 4 : 0);
    IntSlot status = assembler.intSlot("exit status of " + container.config().name());
    assembler.add(
        Phase.HOST,
        CORE,
        new Operation.Attach(
            Text.of(directories.attachSocket(container.config().id())),
            Text.of(options.detachKeys()),
            IntOperand.of(flags),
            status),
        "attach to " + container.config().name());
    assembler.add(Phase.HOST, CORE, new Operation.ExitWith(status), "end with its exit code");
    return this;
  }

  /** Waits until it has ended, and prints its exit code; one that has never run has code 0. */
  VerbPlanner await(ContainerRecord container) {
    if (container.status() == Status.CREATED) {
      assembler.add(
          Phase.HOST,
          CORE,
          new Operation.Print(IntOperand.of(1), Text.of("0\n")),
          "print 0, since " + container.config().name() + " has not run");
      return this;
    }
    String id = container.config().id();
    IntSlot status = assembler.intSlot("exit status of " + container.config().name());
    assembler.add(
        Phase.HOST,
        CORE,
        new Operation.AwaitRecord(
            Text.of(directories.attachSocket(id)),
            Text.of(directories.exitFile(id)),
            Text.of("exitCode"),
            status),
        "wait until " + container.config().name() + " has ended");
    assembler.add(
        Phase.HOST,
        CORE,
        new Operation.Print(IntOperand.of(1), Text.builder().decimal(status).literal("\n").build()),
        "print its exit code");
    return this;
  }

  /** Ends with this exit code. */
  VerbPlanner endWith(int code) {
    assembler.add(
        Phase.HOST, CORE, new Operation.ExitWith(IntOperand.of(code)), "end with code " + code);
    return this;
  }

  private GroupParts group(ContainerConfig config, String verb) {
    if (config.resources().isEmpty()) {
      throw new HardwayException(
          "cannot "
              + verb
              + " container "
              + config.name()
              + ": it has no control group, since none could be made when it was",
          1);
    }
    return groups.of(config);
  }

  private static void requireAlive(ContainerRecord container, String verb) {
    if (!container.status().isAlive()) {
      throw new HardwayException(
          "cannot "
              + verb
              + " container "
              + container.config().name()
              + ": it is "
              + container.status().label()
              + ", not running",
          1);
    }
  }

  private void event(ContainerConfig config, String action, Map<String, String> attributes) {
    TextSlot now = assembler.textSlot("time of " + action);
    steps.clock(now).label("note the time");
    journal.add(steps, now, action, config, attributes);
  }
}
