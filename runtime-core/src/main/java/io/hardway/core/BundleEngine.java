package io.hardway.core;

import io.hardway.core.json.JsonObject;
import io.hardway.init.PlanCodec;
import io.hardway.spi.Container;
import io.hardway.spi.ControlGroup;
import io.hardway.spi.Errno;
import io.hardway.spi.FdSlot;
import io.hardway.spi.Host;
import io.hardway.spi.IntOperand;
import io.hardway.spi.IsolationPreparation;
import io.hardway.spi.Location;
import io.hardway.spi.OomCounter;
import io.hardway.spi.Stage;
import io.hardway.spi.Text;
import io.hardway.spi.Waiting;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.Phase;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.spec.ContainerProcess;
import io.hardway.spi.spec.DeviceRule;
import io.hardway.spi.spec.Namespace;
import io.hardway.spi.spec.Resources;
import io.hardway.spi.spec.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * What can be done with containers of the OCI runtime. What is done with one that exists, the
 * native program does from what {@link #create} has stored.
 */
public final class BundleEngine {
  private static final String CONTROL_GROUPS = "linux.resources";
  private static final int SIGKILL = 9;

  private final BundleDirectories directories;
  private final Host host;
  private final Plugins plugins;
  private final Consumer<String> warnings;

  /**
   * An engine over a state root.
   *
   * @param plugins those of the installation
   * @param warnings hears what is left out of what a bundle asks for
   */
  public BundleEngine(
      BundleDirectories directories, Host host, Plugins plugins, Consumer<String> warnings) {
    this.directories = directories;
    this.host = host;
    this.plugins = plugins;
    this.warnings = warnings;
  }

  /** Where things are kept. */
  public BundleDirectories directories() {
    return directories;
  }

  /**
   * Makes a container.
   *
   * @throws HardwayException where the id is taken or invalid, or the bundle is
   */
  public PlannedCommand create(
      String id, Path bundle, BundleOptions options, BundleOptions.Until until) {
    return make(id, bundle, options, until, Optional.empty());
  }

  /**
   * Makes a container from a checkpoint: it goes on where it was.
   *
   * @param bundle that of the container that was checkpointed, or one like it
   * @param until whether the command waits for its end
   * @throws HardwayException where the id is taken or invalid, or there is no checkpoint
   */
  public PlannedCommand restore(
      String id,
      Path bundle,
      BundleOptions options,
      BundleOptions.Until until,
      CheckpointOptions checkpoint) {
    return make(id, bundle, options, until, Optional.of(checkpoint));
  }

  /**
   * Writes what all processes of a container are, to be restored; the container ends with that and
   * is deleted, where it is not left running. Other commands are kept from it by {@link #lock}.
   *
   * @throws HardwayException where it does not run
   */
  public Plan checkpoint(BundleRecord container, CheckpointOptions options) {
    return checkpoint(container, options, false);
  }

  /**
   * Writes what all processes of a container have in memory, so that a checkpoint behind it is
   * faster; the container goes on.
   *
   * @throws HardwayException where it does not run
   */
  public Plan preDump(BundleRecord container, CheckpointOptions options) {
    return checkpoint(container, options, true);
  }

  private Plan checkpoint(BundleRecord container, CheckpointOptions options, boolean memoryOnly) {
    if (!container.status().equals("running") && !container.status().equals("paused")) {
      throw new HardwayException(
          "container "
              + container.config().id()
              + " cannot be checkpointed: it is "
              + container.status()
              + ", not running");
    }
    Optional<ControlGroup> group =
        container.config().resources().isEmpty()
            ? Optional.empty()
            : Optional.of(groups(container.config()).group());
    return new BundleCheckpoint(directories, host, container, options, memoryOnly).plan(group);
  }

  private PlannedCommand make(
      String id,
      Path bundle,
      BundleOptions options,
      BundleOptions.Until until,
      Optional<CheckpointOptions> checkpoint) {
    requireId(id);
    Spec spec = new Concessions(host, warnings).apply(Bundle.read(bundle));
    requireConsole(spec.process(), options, until);
    if (checkpoint.isPresent() && !spec.linux().netDevices().isEmpty()) {
      throw new HardwayException(
          "config.json: linux.netDevices: network devices are not moved into a container that is restored: leave them out");
    }
    boolean bySystemd = options.groups() == BundleOptions.Groups.SYSTEMD;
    if (checkpoint.isPresent() && bySystemd) {
      throw new HardwayException(
          "a container that is restored has no control group made by systemd: leave --systemd-cgroup out");
    }
    if (Files.exists(directories.container(id))) {
      throw new HardwayException("container with id " + id + " already exists", 1);
    }
    String resources = resources(spec.linux().resources());
    List<String> supplements =
        plugins.supplements(plugins.configured(PluginKind.RESOURCES), resources);
    spec = guarded(spec, plugins.enforceDeviceRules(resources, supplements));
    BundleConfig config =
        BundleConfig.builder()
            .id(id)
            .bundle(bundle)
            .created(Timestamp.now())
            .spec(spec)
            .isolation(
                plugins
                    .choose(PluginKind.ISOLATION, plugins.configured(PluginKind.ISOLATION))
                    .name())
            .resources(resources)
            .supplements(supplements)
            .bySystemd(bySystemd)
            .build();
    if (spec.linux().seccomp().isPresent()) {
      plugins
          .isolation(config.isolation())
          .prepare(
              IsolationPreparation.builder()
                  .host(host)
                  .spec(spec)
                  .store(directories.store())
                  .build());
    }
    return new BundlePlanner(directories, host, plugins, config, options, until, checkpoint).plan();
  }

  /** Lets a container that waits execute its program. */
  public Plan start(BundleRecord container) {
    if (!container.status().equals("created")) {
      throw new HardwayException(
          container.status().equals("stopped")
              ? "cannot start a container that has stopped"
              : "cannot start an already " + container.status() + " container");
    }
    return performing(directories.startPlan(container.config().id()));
  }

  /** Sends a signal to a container's first process, or to all its processes. */
  public Plan kill(BundleRecord container, int signal, boolean all) {
    BundleConfig config = container.config();
    boolean whole = all && !config.resources().isEmpty();
    if (whole && signal == SIGKILL) {
      return performing(directories.killPlan(config.id()));
    }
    PlanAssembler assembler = new PlanAssembler();
    if (whole) {
      Path group = groups(config).group().hierarchies().get(0).directory();
      assembler.add(
          Phase.HOST,
          StartPlanner.CORE,
          new Operation.SignalGroup(Text.of(group), IntOperand.of(signal)),
          "send signal " + signal + " to every process");
    } else if (container.pid() == 0) {
      throw new HardwayException("container not running");
    } else {
      assembler
          .stage(Phase.HOST, StartPlanner.CORE)
          .signal(directories.identity(config.id()), signal)
          .label("send signal " + signal);
    }
    return assembler.run(Optional.empty());
  }

  /**
   * Deletes a container.
   *
   * @param force kills one that runs; one that is being made is waited for; one that is not there
   *     is no failure
   */
  public Plan delete(String id, boolean force) {
    requireId(id);
    if (Files.notExists(directories.container(id))) {
      if (force) {
        return new PlanAssembler().run(Optional.empty());
      }
      throw new HardwayException("container does not exist: " + id);
    }
    if (!force) {
      String status = find(id).status();
      if (!status.equals("stopped") && !status.equals("created")) {
        throw new HardwayException(
            "cannot delete container " + id + " that is not stopped: " + status);
      }
    }
    PlanAssembler assembler = new PlanAssembler();
    if (Files.exists(directories.undoPlan(id))) {
      Stage stage = assembler.stage(Phase.HOST, StartPlanner.CORE);
      FdSlot lock = assembler.fdSlot("owner lock");
      stage
          .lock(directories.owner(id), Waiting.UNTIL_FREE, lock)
          .label("wait until nobody makes it any more");
      stage.close(lock).label("let go of the lock");
      assembler.add(
          Phase.HOST,
          StartPlanner.CORE,
          BundlePlanner.reconcile(directories),
          "take back what was not made to its end");
    }
    assembler
        .add(
            Phase.HOST,
            StartPlanner.CORE,
            new Operation.Perform(Text.of(directories.deletePlan(id))),
            "delete it")
        .ignoring(Errno.ENOENT);
    return assembler.run(Optional.empty());
  }

  /**
   * Runs another process in a container.
   *
   * @param detached whether the command ends when the process runs
   * @param paused whether the container may stand still; the process does, too, then
   */
  public PlannedCommand exec(
      BundleRecord container,
      ContainerProcess process,
      BundleOptions options,
      boolean detached,
      boolean paused) {
    switch (container.status()) {
      case "stopped" -> throw new HardwayException("cannot exec in a stopped container");
      case "creating" ->
          throw new HardwayException("cannot exec in a container that is being made");
      case "paused" -> {
        if (!paused) {
          throw new HardwayException(
              "cannot exec in a paused container (use --ignore-paused to override)");
        }
      }
      default -> {}
    }
    BundleOptions.Until until = detached ? BundleOptions.Until.STARTED : BundleOptions.Until.ENDED;
    requireConsole(process, options, until);
    BundleConfig config = container.config();
    Optional<GroupParts> groups =
        config.resources().isEmpty() ? Optional.empty() : Optional.of(groups(config));
    return new BundleExec(directories, host, plugins, container, Bundle.process(process), options)
        .plan(groups, detached);
  }

  /** Makes all processes of a container stand still. */
  public Plan pause(BundleRecord container) {
    if (!container.status().equals("running") && !container.status().equals("created")) {
      throw new HardwayException("container not running or created: " + container.status());
    }
    requireGroup(container, "pause");
    return performing(directories.pausePlan(container.config().id()));
  }

  /** Lets all processes of a container go on. */
  public Plan resume(BundleRecord container) {
    if (!container.status().equals("paused")) {
      throw new HardwayException("container not paused");
    }
    requireGroup(container, "resume");
    return performing(directories.resumePlan(container.config().id()));
  }

  /** Keeps other commands from changing a container, until the command ends. */
  public Plan lock(String id) {
    PlanAssembler assembler = new PlanAssembler();
    assembler
        .stage(Phase.HOST, StartPlanner.CORE)
        .lock(directories.lock(id), Waiting.UNTIL_FREE, FdSlot.NONE)
        .label("let no other command change container " + id);
    return assembler.run(Optional.empty());
  }

  /**
   * Changes limits of a container that {@link #lock} keeps from others. Where a step fails, what
   * was changed before it is taken back.
   *
   * @param changed what is changed; the rest is absent. Rules about devices stay as they are
   * @param after all limits with the change
   * @throws HardwayException where it has stopped, is being made or has no control group
   */
  public PlannedCommand update(BundleRecord container, Resources changed, Resources after) {
    switch (container.status()) {
      case "stopped" -> throw new HardwayException("cannot update a container that has stopped");
      case "creating" -> throw new HardwayException("cannot update a container that is being made");
      default -> {}
    }
    BundleConfig config = container.config();
    Path undo = directories.updateUndo(config.id());
    PlanAssembler assembler = new PlanAssembler();
    GroupParts parts = groups(container, "update");
    parts.contributeUpdate(new Concessions(host, warnings).apply(changed), assembler);
    assembler
        .stage(Phase.TEARDOWN, StartPlanner.CORE)
        .unlink(Location.host(undo))
        .bestEffort()
        .label("remove the plan that took the change back");
    Plan back = assembler.teardown();
    assembler
        .stage(Phase.CLAIM, StartPlanner.CORE)
        .replace(undo, BundlePlanner.PRIVATE_FILE, Text.bytes(PlanCodec.encode(back)))
        .label("store what takes the change back, where a step of it fails");
    Stage stage = assembler.stage(Phase.HOST, StartPlanner.CORE);
    stage
        .replace(
            directories.configFile(config.id()),
            BundlePlanner.PRIVATE_FILE,
            Text.of(BundleJson.write(config.limited(after), parts.places())))
        .label("keep what was asked for");
    stage.unlink(Location.host(undo)).bestEffort().label("remove what takes the change back");
    return new PlannedCommand(assembler.run(Optional.of(undo)), Map.of(undo, back));
  }

  /** The pids of all processes of a container, as the caller sees them. */
  public List<Long> processes(BundleRecord container) {
    return container.pid() == 0 && container.config().resources().isEmpty()
        ? List.of()
        : groups(container, "list the processes of").processes();
  }

  /**
   * What a container uses now.
   *
   * @throws HardwayException where it has stopped, or has no control group
   */
  public BundleUsage usage(BundleRecord container) {
    if (container.pid() == 0) {
      throw new HardwayException(
          "container with id " + container.config().id() + " is not running");
    }
    GroupParts parts = groups(container, "tell what is used by");
    return new BundleUsage(parts.usage(), parts.group().version(), interfaces(container));
  }

  private static List<InterfaceCounters> interfaces(BundleRecord container) {
    for (Namespace namespace : container.config().spec().linux().namespaces()) {
      if (namespace.type().equals("network")) {
        return InterfaceCounters.ofProcess(container.pid());
      }
    }
    return List.of(); // they are the host's
  }

  /** Where the kernel counts what it has killed in a container for lack of memory. */
  public Optional<OomCounter> oomCounter(BundleRecord container) {
    return groups(container, "watch the memory of").oomCounter();
  }

  private GroupParts groups(BundleRecord container, String verb) {
    requireGroup(container, verb);
    return groups(container.config());
  }

  private static void requireGroup(BundleRecord container, String verb) {
    if (container.config().resources().isEmpty()) {
      throw new HardwayException(
          "cannot "
              + verb
              + " container "
              + container.config().id()
              + ": it has no control group, since none could be made when it was");
    }
  }

  private static Plan performing(Path plan) {
    PlanAssembler assembler = new PlanAssembler();
    assembler.add(
        Phase.HOST,
        StartPlanner.CORE,
        new Operation.Perform(Text.of(plan)),
        "do what was stored when it was made");
    return assembler.run(Optional.empty());
  }

  private GroupParts groups(BundleConfig config) {
    Path file = directories.configFile(config.id());
    try {
      GroupPlaces places =
          GroupPlaces.read(JsonObject.parse(file.toString(), Files.readString(file)));
      Path directory = directories.container(config.id());
      Container container =
          Container.builder().id(config.id()).state(directory).data(directory).build();
      return GroupParts.of(host, plugins, container, config, places);
    } catch (IOException e) {
      throw new HardwayException(file + ": " + e.getMessage(), e);
    }
  }

  /** Callers expect that a container whose bundle has no rules about devices may not use them. */
  private static Spec guarded(Spec spec, boolean enforced) {
    Resources limits = spec.linux().resources();
    if (!limits.devices().isEmpty() || !enforced) {
      return spec;
    }
    List<DeviceRule> rules =
        Bundle.deviceRules(List.of(DeviceRule.builder().allow(false).access("rwm").build()));
    return spec.toBuilder()
        .linux(
            spec.linux().toBuilder().resources(limits.toBuilder().devices(rules).build()).build())
        .build();
  }

  private String resources(Resources wanted) {
    String asked = plugins.configured(PluginKind.RESOURCES);
    if (!asked.equals(Plugins.AUTO) || plugins.hasUsable(PluginKind.RESOURCES)) {
      return plugins.choose(PluginKind.RESOURCES, asked).name();
    }
    List<String> limits = new ArrayList<>(wanted.controllers());
    limits.remove("devices");
    if (!limits.isEmpty()) {
      throw new HardwayException(
          "config.json: "
              + CONTROL_GROUPS
              + ": limits of "
              + String.join(", ", limits)
              + " cannot be had: no resource plugin works here: "
              + plugins.reasons(PluginKind.RESOURCES));
    }
    return "";
  }

  private static void requireConsole(
      ContainerProcess process, BundleOptions options, BundleOptions.Until until) {
    boolean terminal = process.terminal();
    if (terminal && options.consoleSocket().isEmpty() && until != BundleOptions.Until.ENDED) {
      throw new HardwayException(
          "the process has a terminal, which goes to a console socket, as nobody stays: name one with --console-socket");
    }
    if (!terminal && options.consoleSocket().isPresent()) {
      throw new HardwayException(
          "--console-socket cannot be used: the process has no terminal: its terminal is not true");
    }
  }

  /**
   * Makes sure that this can be the id of a container.
   *
   * @throws HardwayException where it cannot
   */
  public static void requireId(String id) {
    boolean valid = !id.isEmpty() && id.length() <= 1024 && id.charAt(0) != '.';
    for (int i = 0; valid && i < id.length(); i++) {
      char c = id.charAt(i);
      valid =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || "_+-.".indexOf(c) >= 0;
    }
    if (!valid) {
      throw new HardwayException(
          "invalid id format: \"" + id + "\": use letters, digits, and _ + - . but not first", 1);
    }
  }

  /** The ids of all containers, in order. */
  public List<String> ids() throws IOException {
    Set<String> ids = new TreeSet<>();
    try (var entries = Files.newDirectoryStream(directories.root())) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (name.charAt(0) != '.') {
          ids.add(name);
        }
      }
    } catch (NoSuchFileException none) {
      return List.of();
    }
    return new ArrayList<>(ids);
  }

  /**
   * A container that exists.
   *
   * @throws HardwayException where it does not
   */
  public BundleRecord find(String id) {
    requireId(id);
    Path file = directories.configFile(id);
    try {
      JsonObject kept = JsonObject.parse(file.toString(), Files.readString(file));
      return BundleRecord.of(directories, BundleJson.read(kept));
    } catch (NoSuchFileException e) {
      throw new HardwayException("container does not exist: " + id, 1);
    } catch (IOException | IllegalArgumentException e) {
      throw new HardwayException(file + ": " + e.getMessage(), e);
    }
  }
}
