package io.hardway.core;

import io.hardway.core.json.JsonWriter;
import io.hardway.init.PlanCodec;
import io.hardway.linux.file.Reservations;
import io.hardway.spi.Container;
import io.hardway.spi.ControlGroup;
import io.hardway.spi.Depth;
import io.hardway.spi.Errno;
import io.hardway.spi.FdSlot;
import io.hardway.spi.Host;
import io.hardway.spi.IntOperand;
import io.hardway.spi.IntSlot;
import io.hardway.spi.IsolationRequest;
import io.hardway.spi.Location;
import io.hardway.spi.NetworkAttachment;
import io.hardway.spi.NetworkProvider;
import io.hardway.spi.NetworkRequest;
import io.hardway.spi.OomCounter;
import io.hardway.spi.PublishedPort;
import io.hardway.spi.RootfsProvider;
import io.hardway.spi.RootfsRequest;
import io.hardway.spi.RootfsSource;
import io.hardway.spi.Stage;
import io.hardway.spi.Stdio;
import io.hardway.spi.Text;
import io.hardway.spi.TextSlot;
import io.hardway.spi.Waiting;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.Phase;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.spec.IdMapping;
import io.hardway.spi.spec.Namespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Plans the making and the start of one container. The order is the promise: the owner lock, the
 * container's directory, the undo, and only then what it undoes.
 */
final class StartPlanner {
  static final String CORE = "core";
  private static final int O_RDONLY = 0;
  private static final int PRIVATE = 0700;
  private static final int PRIVATE_FILE = 0600;
  private static final int READABLE_FILE = 0644;

  /**
   * Root of a container's user namespace must get to its mount point and layer, and see no other's
   * name.
   */
  static final int PASSABLE = 0711;

  private static final int PASSABLE_FOR_GROUP = 0710;

  static final int CLEANING_MILLIS = 2000;

  /** How long an end waits for a change of the container; {@link ChangeLock}. */
  private static final int CHANGING_MILLIS = 10_000;

  private static final int SIGKILL = 9;
  private static final int UNKNOWN_EXIT = 137;

  /** What {@code replace} writes beside the file. */
  private static final String REPLACING = ".new";

  private static final int WRITE_CREATE_TRUNCATE = 01101;
  private static final long ATTR_NODEV = 4;
  private static final int FORWARD_SIGNALS = 1;
  private static final int CALLER_INPUT = 2;
  private static final int CALLER_OUTPUT = 4;
  private static final int CALLER_RAW = 8;
  private static final int KEEP_INPUT = 16;

  private final Directories directories;
  private final Host host;
  private final Plugins plugins;
  private final Containers containers;
  private final Journal journal;
  private final ContainerConfig config;
  private final List<NetworkAttachment> attachments;
  private final List<PublishedPort> ports;
  private final boolean isNew;
  private final PlanAssembler assembler = new PlanAssembler();
  private final Map<Path, Plan> stored = new LinkedHashMap<>();
  private final Path undo;

  /**
   * Where the group is, as a member of the state: an ordinary user's is not the same everywhere.
   */
  private String places = "";

  StartPlanner(
      Directories directories,
      Host host,
      Plugins plugins,
      Containers containers,
      Journal journal,
      ContainerConfig config,
      List<NetworkAttachment> attachments,
      List<PublishedPort> ports,
      boolean isNew) {
    this.directories = directories;
    this.host = host;
    this.plugins = plugins;
    this.containers = containers;
    this.journal = journal;
    this.config = config;
    this.attachments = attachments;
    this.ports = ports;
    this.isNew = isNew;
    this.undo = directories.undoPlan(config.id());
  }

  /** Makes the container, and lets go of it. */
  PlannedCommand create(RootfsSource source, String message, Optional<Path> idFile) {
    contribute(source, Stdio.inherited(), new FdSlot[1]);
    PlanAssembler only = new PlanAssembler();
    Stage claim = only.stage(Phase.CLAIM, CORE);
    claim(only, claim, false);
    make(only, claim, false);
    TextSlot now = only.textSlot("now");
    claim.clock(now).label("note the time");
    journal.add(claim, now, "create", config);
    writeIdFile(claim, idFile);
    addFinal(claim);
    only.add(
        Phase.CLAIM, CORE, new Operation.Print(IntOperand.of(1), Text.of(message)), "print the id");
    return new PlannedCommand(
        only.run(Optional.of(undo)), stored, Optional.of(container(directories, config.id())));
  }

  /** Starts the container, after making it where it is new. */
  PlannedCommand start(RootfsSource source, RunOptions options) {
    boolean terminal = config.spec().process().terminal();
    FdSlot[] parentEnds = new FdSlot[4];
    Stdio stdio =
        terminal
            ? terminal(parentEnds)
            : pipes(assembler, options.attachesInput() || config.openStdin(), parentEnds);
    Optional<OomCounter> oom = contribute(source, stdio, parentEnds);
    Stage claim = assembler.stage(Phase.CLAIM, CORE);
    claim(assembler, claim, options.isDetached() || terminal && options.attachesInput());
    if (isNew) {
      make(assembler, claim, config.autoRemove());
      TextSlot created = assembler.textSlot("creation time");
      claim.clock(created).label("note the time");
      journal.add(claim, created, "create", config);
    } else {
      claim
          .unlink(Location.host(directories.exitFile(config.id())))
          .ignoring(Errno.ENOENT)
          .label("forget how it ended before");
    }
    openVolumes(claim);
    writeEtcFiles(claim);
    keepRoom(claim);
    writeIdFile(claim, options.idFile());
    if (config.hasOwnFiles()) {
      claim
          .mkdir(Location.host(directories.mountPoint(config.id())), PASSABLE)
          .label("make the mount point of the root");
    }
    assembler
        .stage(Phase.PAIRED, CORE)
        .replace(directories.identity(config.id()), PRIVATE_FILE, identity())
        .label("note which process is the container's");
    started(options, terminal, parentEnds, oom);
    ended(oom);
    return new PlannedCommand(
        assembler.run(Optional.of(undo)), stored, Optional.of(container(directories, config.id())));
  }

  /** The container's log may fill the disk: the file that is replaced holds a block from now on. */
  private void keepRoom(Stage claim) {
    if (!config.autoRemove()) {
      claim
          .write(
              Location.host(directories.exitFile(config.id()) + REPLACING),
              WRITE_CREATE_TRUNCATE,
              PRIVATE_FILE,
              Text.of("\n"))
          .label("keep room to note how it ends");
    }
  }

  /** Asks the plugins. */
  private Optional<OomCounter> contribute(RootfsSource source, Stdio stdio, FdSlot[] parentEnds) {
    // The core is asked first, so that its part of the undo comes last.
    Container container = container(directories, config.id());
    assembler
        .stage(Phase.REMOVAL, CORE)
        .removeTree(directories.containerData(config.id()))
        .label("remove the container's directory");
    for (String volume : config.ownVolumes()) {
      VolumeSteps.remove(
              assembler.stage(Phase.REMOVAL, CORE), host, directories.volumes().resolve(volume))
          .label("remove volume " + volume + ", which has no name of its own");
    }
    assembler
        .stage(Phase.KILL, CORE)
        .signal(directories.identity(config.id()), SIGKILL)
        .ignoring(Errno.ESRCH, Errno.ENOENT)
        .label("kill the container's first process, and with it its pid namespace");
    if (!config.network().isEmpty() && plugins.network(config.network()).reconnects()) {
      // What is made for it from now on, nobody would take back.
      assembler
          .stage(Phase.KILL, CORE)
          .lock(directories.changeLock(config.id()), Waiting.NEVER, FdSlot.NONE)
          .retry(CHANGING_MILLIS)
          .ignoring(Errno.ENOENT)
          .bestEffort()
          .label("let who changes its networks come to an end");
    }
    if (!ports.isEmpty()) {
      giveBackPorts();
    }
    FdSlot cgroup = FdSlot.NONE;
    Optional<ControlGroup> group = Optional.empty();
    Optional<OomCounter> oom = Optional.empty();
    if (!config.resources().isEmpty()) {
      GroupParts parts = GroupParts.of(host, plugins, container, config);
      group = Optional.of(parts.group());
      cgroup = parts.contribute(assembler);
      oom = parts.oomCounter();
      places = host.isPrivileged() ? "" : ",\"groups\":" + parts.places().json();
    }
    if (config.hasOwnFiles()) {
      mountRoot(source);
    }
    IsolationRequest.Builder isolation =
        IsolationRequest.builder()
            .host(host)
            .container(container)
            .spec(config.spec())
            .rootMountPoint(directories.mountPoint(config.id()))
            .stdio(stdio)
            .joined(joined())
            .spawnCgroup(cgroup)
            .preservedDescriptors(config.preservedDescriptors())
            .initProcess(config.initProcess())
            .supervised(true)
            .store(directories.store());
    group.ifPresent(isolation::controlGroup);
    var provider = plugins.isolation(config.isolation());
    provider.contribute(isolation.build(), assembler.forPlugin(provider.name()));
    if (!config.network().isEmpty()) {
      NetworkProvider network = plugins.network(config.network());
      if (network.reconnects()) {
        assembler
            .add(
                Phase.TEARDOWN,
                CORE,
                new Operation.Perform(Text.of(directories.connectionUndos(config.id()))),
                "take down what connected it later")
            .ignoring(Errno.ENOENT);
      }
      network.contribute(networkRequest(), assembler.forPlugin(network.name()));
    }
    return oom;
  }

  private NetworkRequest networkRequest() {
    return NetworkRequest.builder()
        .host(host)
        .container(container(directories, config.id()))
        .spec(config.spec())
        .attachments(attachments)
        .leases(directories.leases())
        .ports(ports)
        .resolvers(EtcFiles.resolvers(host, config))
        .build();
  }

  private void giveBackPorts() {
    String holder = Reservations.holder(config.id());
    for (PublishedPort port : ports) {
      assembler
          .stage(Phase.TEARDOWN, CORE)
          .unlinkLink(HostPorts.link(directories, port), holder)
          .label("give port " + port.hostPort() + "/" + port.protocol().label() + " back");
    }
  }

  private String portsJson() {
    return ports.isEmpty() ? "" : PublishedPorts.json(ports);
  }

  private void mountRoot(RootfsSource source) {
    RootfsProvider rootfs = plugins.rootfs(config.rootfs());
    rootfs.contribute(
        rootfsRequest(directories, host, config, source), assembler.forPlugin(rootfs.name()));
    assembler
        .stage(Phase.MOUNTS, CORE)
        .openPath(Location.host(directories.mountPoint(config.id())), assembler.rootDirectory())
        .label("take hold of the root");
    if (!config.privileged()
        && !hasUserNamespace(config)
        && !plugins.enforceDeviceRules(config.resources(), config.supplements())) {
      assembler
          .stage(Phase.MOUNTS, CORE)
          .mountAttributes(
              Location.in(assembler.rootDirectory(), "/"), Depth.RECURSIVE, ATTR_NODEV, 0)
          .label("let no device node of the root work: there are no rules about devices");
    }
  }

  private Map<String, Path> joined() {
    Map<String, Path> joined = new LinkedHashMap<>();
    for (Map.Entry<String, String> shared : config.sharedNamespaces().entrySet()) {
      ContainerRecord other = containers.find(shared.getValue());
      if (!other.status().isAlive()) {
        throw new HardwayException(
            "cannot join the "
                + shared.getKey()
                + " namespace of container "
                + other.config().name()
                + ": it is not running; start it first");
      }
      joined.put(shared.getKey(), directories.identity(other.config().id()));
    }
    return joined;
  }

  static Container container(Directories directories, String id) {
    return Container.builder()
        .id(id)
        .state(directories.containerState(id))
        .data(directories.containerData(id))
        .build();
  }

  /** Whether it has one whose ids are others than the host's: its own, or one it joins. */
  private static boolean hasUserNamespace(ContainerConfig config) {
    boolean has = config.sharedNamespaces().containsKey("user");
    for (Namespace namespace : config.spec().linux().namespaces()) {
      has |= namespace.type().equals("user");
    }
    return has && !config.spec().linux().uidMappings().isEmpty();
  }

  static RootfsRequest rootfsRequest(
      Directories directories, Host host, ContainerConfig config, RootfsSource source) {
    return RootfsRequest.builder()
        .host(host)
        .container(container(directories, config.id()))
        .source(source)
        .mountPoint(directories.mountPoint(config.id()))
        .userNamespace(hasUserNamespace(config))
        .uidMappings(config.spec().linux().uidMappings())
        .gidMappings(config.spec().linux().gidMappings())
        .build();
  }

  private Stdio terminal(FdSlot[] parentEnds) {
    parentEnds[3] = assembler.fdSlot("terminal");
    int rows = config.spec().process().consoleRows().orElse(0);
    int columns = config.spec().process().consoleColumns().orElse(0);
    return Stdio.terminal(parentEnds[3], rows, columns);
  }

  /**
   * Pipes between the program and us, so that it never holds what the caller has: a terminal, or a
   * file of the host.
   *
   * @param withInput whether standard input is a pipe too, or empty
   * @param parentEnds takes our ends
   */
  static Stdio pipes(PlanAssembler assembler, boolean withInput, FdSlot[] parentEnds) {
    Stage stage = assembler.stage(Phase.HOST, CORE);
    FdSlot in = assembler.fdSlot("stdin of the program");
    if (withInput) {
      parentEnds[0] = assembler.fdSlot("stdin, our end");
      assembler.add(
          Phase.HOST,
          CORE,
          new Operation.Pipe(in, parentEnds[0]),
          "make the pipe for standard input");
    } else {
      stage
          .open(Location.host("/dev/null"), O_RDONLY, 0, in)
          .label("open /dev/null as standard input");
    }
    FdSlot out = assembler.fdSlot("stdout of the program");
    FdSlot err = assembler.fdSlot("stderr of the program");
    parentEnds[1] = assembler.fdSlot("stdout, our end");
    parentEnds[2] = assembler.fdSlot("stderr, our end");
    assembler.add(
        Phase.HOST,
        CORE,
        new Operation.Pipe(parentEnds[1], out),
        "make the pipe for standard output");
    assembler.add(
        Phase.HOST,
        CORE,
        new Operation.Pipe(parentEnds[2], err),
        "make the pipe for standard error");
    Stage paired = assembler.stage(Phase.PAIRED, CORE);
    paired.close(in).label("leave the program's end of standard input to it");
    paired.close(out).label("leave the program's end of standard output to it");
    paired.close(err).label("leave the program's end of standard error to it");
    return Stdio.descriptors(in, out, err);
  }

  /** The lock, the directory, the undo. */
  private void claim(PlanAssembler to, Stage claim, boolean detach) {
    claim
        .mkdirs(Location.host(directories.owners()), PASSABLE)
        .label("make the directory of owner locks");
    claim
        .mkdirs(Location.host(directories.ownedContainers()), PASSABLE)
        .label("make the directory of owned containers");
    claim
        .mkdirs(Location.host(directories.containers()), PASSABLE)
        .label("make the directory of containers");
    claim.mkdirs(Location.host(directories.names()), PRIVATE).label("make the directory of names");
    reconcile(to, Phase.CLAIM, directories);
    if (detach) {
      to.add(
          Phase.CLAIM,
          CORE,
          new Operation.Detach(),
          "go on in the background when the container runs");
    }
    // Who cleans up may hold the lock for a moment, of a new container's file too.
    claim
        .lock(
            directories.owner(config.id()), isNew ? Waiting.UNTIL_FREE : Waiting.NEVER, FdSlot.NONE)
        .retry(isNew ? 0 : CLEANING_MILLIS)
        .label("become the owner of the container")
        .hint("another hardway command is at work on this container");
    claim
        .mkdir(Location.host(directories.containerState(config.id())), PASSABLE)
        .ignoring(Errno.EEXIST)
        .label("make the directory of what is true while it runs");
    if (isNew) {
      store(
          claim,
          undo,
          assembler.teardown().then(removal(directories, assembler, config)).then(lastSteps()),
          "store the undo");
    } else {
      store(claim, undo, assembler.teardown().then(lastSteps()), "store the undo");
    }
    if (!attachments.isEmpty() || !ports.isEmpty()) {
      new PendingReservations(directories).end(config.id(), "", claim);
    }
  }

  /** What a container keeps until it is removed. From here on, one that stays stays. */
  private void make(PlanAssembler to, Stage claim, boolean temporary) {
    Path data = directories.containerData(config.id());
    claim.mkdir(Location.host(data), PASSABLE).label("make the container's directory");
    Path name = directories.names().resolve(config.name());
    freeStale(to, config.name());
    claim
        .symlink(Location.host(name), config.id())
        .label("take the name " + config.name())
        .hint("the name is in use: choose another, or remove the container that has it");
    for (String volume : config.volumes()) {
      VolumeSteps.make(claim, directories, volume);
      if (ownsItsRoot() && Files.notExists(directories.volume(volume))) {
        claim
            .chown(Location.host(directories.volume(volume)), rootUid(), rootGid())
            .label("give it to the container's root");
      }
    }
    store(
        claim,
        directories.removalPlan(config.id()),
        removal(directories, assembler, config),
        "store the plan that removes it");
    claim
        .replace(
            directories.configFile(config.id()), PRIVATE_FILE, Text.of(ConfigJson.write(config)))
        .label("keep what was asked for");
    if (!temporary) {
      store(
          claim,
          undo,
          assembler.teardown().then(lastSteps()),
          "store the undo: from here on it stays");
    }
  }

  /** Lets a container's root that is not its volumes' owner through to them. */
  private void openVolumes(Stage claim) {
    boolean shared = !host.isPrivileged() && rootUid() >= 0 && rootUid() != host.uid();
    for (String volume : ownsItsRoot() || shared ? config.volumes() : List.<String>of()) {
      Location directory = Location.host(directories.volumes().resolve(volume));
      if (!shared) {
        claim.chown(directory, -1, rootGid()).label("give volume " + volume + " to its group");
      }
      claim
          .chmod(directory, shared ? PASSABLE : PASSABLE_FOR_GROUP)
          .label("let the container's root through to volume " + volume);
    }
  }

  /** What it knows of names is what is true at this start. */
  private void writeEtcFiles(Stage claim) {
    EtcFiles files = EtcFiles.of(host, config, plugins, networkRequest());
    for (Map.Entry<Path, String> file :
        files.contents(directories.containerData(config.id())).entrySet()) {
      claim
          .write(
              Location.host(file.getKey()),
              WRITE_CREATE_TRUNCATE,
              READABLE_FILE,
              Text.of(file.getValue()))
          .label("write the container's " + file.getKey().getFileName());
      if (ownsItsRoot()) {
        claim
            .chown(Location.host(file.getKey()), rootUid(), rootGid())
            .label("give it to the container's root");
      }
    }
  }

  /** Whether the host's root runs a container whose root has another id. */
  private boolean ownsItsRoot() {
    return host.isPrivileged() && rootUid() > 0;
  }

  private long rootUid() {
    return IdMapping.hostId(config.spec().linux().uidMappings(), 0);
  }

  private long rootGid() {
    return IdMapping.hostId(config.spec().linux().gidMappings(), 0);
  }

  /** What deletes a container that does not run. */
  static Plan removal(Directories directories, PlanAssembler assembler, ContainerConfig config) {
    PlanAssembler first = new PlanAssembler();
    freeName(first, Phase.REMOVAL, directories.names().resolve(config.name()), config.id());
    return first.removal().then(assembler.removal());
  }

  /** Frees a name while it is this container's: it may be somebody else's by then. */
  static void freeName(PlanAssembler assembler, Phase phase, Path name, String id) {
    assembler.add(
        phase,
        CORE,
        new Operation.UnlinkLink(Text.of(name), Text.of(id)),
        "free the name " + name.getFileName());
  }

  /** Frees a name that a container which is gone still has. */
  private void freeStale(PlanAssembler to, String name) {
    containers
        .staleTarget(name)
        .ifPresent(gone -> freeName(to, Phase.CLAIM, directories.names().resolve(name), gone));
  }

  /** The last steps of every undo: when they are done nobody owns the container. */
  private Plan lastSteps() {
    PlanAssembler last = new PlanAssembler();
    addFinal(last.stage(Phase.KILL, CORE));
    return last.teardown();
  }

  private void addFinal(Stage stage) {
    stage
        .removeTree(directories.containerState(config.id()))
        .label("remove the directory of what was true while it ran");
    stage
        .unlink(Location.host(directories.owner(config.id())))
        .ignoring(Errno.ENOENT)
        .label("stop owning the container");
  }

  private void writeIdFile(Stage stage, Optional<Path> idFile) {
    idFile.ifPresent(
        file ->
            stage
                .create(Location.host(file.toAbsolutePath()), 0644, Text.of(config.id()))
                .label("write the id file")
                .hint("the id file must not exist yet: remove it, or name another"));
  }

  private void store(Stage stage, Path path, Plan plan, String label) {
    stored.put(path, plan);
    stage.replace(path, PRIVATE_FILE, Text.bytes(PlanCodec.encode(plan))).label(label);
  }

  static void reconcile(PlanAssembler to, Phase phase, Directories directories) {
    to.add(
        phase,
        CORE,
        new Operation.Reconcile(
            Text.of(directories.owners()),
            Text.of(directories.ownedContainers()),
            Text.of("undo.plan")),
        "clean up after owners that are gone");
  }

  private Text identity() {
    return Text.builder()
        .decimal(assembler.pid())
        .literal(" ")
        .text(assembler.startTime())
        .literal(" " + ProcessIdentity.currentBoot() + "\n")
        .build();
  }

  private TextSlot startedAt;

  private void started(
      RunOptions options, boolean terminal, FdSlot[] parentEnds, Optional<OomCounter> oom) {
    Stage stage = assembler.stage(Phase.STARTED, CORE);
    if (!config.autoRemove()) {
      store(
          stage,
          undo,
          assembler.teardown().then(unknownEnd()).then(lastSteps()),
          "store the undo: from here on it ends with a record");
    }
    startedAt = assembler.textSlot("start time of day");
    stage.clock(startedAt).label("note the time");
    Text state =
        Text.builder()
            .literal("{\"id\":\"" + config.id() + "\",\"pid\":")
            .decimal(assembler.pid())
            .literal(",\"startedAt\":\"")
            .text(startedAt)
            .literal("\"" + Connection.json(attachments) + portsJson() + places + "}\n")
            .build();
    stage
        .replace(directories.stateFile(config.id()), PRIVATE_FILE, state)
        .label("note that it runs");
    journal.add(stage, startedAt, "start", config);
    if (options.isDetached()) {
      assembler.add(
          Phase.STARTED,
          CORE,
          new Operation.Ready(Text.of(options.message())),
          "let the command end");
    }
    supervise(options, terminal, parentEnds, oom);
  }

  private void supervise(
      RunOptions options, boolean terminal, FdSlot[] parentEnds, Optional<OomCounter> oom) {
    int flags = 0;
    if (!options.isDetached()) {
      flags |= options.forwardsSignals() ? FORWARD_SIGNALS : 0;
      flags |= options.attachesInput() ? CALLER_INPUT : 0;
      flags |= options.attachesOutput() ? CALLER_OUTPUT : 0;
      flags |= terminal && options.attachesInput() ? CALLER_RAW : 0;
    }
    flags |= config.openStdin() && !options.attachesInput() ? KEEP_INPUT : 0;
    IntSlot signal = assembler.intSlot("signal");
    assembler.add(
        Phase.STARTED,
        CORE,
        new Operation.Supervise(
            assembler.pidfd(),
            assembler.pid(),
            orNone(parentEnds[0]),
            orNone(parentEnds[1]),
            orNone(parentEnds[2]),
            orNone(parentEnds[3]),
            !config.logged() || config.autoRemove() && !options.isDetached()
                ? Text.empty()
                : Text.of(directories.logFile(config.id())),
            IntOperand.of(config.logSize()),
            IntOperand.of(config.logFiles()),
            Text.of(directories.attachSocket(config.id())),
            Text.of(options.detachKeys()),
            Text.empty(),
            IntOperand.of(flags),
            oom.isPresent() ? Text.of(oom.get().file()) : Text.empty(),
            oom.isPresent() ? Text.of(oom.get().key()) : Text.empty(),
            oom.isPresent() && oom.get().control().isPresent()
                ? Text.of(oom.get().control().get())
                : Text.empty(),
            oom.isPresent()
                ? Text.bytes(PlanCodec.encode(journal.ofOutOfMemory(config, oom.get())))
                : Text.empty(),
            assembler.exitStatus(),
            signal),
        "be the container's parent until it ends");
  }

  private static FdSlot orNone(FdSlot slot) {
    return slot == null ? FdSlot.NONE : slot;
  }

  private void ended(Optional<OomCounter> oom) {
    Stage stage = assembler.stage(Phase.ENDED, CORE);
    TextSlot finishedAt = assembler.textSlot("end time of day");
    stage.clock(finishedAt).label("note the time");
    if (!config.autoRemove()) {
      Text.Builder text = Text.builder().literal("{\"exitCode\":").decimal(assembler.exitStatus());
      if (oom.isPresent()) {
        TextSlot kills = assembler.textSlot("processes killed for lack of memory");
        stage
            .readKey(Location.host(oom.get().file()), oom.get().key(), kills)
            .bestEffort()
            .label("read how many were killed for lack of memory");
        text.literal(",\"oomKills\":\"").text(kills).literal("\"");
      }
      text.literal(",\"startedAt\":\"")
          .text(startedAt)
          .literal("\",\"finishedAt\":\"")
          .text(finishedAt)
          .literal("\"}\n");
      stage
          .replace(directories.exitFile(config.id()), PRIVATE_FILE, text.build())
          .label("keep how it ended");
    }
    journal.addExit(stage, finishedAt, config, assembler.exitStatus());
    if (config.autoRemove()) {
      journal.add(stage, finishedAt, "destroy", config);
    }
    assembler.add(
        Phase.ENDED,
        CORE,
        new Operation.ExitWith(assembler.exitStatus()),
        "end with the container's exit code");
    assembler.add(Phase.ENDED, CORE, new Operation.Perform(Text.of(undo)), "take everything down");
  }

  /** Who takes it down in place of an owner that was killed does not know how it ended. */
  private Plan unknownEnd() {
    PlanAssembler end = new PlanAssembler();
    JsonWriter json = new JsonWriter();
    json.beginObject()
        .field("exitCode", UNKNOWN_EXIT)
        .field("startedAt", "")
        .field("finishedAt", "")
        .endObject();
    end.stage(Phase.KILL, CORE)
        .create(
            Location.host(directories.exitFile(config.id())), PRIVATE_FILE, Text.of(json + "\n"))
        .ignoring(Errno.EEXIST)
        .bestEffort()
        .label("note that nobody knows how it ended, where that is so");
    return end.teardown();
  }
}
