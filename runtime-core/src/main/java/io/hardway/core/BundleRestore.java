package io.hardway.core;

import io.hardway.init.PlanCodec;
import io.hardway.linux.netlink.LinkMessage;
import io.hardway.spi.ControlGroup;
import io.hardway.spi.Depth;
import io.hardway.spi.Errno;
import io.hardway.spi.FdSlot;
import io.hardway.spi.Host;
import io.hardway.spi.IntOperand;
import io.hardway.spi.IntSlot;
import io.hardway.spi.Location;
import io.hardway.spi.Stage;
import io.hardway.spi.Text;
import io.hardway.spi.TextSlot;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.Phase;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.spec.Mount;
import io.hardway.spi.spec.Namespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The steps that make a container's process from a checkpoint. criu is executed where the container
 * would be: in its control groups, and in a mount namespace of its own, in which the root is
 * mounted as criu wants it, so that nothing of it is on the host.
 */
final class BundleRestore {
  private static final String CORE = StartPlanner.CORE;
  private static final long READ_ONLY = 1;

  /** Of mount_setattr(2). */
  private static final Map<String, Long> ATTRIBUTES =
      Map.of(
          "ro",
          READ_ONLY,
          "rro",
          READ_ONLY,
          "nosuid",
          2L,
          "nodev",
          4L,
          "noexec",
          8L,
          "nosymfollow",
          0x20_0000L);

  private static final Map<String, Long> CLEARING =
      Map.of("rw", READ_ONLY, "suid", 2L, "dev", 4L, "exec", 8L, "symfollow", 0x20_0000L);

  private static final long NEW_MOUNTS = 0x2_0000;
  private static final long NEW_NETWORK = 0x4000_0000L;
  private static final long MS_REC_PRIVATE = 0x4_4000;
  private static final int O_WRONLY_CREAT_EXCL = 0301;
  private static final int FILE_MODE = 0644;
  private static final int DIRECTORY_MODE = 0755;
  private static final int JOINED_NAME = 1;
  private static final int JOINED_FILE = 2;

  private final Host host;
  private final BundleConfig config;
  private final CheckpointOptions options;
  private final Path identity;
  private final PlanAssembler assembler;

  BundleRestore(
      Host host,
      BundleConfig config,
      CheckpointOptions options,
      Path identity,
      PlanAssembler assembler) {
    this.host = host;
    this.config = config;
    this.options = options;
    this.identity = identity;
    this.assembler = assembler;
  }

  /**
   * Adds them.
   *
   * @param cgroup the directory the process is to be born in, or none
   * @param mountPoint where the root is mounted
   * @param terminal receives the master side of the container's terminal; or none
   */
  void contribute(FdSlot cgroup, Optional<ControlGroup> group, Path mountPoint, FdSlot terminal) {
    assembler
        .stage(Phase.ENTER, CORE)
        .propagation("/", MS_REC_PRIVATE)
        .label("keep what criu mounts from the host");
    CriuSteps criu = new CriuSteps(assembler, options, CriuSteps.Request.RESTORE);
    FdSlot images = criu.open(options.images(), "the images");
    FdSlot work =
        options.work().isEmpty() ? FdSlot.NONE : criu.open(options.work().get(), "the log");
    ProtocolMessage message =
        criu.message(config.spec())
            .yes(CriuSteps.EVASIVE_DEVICES)
            .yes(CriuSteps.RESTORE_SIBLING)
            .text(CriuSteps.ROOT, mountPoint.toString());
    for (String mount :
        new ExternalMounts(host, config.spec(), BundlePlanner.boundHierarchies(group)).sources()) {
      message.text(CriuSteps.EXTERNAL, mount);
    }
    List<String> streams = StandardStreams.read(options.images()).keys();
    for (int i = 0; i < streams.size(); i++) {
      if (!streams.get(i).isEmpty()) {
        criu.inherit(i, streams.get(i));
      }
    }
    namespaces(criu, message);
    assembler.add(
        Phase.SPAWN,
        CORE,
        new Operation.Spawn(
            IntOperand.of(NEW_MOUNTS),
            FdSlot.NONE,
            FdSlot.NONE,
            cgroup,
            IntSlot.NONE,
            FdSlot.NONE,
            TextSlot.NONE),
        "make a process for criu, with a mount namespace");
    mountPoints();
    criu.execute();
    criu.ask(
        message,
        new FdSlot[] {images, work},
        Text.of(identity),
        Text.bytes(PlanCodec.encode(inItsNamespaces())),
        Text.bytes(PlanCodec.encode(attributes())),
        terminal);
  }

  private void namespaces(CriuSteps criu, ProtocolMessage message) {
    for (Namespace namespace : config.spec().linux().namespaces()) {
      if (namespace.path().isEmpty()) {
        continue;
      }
      String path = namespace.path().get();
      String key = BundleCheckpoint.SHARED.get(namespace.type());
      if (namespace.type().equals("cgroup") || namespace.type().equals("mount")) {
        throw new HardwayException(
            "config.json: linux.namespaces: a container in the "
                + namespace.type()
                + " namespace "
                + path
                + " cannot be restored, as criu joins none: leave its path out");
      }
      if (key == null) {
        message.message(
            CriuSteps.JOIN_NAMESPACE,
            new ProtocolMessage().text(JOINED_NAME, namespace.type()).text(JOINED_FILE, path));
        continue;
      }
      FdSlot slot = assembler.fdSlot(namespace.type() + " namespace");
      assembler
          .stage(Phase.HOST, CORE)
          .open(Location.host(path), 0, 0, slot)
          .label("open the " + namespace.type() + " namespace that it is in");
      criu.inherit(slot, key);
    }
  }

  /** Places for mounts, where they are missing in the root: criu makes none. */
  private void mountPoints() {
    List<Mount> above = new ArrayList<>();
    for (Mount mount : config.spec().mounts()) {
      if (!ExternalMounts.isControlGroups(mount)) {
        mountPoint(mount, above);
      }
      above.add(mount);
    }
  }

  private void mountPoint(Mount mount, List<Mount> above) {
    FdSlot directory = assembler.rootDirectory();
    String path = mount.destination();
    Optional<Mount> outer = outer(mount, above);
    if (outer.isPresent()) {
      if (!ExternalMounts.isBind(outer.get())) {
        return; // criu restores what is in it
      }
      path = path.substring(outer.get().destination().length());
      directory = assembler.fdSlot("what is mounted on " + outer.get().destination());
      assembler
          .stage(Phase.MOUNTS, CORE)
          .openPath(Location.host(ExternalMounts.source(outer.get())), directory)
          .label("open what is mounted on " + outer.get().destination());
    }
    Stage stage = assembler.stage(Phase.MOUNTS, CORE);
    boolean isFile =
        ExternalMounts.isBind(mount) && !Files.isDirectory(ExternalMounts.source(mount));
    String made = isFile ? path.substring(0, path.lastIndexOf('/') + 1) : path;
    stage
        .mkdirs(Location.in(directory, made), DIRECTORY_MODE)
        .label("make the place for the mount on " + mount.destination());
    if (isFile) {
      stage
          .write(Location.in(directory, path), O_WRONLY_CREAT_EXCL, FILE_MODE, Text.empty())
          .ignoring(Errno.EEXIST)
          .bestEffort()
          .label("make the file for the mount on " + mount.destination());
    }
  }

  /** The mount that another one is in. */
  private static Optional<Mount> outer(Mount mount, List<Mount> above) {
    Optional<Mount> outer = Optional.empty();
    for (Mount candidate : above) {
      String prefix = candidate.destination().equals("/") ? "/" : candidate.destination() + "/";
      if (mount.destination().startsWith(prefix)) {
        outer = Optional.of(candidate);
      }
    }
    return outer;
  }

  /** What is done when the first process has its namespaces, and nothing else yet. */
  private Plan inItsNamespaces() {
    PlanAssembler then = new PlanAssembler();
    Stage stage = then.stage(Phase.HOST, CORE);
    IntSlot pid = then.intSlot("pid of the first process");
    stage.openProcess(identity, FdSlot.NONE, pid).label("find the container's process");
    for (Namespace namespace : config.spec().linux().namespaces()) {
      if (namespace.type().equals("network") && namespace.path().isEmpty()) {
        loopback(then, stage, pid);
      }
    }
    BundleHooks runner = new BundleHooks(config);
    runner.add(stage, "prestart", config.spec().hooks().prestart(), "created", pid);
    runner.add(stage, "createRuntime", config.spec().hooks().createRuntime(), "creating", pid);
    return then.run(Optional.empty());
  }

  private static void loopback(PlanAssembler then, Stage stage, IntSlot pid) {
    FdSlot own = then.fdSlot("network namespace of the host");
    FdSlot containers = then.fdSlot("network namespace of the container");
    stage
        .open(Location.host("/proc/self/ns/net"), 0, 0, own)
        .label("open the own network namespace");
    stage
        .open(
            Location.host(Text.builder().literal("/proc/").decimal(pid).literal("/ns/net").build()),
            0,
            0,
            containers)
        .label("open that of the container");
    stage.join(containers, NEW_NETWORK).label("go there");
    stage
        .netlink(LinkMessage.ROUTE, LinkMessage.up(LinkMessage.LOOPBACK_INDEX))
        .label("bring the loopback interface up");
    stage.join(own, NEW_NETWORK).label("come back");
  }

  /**
   * What binds of the host's files may not do: criu leaves that out of all but the first of a file
   * system that may do the same.
   */
  private Plan attributes() {
    PlanAssembler then = new PlanAssembler();
    IntSlot pid = then.intSlot("pid of the first process");
    FdSlot mounts = then.fdSlot("mount namespace of the container");
    FdSlot root = then.fdSlot("root of the container");
    Stage host = then.stage(Phase.HOST, CORE);
    host.openProcess(identity, FdSlot.NONE, pid).label("find the container's process");
    host.open(
            Location.host(Text.builder().literal("/proc/").decimal(pid).literal("/ns/mnt").build()),
            0,
            0,
            mounts)
        .label("open its mount namespace");
    then.stage(Phase.SPAWN, CORE)
        .spawn(0, FdSlot.NONE, FdSlot.NONE, FdSlot.NONE)
        .label("make a process that goes there");
    Stage inside = then.stage(Phase.MOUNTS, CORE);
    inside.join(mounts, NEW_MOUNTS).label("join the mount namespace");
    inside.openPath(Location.host("/"), root).label("take hold of the root");
    for (String path : config.spec().linux().maskedPaths()) {
      inside
          .mountAttributes(Location.in(root, path), Depth.SINGLE, READ_ONLY, 0)
          .ignoring(Errno.ENOENT, Errno.ENOTDIR)
          .label("make what hides " + path + " read-only")
          .hint("at the checkpoint nothing hid it: leave it out of linux.maskedPaths");
    }
    for (Mount mount : config.spec().mounts()) {
      long set = ExternalMounts.isBind(mount) ? attributes(mount) : 0;
      if (set != 0) {
        inside
            .mountAttributes(
                Location.in(root, mount.destination()),
                mount.options().contains("rro") ? Depth.RECURSIVE : Depth.SINGLE,
                set,
                0)
            .label("give the mount on " + mount.destination() + " what it had");
      }
    }
    then.add(Phase.STARTED, CORE, new Operation.ExitWith(IntOperand.of(0)), "let that process end");
    return then.run(Optional.empty());
  }

  private static long attributes(Mount mount) {
    long set = 0;
    for (String option : mount.options()) {
      set |= ATTRIBUTES.getOrDefault(option, 0L);
      set &= ~CLEARING.getOrDefault(option, 0L);
    }
    return set;
  }
}
