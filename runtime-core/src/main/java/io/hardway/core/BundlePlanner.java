package io.hardway.core;

import io.hardway.core.json.JsonWriter;
import io.hardway.init.PlanCodec;
import io.hardway.linux.netlink.LinkMessage;
import io.hardway.spi.BindMount;
import io.hardway.spi.Container;
import io.hardway.spi.ControlGroup;
import io.hardway.spi.Depth;
import io.hardway.spi.Errno;
import io.hardway.spi.FdSlot;
import io.hardway.spi.Hierarchy;
import io.hardway.spi.Host;
import io.hardway.spi.IntOperand;
import io.hardway.spi.IntSlot;
import io.hardway.spi.IsolationProvider;
import io.hardway.spi.IsolationRequest;
import io.hardway.spi.Location;
import io.hardway.spi.MountPointKind;
import io.hardway.spi.Stage;
import io.hardway.spi.Stdio;
import io.hardway.spi.Text;
import io.hardway.spi.Waiting;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.Phase;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.spec.Hook;
import io.hardway.spi.spec.Hooks;
import io.hardway.spi.spec.Namespace;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Plans the making of a container from a bundle, and with it what {@code start}, {@code kill} and
 * {@code delete} will do. Nobody stays as its parent: what the caller gave is the container's.
 */
final class BundlePlanner {
  private static final String CORE = StartPlanner.CORE;
  private static final int PRIVATE = 0700;
  private static final int PASSABLE = 0711;
  static final int PRIVATE_FILE = 0600;
  static final int READABLE_FILE = 0644;
  private static final int SIGKILL = 9;
  private static final long DEATH_MILLIS = 10_000;
  private static final int FORWARD_SIGNALS = 1;
  private static final int CALLER_INPUT = 2;
  private static final int CALLER_OUTPUT = 4;
  private static final int CALLER_RAW = 8;

  private final BundleDirectories directories;
  private final Host host;
  private final Plugins plugins;
  private final BundleConfig config;
  private final BundleOptions options;
  private final BundleOptions.Until until;
  private final Optional<CheckpointOptions> checkpoint;
  private final PlanAssembler assembler = new PlanAssembler();
  private final Map<Path, Plan> stored = new LinkedHashMap<>();
  private final Path undo;
  private FdSlot master = FdSlot.NONE;
  private FdSlot lock = FdSlot.NONE;

  /**
   * For a container.
   *
   * @param checkpoint what it is restored from; none: it begins anew
   */
  BundlePlanner(
      BundleDirectories directories,
      Host host,
      Plugins plugins,
      BundleConfig config,
      BundleOptions options,
      BundleOptions.Until until,
      Optional<CheckpointOptions> checkpoint) {
    this.directories = directories;
    this.host = host;
    this.plugins = plugins;
    this.config = config;
    this.options = options;
    this.until = until;
    this.checkpoint = checkpoint;
    this.undo = directories.undoPlan(config.id());
  }

  /** The plan. */
  PlannedCommand plan() {
    GroupPlaces places = contribute();
    claim(places);
    if (checkpoint.isEmpty()) {
      assembler
          .stage(Phase.PAIRED, CORE)
          .replace(directories.identity(config.id()), PRIVATE_FILE, identity())
          .label("note which process is the container's");
    }
    started();
    return new PlannedCommand(assembler.run(Optional.of(undo)), stored, Optional.of(container()));
  }

  private Container container() {
    Path directory = directories.container(config.id());
    return Container.builder().id(config.id()).state(directory).data(directory).build();
  }

  /** Asks the plugins; the core is asked first, so that its part of the undo comes last. */
  private GroupPlaces contribute() {
    Path identity = directories.identity(config.id());
    assembler
        .stage(Phase.KILL, CORE)
        .signal(identity, SIGKILL)
        .ignoring(Errno.ESRCH, Errno.ENOENT)
        .label("kill the container's first process, and with it its pid namespace");
    assembler
        .stage(Phase.TEARDOWN, CORE)
        .awaitExit(identity, DEATH_MILLIS)
        .ignoring(Errno.ENOENT, Errno.ESRCH)
        .label("wait until it is gone");
    new BundleHooks(config)
        .addHarmless(
            assembler.stage(Phase.TEARDOWN, CORE),
            "poststop",
            config.spec().hooks().poststop(),
            "stopped",
            IntSlot.NONE);
    FdSlot gate = until == BundleOptions.Until.CREATED ? listen() : FdSlot.NONE;
    FdSlot cgroup = FdSlot.NONE;
    Optional<ControlGroup> group = Optional.empty();
    GroupPlaces places = GroupPlaces.NONE;
    if (!config.resources().isEmpty()) {
      GroupParts parts = GroupParts.of(host, plugins, container(), config);
      group = Optional.of(parts.group());
      cgroup = parts.contribute(assembler);
      places = parts.places();
      storeStandingStill(parts);
    }
    mountRoot();
    if (checkpoint.isPresent()) {
      restore(checkpoint.get(), cgroup, group);
    } else {
      begin(gate, cgroup, group);
    }
    group.ifPresent(this::linkFreezer);
    return places;
  }

  private void restore(CheckpointOptions from, FdSlot cgroup, Optional<ControlGroup> group) {
    if (config.spec().process().terminal()) {
      master = assembler.fdSlot("terminal");
    }
    new BundleRestore(host, config, from, directories.identity(config.id()), assembler)
        .contribute(cgroup, group, mountPoint(), master);
  }

  private void begin(FdSlot gate, FdSlot cgroup, Optional<ControlGroup> group) {
    BundleHooks runner = new BundleHooks(config);
    Hooks hooks = config.spec().hooks();
    IntSlot pid = assembler.pid();
    Stage prepared = assembler.stage(Phase.PREPARED, CORE);
    // runtime.md, "Lifecycle": they come behind step 2, with which it has been created.
    runner.add(prepared, "prestart", hooks.prestart(), "created", pid);
    runner.add(prepared, "createRuntime", hooks.createRuntime(), "creating", pid);
    Stage confine = assembler.stage(Phase.CONFINE, CORE);
    runner.add(confine, "createContainer", hooks.createContainer(), "creating", pid);
    IsolationRequest.Builder request =
        IsolationRequest.builder()
            .host(host)
            .container(container())
            .spec(config.spec())
            .rootMountPoint(mountPoint())
            .ownRoot(true)
            .stdio(stdio())
            .spawnCgroup(cgroup)
            .preservedDescriptors(options.preservedDescriptors())
            .gate(gate)
            .processState(runner.processState("creating", pid, BundleHooks.number(pid)))
            .startHooks(runner.programs(hooks.startContainer(), "created", pid))
            .store(directories.store());
    group.ifPresent(request::controlGroup);
    IsolationProvider isolation = plugins.isolation(config.isolation());
    isolation.contribute(request.build(), assembler.forPlugin(isolation.name()));
    if (hasNew("network")) {
      assembler
          .stage(Phase.ENTER, CORE)
          .netlink(LinkMessage.ROUTE, LinkMessage.up(LinkMessage.LOOPBACK_INDEX))
          .label("bring the loopback interface up");
    }
  }

  private FdSlot listen() {
    FdSlot listener = assembler.fdSlot("socket it waits at");
    assembler.add(
        Phase.HOST,
        CORE,
        new Operation.Listen(Text.of(directories.gate(config.id())), listener),
        "make the socket at which it waits for its start");
    assembler
        .stage(Phase.PAIRED, CORE)
        .close(listener)
        .label("leave that socket to the container's process");
    return listener;
  }

  private boolean hasNew(String type) {
    for (Namespace namespace : config.spec().linux().namespaces()) {
      if (namespace.type().equals(type)) {
        return namespace.path().isEmpty();
      }
    }
    return false;
  }

  /**
   * Where its root is mounted. Root of a user namespace may not get through the directories of the
   * state; through those of the bundle it must.
   */
  private Path mountPoint() {
    for (Namespace namespace : config.spec().linux().namespaces()) {
      if (namespace.type().equals("user")) {
        return Path.of(config.spec().root().path());
      }
    }
    return directories.mountPoint(config.id());
  }

  private void mountRoot() {
    Path mountPoint = mountPoint();
    if (mountPoint.equals(directories.mountPoint(config.id()))) {
      assembler
          .stage(Phase.HOST, CORE)
          .mkdir(Location.host(mountPoint), PASSABLE)
          .label("make the mount point of the root");
    }
    assembler
        .stage(Phase.ROOT, CORE)
        .bind(
            BindMount.of(Text.of(config.spec().root().path()), Location.host(mountPoint))
                .depth(Depth.RECURSIVE)
                .create(MountPointKind.EXISTING)
                .build())
        .label("bind the bundle's root " + config.spec().root().path());
    assembler
        .stage(Phase.MOUNTS, CORE)
        .openPath(Location.host(mountPoint), assembler.rootDirectory())
        .label("take hold of the root");
  }

  private Stdio stdio() {
    if (!config.spec().process().terminal()) {
      return Stdio.inherited();
    }
    master = assembler.fdSlot("terminal");
    return Stdio.terminal(
        master,
        config.spec().process().consoleRows().orElse(0),
        config.spec().process().consoleColumns().orElse(0));
  }

  /** The native program pauses and resumes it by itself. */
  private void storeStandingStill(GroupParts parts) {
    Stage stage = assembler.stage(Phase.HOST, CORE);
    PlanAssembler freeze = new PlanAssembler();
    parts.contributeFreeze(freeze);
    store(
        stage,
        directories.pausePlan(config.id()),
        freeze.run(Optional.empty()),
        "store the plan of pause");
    PlanAssembler thaw = new PlanAssembler();
    parts.contributeThaw(thaw);
    store(
        stage,
        directories.resumePlan(config.id()),
        thaw.run(Optional.empty()),
        "store the plan of resume");
  }

  /** Whether it stands still can be seen without knowing of controllers. */
  private void linkFreezer(ControlGroup group) {
    freezer(group)
        .ifPresent(
            hierarchy ->
                assembler
                    .stage(Phase.HOST, CORE)
                    .symlink(
                        Location.host(directories.frozen(config.id())),
                        hierarchy
                            .directory()
                            .resolve(hierarchy.version() == 1 ? "freezer.state" : "cgroup.freeze")
                            .toString())
                    .label("link what says whether it stands still"));
  }

  /** Where a group stands still. */
  static Optional<Hierarchy> freezer(ControlGroup group) {
    for (Hierarchy hierarchy : group.hierarchies()) {
      boolean isOld = hierarchy.version() == 1;
      if (isOld ? hierarchy.controllers().contains("freezer") : group.version() == 2) {
        return Optional.of(hierarchy);
      }
    }
    return Optional.empty();
  }

  /** Those of a group that a mount of control groups binds into the container, each by itself. */
  static List<Hierarchy> boundHierarchies(Optional<ControlGroup> group) {
    return group.isPresent() && group.get().version() == 1 ? group.get().hierarchies() : List.of();
  }

  /** The lock, the directory, the undo, and what the native program does by itself. */
  private void claim(GroupPlaces places) {
    String id = config.id();
    Stage claim = assembler.stage(Phase.CLAIM, CORE);
    claim.mkdirs(Location.host(directories.root()), PRIVATE).label("make the root of the state");
    claim
        .mkdirs(Location.host(directories.owners()), PRIVATE)
        .label("make the directory of owner locks");
    assembler.add(
        Phase.CLAIM, CORE, reconcile(directories), "take back what was not made to its end");
    FdSlot owner = lock(claim, directories.owner(id), "become the owner of the container");
    claim
        .mkdir(Location.host(directories.container(id)), PASSABLE)
        .label("make the container's directory")
        .hint("container with id " + id + " already exists: delete it first, or use another id");
    lock = lock(claim, directories.lock(id), "let no other command change it");
    // They would be held by the container's process, too, while that waits.
    Stage enter = assembler.stage(Phase.ENTER, CORE);
    enter.close(owner).label("leave the owner lock to the parent");
    enter.close(lock).label("leave the container's lock to the parent");
    store(claim, undo, assembler.teardown().then(lastSteps()), "store the undo");
    store(claim, directories.killPlan(id), assembler.killing(), "store the plan of kill");
    store(claim, directories.startPlan(id), startPlan(), "store the plan of start");
    claim
        .replace(directories.stateFile(id), PRIVATE_FILE, Text.of(stateText()))
        .label("store what the state is");
    claim
        .replace(
            directories.configFile(id), PRIVATE_FILE, Text.of(BundleJson.write(config, places)))
        .label("keep how it was made");
  }

  /** Takes back creations whose command was killed. */
  static Operation reconcile(BundleDirectories directories) {
    return new Operation.Reconcile(
        Text.of(directories.owners()),
        Text.of(directories.root()),
        Text.of(BundleDirectories.UNDO));
  }

  private FdSlot lock(Stage claim, Path file, String label) {
    FdSlot held = assembler.fdSlot("lock " + file.getFileName());
    claim
        .lock(file, Waiting.NEVER, held)
        .label(label)
        .hint("another command is making or changing container " + config.id());
    return held;
  }

  private Plan startPlan() {
    PlanAssembler start = new PlanAssembler();
    Path gate = directories.gate(config.id());
    start.add(
        Phase.HOST,
        CORE,
        new Operation.Release(Text.of(gate)),
        "let the container execute its program");
    start
        .stage(Phase.HOST, CORE)
        .unlink(Location.host(gate))
        .ignoring(Errno.ENOENT)
        .label("note that it has been started");
    afterStart(start, Phase.HOST);
    return start.run(Optional.empty());
  }

  private void afterStart(PlanAssembler to, Phase phase) {
    List<Hook> hooks = config.spec().hooks().poststart();
    if (!hooks.isEmpty()) {
      IntSlot pid = to.intSlot("pid of the first process");
      to.stage(phase, CORE)
          .openProcess(directories.identity(config.id()), FdSlot.NONE, pid)
          .ignoring(Errno.ESRCH)
          .label("find the container's process");
      new BundleHooks(config)
          .addHarmless(to.stage(phase, CORE), "poststart", hooks, "running", pid);
    }
  }

  private Plan lastSteps() {
    PlanAssembler last = new PlanAssembler();
    Stage stage = last.stage(Phase.KILL, CORE);
    stage.removeTree(directories.container(config.id())).label("remove the container's directory");
    stage
        .unlink(Location.host(directories.owner(config.id())))
        .ignoring(Errno.ENOENT)
        .label("stop owning the container");
    return last.teardown();
  }

  private void store(Stage stage, Path path, Plan plan, String label) {
    stored.put(path, plan);
    stage.replace(path, PRIVATE_FILE, Text.bytes(PlanCodec.encode(plan))).label(label);
  }

  /** The state but for its first members, in the form that the native program completes. */
  private String stateText() {
    JsonWriter rest = new JsonWriter();
    String text =
        "{\n  \"ociVersion\": "
            + quoted(config.spec().ociVersion())
            + ",\n  \"id\": "
            + quoted(config.id())
            + ",\n  \"bundle\": "
            + quoted(config.bundle().toString())
            + ",\n  \"rootfs\": "
            + quoted(config.spec().root().path())
            + ",\n  \"created\": "
            + quoted(config.created())
            + ",\n  \"owner\": \"\"";
    if (!config.spec().annotations().isEmpty()) {
      text += ",\n  \"annotations\": " + rest.texts(config.spec().annotations());
    }
    return text + "\n}\n";
  }

  private static String quoted(String text) {
    return new JsonWriter().text(text).toString();
  }

  private Text identity() {
    return Text.builder()
        .decimal(assembler.pid())
        .literal(" ")
        .text(assembler.startTime())
        .literal(" " + ProcessIdentity.currentBoot() + "\n")
        .build();
  }

  private void started() {
    Stage stage = assembler.stage(Phase.STARTED, CORE);
    options
        .consoleSocket()
        .filter(socket -> master != FdSlot.NONE)
        .ifPresent(
            socket -> send(assembler, socket, master, "send the terminal to the console socket"));
    options
        .pidfdSocket()
        .ifPresent(
            socket -> send(assembler, socket, assembler.pidfd(), "send the pidfd to its socket"));
    options
        .pidFile()
        .ifPresent(
            file ->
                stage
                    .replace(file, READABLE_FILE, Text.builder().decimal(assembler.pid()).build())
                    .label("write the pid to " + file));
    stage
        .rename(undo, directories.deletePlan(config.id()))
        .label("keep the undo for delete: it is made");
    stage
        .unlink(Location.host(directories.owner(config.id())))
        .ignoring(Errno.ENOENT)
        .label("let go of the container");
    if (until != BundleOptions.Until.CREATED) {
      afterStart(assembler, Phase.STARTED);
    }
    if (until == BundleOptions.Until.STARTED) {
      assembler.add(
          Phase.STARTED, CORE, new Operation.LetGo(), "leave the container to live on by itself");
    } else if (until == BundleOptions.Until.ENDED) {
      supervise();
    }
  }

  /** Adds the step that sends a descriptor to who listens at a socket. */
  static void send(PlanAssembler assembler, Path socket, FdSlot descriptor, String label) {
    assembler.add(
        Phase.STARTED,
        CORE,
        new Operation.SendFd(Text.of(socket), Text.of("/dev/ptmx"), descriptor),
        label);
  }

  private void supervise() {
    boolean callers = options.consoleSocket().isEmpty();
    assembler
        .stage(Phase.STARTED, CORE)
        .close(lock)
        .label("let other commands change it while it runs");
    supervise(assembler, callers ? master : FdSlot.NONE);
    assembler.add(
        Phase.ENDED,
        CORE,
        new Operation.Perform(Text.of(directories.deletePlan(config.id()))),
        "delete it");
  }

  /**
   * Adds the steps that wait until the process has ended, and end as it did.
   *
   * @param terminal the master side of its terminal, which is to be the caller's; or none
   */
  static void supervise(PlanAssembler assembler, FdSlot terminal) {
    int flags = FORWARD_SIGNALS;
    flags |= terminal == FdSlot.NONE ? 0 : CALLER_INPUT | CALLER_OUTPUT | CALLER_RAW;
    IntSlot signal = assembler.intSlot("signal");
    assembler.add(
        Phase.STARTED,
        CORE,
        new Operation.Supervise(
            assembler.pidfd(),
            assembler.pid(),
            FdSlot.NONE,
            FdSlot.NONE,
            FdSlot.NONE,
            terminal,
            Text.empty(),
            IntOperand.of(0),
            IntOperand.of(0),
            Text.empty(),
            Text.empty(),
            Text.empty(),
            IntOperand.of(flags),
            Text.empty(),
            Text.empty(),
            Text.empty(),
            Text.empty(),
            assembler.exitStatus(),
            signal),
        "wait until it has ended");
    assembler.add(
        Phase.ENDED,
        CORE,
        new Operation.ExitWith(assembler.exitStatus()),
        "end with its exit code");
  }
}
