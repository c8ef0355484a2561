package io.hardway.core;

import io.hardway.spi.ControlGroup;
import io.hardway.spi.Errno;
import io.hardway.spi.FdSlot;
import io.hardway.spi.Host;
import io.hardway.spi.IntOperand;
import io.hardway.spi.IntSlot;
import io.hardway.spi.Text;
import io.hardway.spi.TextSlot;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.Phase;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.spec.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plans a checkpoint of a container of the OCI runtime: criu writes what all its processes are. */
final class BundleCheckpoint {
  /** The namespaces that may be another's, with their keys, which are runc's. */
  static final Map<String, String> SHARED =
      Map.of("network", "extRootNetNS", "pid", "extRootPidNS");

  /** What packets are kept away by meanwhile, where there is no iptables. */
  private static final int NFTABLES = 2;

  private final BundleDirectories directories;
  private final Host host;
  private final BundleRecord container;
  private final CheckpointOptions options;
  private final boolean memoryOnly;
  private final PlanAssembler assembler = new PlanAssembler();

  /** Of a container that runs; only of what it has in memory, where it goes on. */
  BundleCheckpoint(
      BundleDirectories directories,
      Host host,
      BundleRecord container,
      CheckpointOptions options,
      boolean memoryOnly) {
    this.directories = directories;
    this.host = host;
    this.container = container;
    this.options = options;
    this.memoryOnly = memoryOnly;
  }

  /**
   * The plan.
   *
   * @param group the container's; none where it has none
   */
  Plan plan(Optional<ControlGroup> group) {
    CriuSteps criu =
        new CriuSteps(
            assembler, options, memoryOnly ? CriuSteps.Request.PRE_DUMP : CriuSteps.Request.DUMP);
    FdSlot images = criu.open(options.images(), "the images");
    FdSlot work =
        options.work().isEmpty() ? FdSlot.NONE : criu.open(options.work().get(), "the log");
    ProtocolMessage message =
        criu.message(container.config().spec()).number(CriuSteps.PID, container.pid());
    message.text(CriuSteps.ROOT, container.config().spec().root().path());
    group
        .flatMap(BundlePlanner::freezer)
        .ifPresent(
            hierarchy -> message.text(CriuSteps.FREEZE_GROUP, hierarchy.directory().toString()));
    if (memoryOnly || options.parent().isPresent()) {
      message.yes(CriuSteps.TRACK_MEMORY);
    }
    if (host.program("iptables-restore").isEmpty()) {
      message.number(CriuSteps.NETWORK_LOCK, NFTABLES);
    }
    options.parent().ifPresent(parent -> message.text(CriuSteps.PARENT_IMAGES, parent));
    namespaces(message);
    if (!memoryOnly) {
      external(message, group);
    }
    assembler
        .stage(Phase.HOST, StartPlanner.CORE)
        .openProcess(directories.identity(container.config().id()), FdSlot.NONE, IntSlot.NONE)
        .label("make sure that the container's process is there");
    assembler.add(
        Phase.SPAWN,
        StartPlanner.CORE,
        new Operation.Spawn(
            IntOperand.of(0),
            FdSlot.NONE,
            FdSlot.NONE,
            FdSlot.NONE,
            IntSlot.NONE,
            FdSlot.NONE,
            TextSlot.NONE),
        "make a process for criu");
    criu.execute();
    criu.ask(
        message,
        new FdSlot[] {images, work},
        Text.empty(),
        Text.empty(),
        Text.empty(),
        FdSlot.NONE);
    if (!memoryOnly && !options.allowances().contains(CheckpointOptions.Allowance.LEAVE_RUNNING)) {
      assembler
          .add(
              Phase.STARTED,
              StartPlanner.CORE,
              new Operation.Perform(Text.of(directories.deletePlan(container.config().id()))),
              "delete what is left of it")
          .ignoring(Errno.ENOENT) // who waits for its end does it too
          .warnOnly();
    }
    return assembler.run(Optional.empty());
  }

  private void namespaces(ProtocolMessage message) {
    for (Namespace namespace : container.config().spec().linux().namespaces()) {
      String key = SHARED.get(namespace.type());
      if (namespace.path().isPresent() && key != null) {
        String name = namespace.type().equals("network") ? "net" : namespace.type();
        message.text(CriuSteps.EXTERNAL, name + "[" + inode(name) + "]:" + key);
      }
    }
  }

  private long inode(String namespace) {
    Path file = host.file("/proc/" + container.pid() + "/ns/" + namespace);
    try {
      return (Long) Files.getAttribute(file, "unix:ino");
    } catch (IOException e) {
      throw new HardwayException(file + ": " + e.getMessage(), e);
    }
  }

  private void external(ProtocolMessage message, Optional<ControlGroup> group) {
    StandardStreams streams = StandardStreams.of(host, container.pid());
    for (String key : streams.keys()) {
      if (key.startsWith("file[")) {
        message.text(CriuSteps.EXTERNAL, key);
      }
    }
    List<String> mounts =
        new ExternalMounts(host, container.config().spec(), BundlePlanner.boundHierarchies(group))
            .mounted(container.pid());
    for (String mount : mounts) {
      message.text(CriuSteps.EXTERNAL, mount);
    }
    assembler
        .stage(Phase.HOST, StartPlanner.CORE)
        .replace(
            StandardStreams.file(options.images()),
            BundlePlanner.PRIVATE_FILE,
            Text.of(streams.json()))
        .label("note what its standard streams are");
  }
}
