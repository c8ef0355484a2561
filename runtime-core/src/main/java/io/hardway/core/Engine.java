package io.hardway.core;

import io.hardway.spi.Errno;
import io.hardway.spi.FileChange;
import io.hardway.spi.Host;
import io.hardway.spi.IsolationPreparation;
import io.hardway.spi.Location;
import io.hardway.spi.NetworkDefinition;
import io.hardway.spi.NetworkProvider;
import io.hardway.spi.PlanningException;
import io.hardway.spi.PublishedPort;
import io.hardway.spi.RootfsPreparation;
import io.hardway.spi.RootfsProvider;
import io.hardway.spi.RootfsSource;
import io.hardway.spi.StepRunner;
import io.hardway.spi.Usage;
import io.hardway.spi.plan.Phase;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.spec.ContainerProcess;
import io.hardway.spi.spec.Mount;
import io.hardway.spi.spec.Namespace;
import io.hardway.spi.spec.Resources;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What can be done with containers: every verb that changes something gives a plan, which the
 * caller performs or explains; questions are answered directly. Planning has no effect.
 *
 * <p>All methods throw {@link HardwayException} or {@link PlanningException} where something that
 * was asked for cannot be done.
 */
public final class Engine {
  private final Directories directories;
  private final Host host;
  private final Plugins plugins;
  private final Containers containers;
  private final ControlGroups groups;
  private final Networks networks;
  private final Connections connections;
  private final Planners planners;

  @Inject
  Engine(
      Directories directories,
      Host host,
      Plugins plugins,
      Containers containers,
      ControlGroups groups,
      Networks networks,
      Connections connections,
      Planners planners) {
    this.directories = directories;
    this.host = host;
    this.plugins = plugins;
    this.containers = containers;
    this.groups = groups;
    this.networks = networks;
    this.connections = connections;
    this.planners = planners;
  }

  /** Where things are kept. */
  public Directories directories() {
    return directories;
  }

  /** The host. */
  public Host host() {
    return host;
  }

  /** The plugins. */
  public Plugins plugins() {
    return plugins;
  }

  /** The networks there are. */
  public Networks networks() {
    return networks;
  }

  /** How containers are connected to networks. */
  public Connections connections() {
    return connections;
  }

  /** The containers there are. */
  public Containers containers() {
    return containers;
  }

  /** Whether making a container writes what is shared, like the files of an archive. */
  public static final class Preparation {
    /** It does not: for explaining. */
    public static final Preparation PREVIEW = new Preparation(Optional.empty());

    private final Optional<Consumer<Plan>> performer;

    private Preparation(Optional<Consumer<Plan>> performer) {
      this.performer = performer;
    }

    /** It does; this performs a plan at once. */
    public static Preparation by(Consumer<Plan> performer) {
      return new Preparation(Optional.of(performer));
    }

    boolean isPreview() {
      return performer.isEmpty();
    }

    /** Performs steps of the core at once; not for a preview. */
    void perform(Plan plan) {
      performer.orElseThrow().accept(plan);
    }

    private StepRunner runner(String plugin) {
      return steps -> {
        PlanAssembler assembler = new PlanAssembler();
        steps.accept(assembler.forPlugin(plugin));
        performer.orElseThrow().accept(assembler.run(Optional.empty()));
      };
    }
  }

  /** Makes a container. */
  public PlannedCommand create(
      ContainerConfig config, Preparation preparation, String message, RunOptions options) {
    requireFree(config, 125);
    requirePublishing(config);
    ContainerConfig prepared = prepared(config, preparation);
    return planners
        .start(prepared, List.of(), List.of(), true)
        .create(prepared.source(), message, options.idFile());
  }

  /** Makes a container and starts it. */
  public PlannedCommand run(ContainerConfig config, Preparation preparation, RunOptions options) {
    requireFree(config, 125);
    beginToReserve(config, preparation);
    List<PublishedPort> ports = ports(config, preparation);
    ContainerConfig prepared = prepared(config, preparation);
    return planners
        .start(prepared, connections.reserve(prepared, preparation), ports, true)
        .start(prepared.source(), options);
  }

  /** Starts a container that does not run. */
  public PlannedCommand start(
      ContainerRecord container, Preparation preparation, RunOptions options) {
    if (container.status().isAlive()) {
      throw new HardwayException(
          "container "
              + container.config().name()
              + (container.status() == Status.PAUSED
                  ? " is paused: unpause it instead"
                  : " is already running"),
          1);
    }
    beginToReserve(container.config(), preparation);
    List<PublishedPort> ports = ports(container.config(), preparation);
    ContainerConfig prepared = prepared(container.config(), preparation);
    return planners
        .start(prepared, connections.reserve(prepared, preparation), ports, false)
        .start(prepared.source(), options);
  }

  private void requireFree(ContainerConfig config, int exitCode) {
    String holder = containers.idOfName(config.name());
    if (!holder.isEmpty()) {
      throw new HardwayException(
          "Conflict. The container name \"/"
              + config.name()
              + "\" is already in use by container \""
              + holder
              + "\". You have to remove (or rename) that container to be able to reuse that name.",
          exitCode);
    }
  }

  /** With a source that is ready to be mounted, which is what it keeps. */
  private ContainerConfig prepared(ContainerConfig config, Preparation preparation) {
    if (preparation.performer.isPresent()) {
      rotateJournal();
      plugins
          .isolation(config.isolation())
          .prepare(
              IsolationPreparation.builder()
                  .host(host)
                  .spec(config.spec())
                  .store(directories.store())
                  .build());
    }
    if (!config.hasOwnFiles()) {
      return config;
    }
    RootfsProvider provider = plugins.rootfs(config.rootfs());
    RootfsPreparation request =
        RootfsPreparation.builder()
            .host(host)
            .source(config.source())
            .store(directories.store())
            .uidMappings(config.spec().linux().uidMappings())
            .gidMappings(config.spec().linux().gidMappings())
            .runner(preparation.runner(provider.name()))
            .build();
    RootfsSource source =
        preparation.performer.isPresent() ? provider.prepare(request) : provider.preview(request);
    DecisionLog.say(
        Engine.class,
        "container {}: root {} by {}, {}",
        config.id(),
        source.paths(),
        provider.name(),
        source == config.source() ? "as it is" : "prepared");
    return source == config.source() ? config : config.toBuilder().source(source).build();
  }

  private void beginToReserve(ContainerConfig config, Preparation preparation) {
    if (!preparation.isPreview() && !(config.ports().isEmpty() && config.networks().isEmpty())) {
      PendingReservations pending = new PendingReservations(directories);
      pending.sweep();
      pending.begin(config.id());
    }
  }

  /** Gives back what commands had reserved that are gone. */
  public void giveBackReservations() {
    new PendingReservations(directories).sweep();
  }

  /** The host's ports for it, which are reserved where it is no preview. */
  private List<PublishedPort> ports(ContainerConfig config, Preparation preparation) {
    if (config.ports().isEmpty()) {
      return List.of();
    }
    requirePublishing(config);
    boolean isPreview = preparation.isPreview();
    HostPorts ports = new HostPorts(host, directories, containers, config.id());
    return isPreview ? ports.preview(config.ports()) : ports.take(config.ports());
  }

  private void requirePublishing(ContainerConfig config) {
    if (config.ports().isEmpty()) {
      return;
    }
    if (config.network().isEmpty() || !plugins.network(config.network()).publishesPorts()) {
      throw new HardwayException(
          "network "
              + config.networkMode()
              + " publishes no ports: leave -p and -P out, or use a network of bridges");
    }
    if (config.networks().isEmpty()) {
      return; // what the plugin connects leads outside
    }
    for (ContainerNetwork network : config.networks()) {
      if (!networks.find(network.name()).map(NetworkDefinition::internal).orElse(false)) {
        return;
      }
    }
    throw new HardwayException(
        "network "
            + config.networkMode()
            + " is internal, and publishes no ports: leave -p and -P out, or use another");
  }

  /**
   * Makes a network: its definition is kept at once, the host's part comes with its first
   * container.
   *
   * @throws HardwayException where the name is taken
   */
  public NetworkDefinition createNetwork(NetworkDefinition asked) {
    if (!Containers.isName(asked.name())) {
      throw new HardwayException(
          "Invalid network name (" + asked.name() + "), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed",
          1);
    }
    for (String reserved : List.of("none", "host", "private", "default", "container")) {
      if (asked.name().equals(reserved)) {
        throw new HardwayException("network name " + reserved + " has a meaning of its own", 1);
      }
    }
    NetworkProvider provider = plugins.network(asked.driver());
    if (!provider.hasNetworks()) {
      throw new HardwayException(
          "driver " + asked.driver() + " has no networks of its own: use net-bridge", 1);
    }
    NetworkDefinition made = provider.define(host, asked, networks.all());
    if (!networks.keep(made).id().equals(made.id())) {
      throw new HardwayException("network with name " + asked.name() + " already exists", 1);
    }
    return made;
  }

  /** The containers that are of a network, whether they run or not. */
  public List<ContainerRecord> users(NetworkDefinition network) {
    List<ContainerRecord> users = new ArrayList<>();
    for (ContainerRecord container : containers.all()) {
      for (ContainerNetwork used : container.config().networks()) {
        if (used.name().equals(network.name())) {
          users.add(container);
        }
      }
    }
    return users;
  }

  /**
   * Removes a network and what the host has for it.
   *
   * @throws HardwayException where containers are of it
   */
  public Plan removeNetwork(NetworkDefinition network) {
    List<ContainerRecord> users = users(network);
    if (!users.isEmpty()) {
      List<String> names = users.stream().map(user -> user.config().name()).toList();
      throw new HardwayException(
          "network "
              + network.name()
              + " is in use by "
              + (names.size() == 1 ? "container " : "containers ")
              + String.join(", ", names)
              + ": disconnect or remove "
              + (names.size() == 1 ? "it" : "them")
              + " first",
          1);
    }
    PlanAssembler assembler = new PlanAssembler();
    NetworkProvider provider = plugins.network(network.driver());
    provider.contributeRemoval(
        host, network, directories.leases(), assembler.forPlugin(provider.name()));
    assembler
        .stage(Phase.HOST, StartPlanner.CORE)
        .unlink(Location.host(networks.definition(network)))
        .ignoring(Errno.ENOENT)
        .label("forget network " + network.name());
    return assembler.run(Optional.empty());
  }

  /**
   * Deletes what plugins have prepared and no container uses.
   *
   * @return what was deleted, by what names it for people
   */
  public List<String> pruneStore(Preparation preparation) {
    List<String> deleted = new ArrayList<>();
    for (PluginEntry entry : plugins.all()) {
      if (entry.kind() == PluginKind.ROOTFS && entry.probe(host).isUsable()) {
        RootfsProvider provider = plugins.rootfs(entry.name());
        deleted.addAll(
            provider.prune(
                host, directories.store(), this::preparedRoots, preparation.runner(entry.name())));
      } else if (entry.kind() == PluginKind.ISOLATION && entry.probe(host).isUsable()) {
        deleted.addAll(plugins.isolation(entry.name()).prune(directories.store()));
      }
    }
    return deleted;
  }

  /** The directories that plugins have prepared and not pruned. */
  public List<Path> storedRoots() {
    List<Path> roots = new ArrayList<>();
    for (PluginEntry entry : plugins.all()) {
      if (entry.kind() == PluginKind.ROOTFS && entry.probe(host).isUsable()) {
        roots.addAll(plugins.rootfs(entry.name()).prepared(directories.store()));
      }
    }
    return roots;
  }

  /** The prepared directories that containers are made of. */
  public List<Path> preparedRoots() {
    List<Path> roots = new ArrayList<>();
    for (ContainerRecord container : containers.all()) {
      if (container.config().source().kind().equals("prepared")) {
        roots.addAll(container.config().source().paths());
      }
    }
    return roots;
  }

  /** Sends a signal. */
  public PlannedCommand kill(List<ContainerRecord> targets, int signal) {
    VerbPlanner planner = verb();
    for (ContainerRecord container : targets) {
      planner.kill(container, signal);
    }
    return planner.plan();
  }

  /**
   * Asks a container to end, and kills it when it has not.
   *
   * @param signal the signal; 0 for the container's own
   * @param seconds how long it may take; absent: the container's own; negative: for ever
   */
  public PlannedCommand stop(ContainerRecord container, int signal, Optional<Integer> seconds) {
    ContainerConfig config = container.config();
    return verb()
        .stop(
            container,
            signal == 0 ? config.stopSignal() : signal,
            seconds.orElse(config.stopTimeout()))
        .plan();
  }

  /** Deletes a container. */
  public PlannedCommand remove(ContainerRecord container, boolean force, boolean volumes) {
    return verb().remove(container, force, volumes).plan();
  }

  /** Makes all processes of a container stand still. */
  public PlannedCommand pause(ContainerRecord container) {
    return verb().pause(container).plan();
  }

  /** Lets the processes of a container go on. */
  public PlannedCommand unpause(ContainerRecord container) {
    return verb().unpause(container).plan();
  }

  /**
   * Keeps other commands from changing the limits, the name or the networks of containers until
   * this one has ended. What is known of them is to be read again afterwards.
   *
   * @throws HardwayException where one has been removed meanwhile
   */
  public void holdForChange(List<ContainerRecord> changed, Preparation preparation) {
    new ChangeLock(directories, containers).hold(changed, preparation);
  }

  /**
   * Changes limits, while it is {@link #holdForChange held for that}.
   *
   * @param changed what is changed; the rest is absent
   * @param updated the configuration with the change
   */
  public PlannedCommand update(
      ContainerRecord container, Resources changed, ContainerConfig updated) {
    return verb().update(container, changed, updated).plan();
  }

  /** Gives a container another name. */
  public PlannedCommand rename(ContainerRecord reference, String name, Preparation preparation) {
    if (!Containers.isName(name)) {
      throw new HardwayException(
          "Invalid container name (" + name + "), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed", 1);
    }
    ContainerRecord container =
        new ChangeLock(directories, containers).hold(reference, preparation);
    ContainerConfig renamed = container.config().toBuilder().name(name).build();
    requireFree(renamed, 1);
    return verb().rename(container, renamed, containers.staleTarget(name)).plan();
  }

  /** Runs another process in a container. */
  public PlannedCommand exec(
      ContainerRecord container,
      ContainerProcess process,
      RunOptions options,
      boolean privileged,
      int preservedDescriptors) {
    return verb().exec(container, process, options, privileged, preservedDescriptors).plan();
  }

  /** Connects the caller's terminal to a container. */
  public PlannedCommand attach(ContainerRecord container, RunOptions options) {
    return verb().attach(container, options).plan();
  }

  /** Waits for containers, prints their exit codes, and ends with a code of its own. */
  public PlannedCommand await(List<ContainerRecord> targets, int exitCode) {
    VerbPlanner planner = verb();
    for (ContainerRecord container : targets) {
      planner.await(container);
    }
    if (exitCode != 0) {
      planner.endWith(exitCode);
    }
    return planner.plan();
  }

  /** Cleans up after owners that are gone. */
  public Plan reconcile() {
    DecisionLog.say(
        Engine.class, "clean up after owners that are gone, of those in {}", directories.owners());
    PlanAssembler assembler = new PlanAssembler();
    StartPlanner.reconcile(assembler, Phase.CLAIM, directories);
    return assembler.run(Optional.empty());
  }

  /** Deletes a volume. */
  public Plan removeVolume(String name) {
    PlanAssembler assembler = new PlanAssembler();
    VolumeSteps.remove(
            assembler.stage(Phase.HOST, StartPlanner.CORE),
            host,
            directories.volumes().resolve(name))
        .label("remove volume " + name);
    return assembler.run(Optional.empty());
  }

  /** Makes a volume. */
  public Plan createVolume(String name) {
    PlanAssembler assembler = new PlanAssembler();
    VolumeSteps.make(assembler.stage(Phase.HOST, StartPlanner.CORE), directories, name);
    return assembler.run(Optional.empty());
  }

  private VerbPlanner verb() {
    return planners.verb();
  }

  /** What a container has used; empty where it has no control group. */
  public Optional<Usage> usage(ContainerConfig config) {
    return groups.usage(config);
  }

  /**
   * The interfaces of a container's own network namespace; none where it does not run, or shares
   * one.
   */
  public List<InterfaceCounters> interfaces(ContainerRecord container) {
    boolean isOwn = !container.config().sharedNamespaces().containsKey("network");
    for (Namespace namespace : container.config().spec().linux().namespaces()) {
      if (isOwn && namespace.type().equals("network") && namespace.path().isEmpty()) {
        return InterfaceCounters.ofProcess(container.pid());
      }
    }
    return List.of();
  }

  /** The pids of a container's processes on the host; empty where it has no control group. */
  public List<Long> processes(ContainerConfig config) {
    return groups.processes(config);
  }

  /** What a container has changed in its root. */
  public List<FileChange> changes(ContainerConfig config) {
    if (!config.hasOwnFiles()) {
      throw new HardwayException(
          "container "
              + config.name()
              + " has no layer of its own: it stands on the files of another mount namespace; ask for the changes of the container that has it",
          1);
    }
    RootfsProvider provider = plugins.rootfs(config.rootfs());
    return withoutMountPoints(
        provider.changes(StartPlanner.rootfsRequest(directories, host, config, config.source())),
        config);
  }

  /**
   * Mount points that had to be made are ours, not the container's; and so is a directory that has
   * changed by them alone.
   */
  private static List<FileChange> withoutMountPoints(
      List<FileChange> changes, ContainerConfig config) {
    List<String> mountPoints = new ArrayList<>();
    for (Mount mount : config.spec().mounts()) {
      mountPoints.add(mount.destination());
    }
    List<FileChange> kept = new ArrayList<>();
    for (FileChange change : changes) {
      boolean isMountPoint = mountPoints.contains(change.path());
      boolean holdsOthers = false;
      boolean holdsMountPoints = false;
      for (FileChange other : changes) {
        if (other.path().startsWith(change.path() + "/")) {
          boolean ours = mountPoints.contains(other.path());
          holdsMountPoints |= ours;
          holdsOthers |= !ours;
        }
      }
      if (!isMountPoint && (holdsOthers || !holdsMountPoints)) {
        kept.add(change);
      }
    }
    return kept;
  }

  /** Bytes of a container's own layer. */
  public long size(ContainerConfig config) {
    if (!config.hasOwnFiles()) {
      return 0;
    }
    RootfsProvider provider = plugins.rootfs(config.rootfs());
    return provider.size(StartPlanner.rootfsRequest(directories, host, config, config.source()));
  }

  /**
   * Keeps the journal small: where it has grown to a mebibyte, it becomes {@code events.1} in place
   * of the one before.
   */
  public void rotateJournal() {
    JournalRotation.perform(directories);
  }
}
