package io.hardway.isolation.linux;

import io.hardway.linux.netlink.NetworkDevice;
import io.hardway.spi.BindMount;
import io.hardway.spi.Depth;
import io.hardway.spi.Errno;
import io.hardway.spi.FdSlot;
import io.hardway.spi.HelperProgram;
import io.hardway.spi.Hierarchy;
import io.hardway.spi.Host;
import io.hardway.spi.IntOperand;
import io.hardway.spi.IsolationRequest;
import io.hardway.spi.Location;
import io.hardway.spi.MountPointKind;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Stage;
import io.hardway.spi.StepOptions;
import io.hardway.spi.Text;
import io.hardway.spi.spec.Device;
import io.hardway.spi.spec.IdMapping;
import io.hardway.spi.spec.LinuxSettings;
import io.hardway.spi.spec.Mount;
import io.hardway.spi.spec.Spec;
import io.hardway.spi.spec.TimeOffset;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The steps of one container's isolation. */
final class ContainerSteps {
  private static final long MS_REC_SLAVE = MountFlags.MS_REC | MountFlags.MS_SLAVE;
  private static final long ATTR_RDONLY = 1;
  private static final int HELPER_MILLIS = 10_000;
  private static final int MODE_CHARACTER = 0020000;
  private static final int MODE_BLOCK = 0060000;
  private static final int MODE_FIFO = 0010000;
  private static final int ALL_ACCESS = 0666;

  /** Callers say the type of the file, too. */
  private static final int MODE_BITS = 07777;

  private static final long TTY_GROUP = 5;
  private static final String[][] DEVICES = {
    {"null", "1", "3"},
    {"zero", "1", "5"},
    {"full", "1", "7"},
    {"random", "1", "8"},
    {"urandom", "1", "9"},
    {"tty", "5", "0"}
  };
  private static final String[][] LINKS = {
    {"/dev/fd", "/proc/self/fd"},
    {"/dev/stdin", "/proc/self/fd/0"},
    {"/dev/stdout", "/proc/self/fd/1"},
    {"/dev/stderr", "/proc/self/fd/2"},
    {"/dev/ptmx", "pts/ptmx"}
  };

  private final IsolationRequest request;
  private final PlanBuilder plan;
  private final Spec spec;
  private final LinuxSettings linux;
  private final Host host;
  private final Namespaces namespaces;
  private final boolean inUserNamespace;
  private final boolean standsOnOwnFiles;
  private final boolean leavesMounts;
  private FdSlot mountsToJoin = FdSlot.NONE;
  private final SecurityLabels labels;

  ContainerSteps(IsolationRequest request, PlanBuilder plan) {
    this.request = request;
    this.plan = plan;
    this.spec = request.spec();
    this.linux = spec.linux();
    this.host = request.host();
    this.namespaces = Namespaces.of(request, plan);
    this.inUserNamespace = namespaces.isOwn(NamespaceKind.USER);
    this.standsOnOwnFiles = namespaces.isNew(NamespaceKind.MOUNT) || request.ownRoot();
    this.leavesMounts = standsOnOwnFiles && !namespaces.isNew(NamespaceKind.MOUNT);
    this.labels = new SecurityLabels(host, spec.process());
  }

  void contribute() {
    if (!host.isPrivileged() && !inUserNamespace) {
      throw new PlanningException(
          "an ordinary user's container needs a user namespace", "do not ask for the host's");
    }
    spawn();
    if (namespaces.isNew(NamespaceKind.USER)) {
      mapIds();
    }
    oomScore();
    enter();
    new NetworkDevices(namespaces, NetworkDevice::find).give(linux.netDevices(), plan);
    ProcessSteps process =
        new ProcessSteps(
            spec.process(),
            linux,
            plan,
            request.stdio(),
            labels,
            SystemCallFilter.of(host, spec, request.store()),
            request.processState());
    if (standsOnOwnFiles) {
      mounts();
      process.contributeConfine(this::changeRoot, !leavesMounts, request, denyGroups());
    } else {
      takeFiles();
      process.contributeConfine(request, denyGroups());
    }
  }

  /**
   * The files of a mount namespace that is another's, as they are: a mount there would be the
   * other's too. It is joined behind all that needs paths of the host.
   */
  private void takeFiles() {
    refuseMounts();
    Stage stage = plan.mounts();
    boolean joins = namespaces.isOwn(NamespaceKind.MOUNT);
    if (joins) {
      stage
          .join(namespaces.joined(NamespaceKind.MOUNT), NamespaceKind.MOUNT.flag())
          .label("join the mount namespace")
          .hint(
              "that needs rights in the user namespace it belongs to: join this too, like --userns container:NAME");
    }
    stage
        .openPath(Location.host("/"), plan.rootDirectory())
        .label(
            joins
                ? "stand on the files it has: no path is hidden or read-only that is not so there"
                : "stand on the host's own files: no path is hidden or read-only, and what is written stays");
  }

  private void refuseMounts() {
    String what = "";
    if (!spec.mounts().isEmpty()) {
      what = "the mount on " + spec.mounts().get(0).destination();
    } else if (!linux.devices().isEmpty()) {
      what = "the device " + linux.devices().get(0).path();
    } else if (!linux.sysctl().isEmpty()) {
      what = "sysctl " + linux.sysctl().keySet().iterator().next();
    } else if (!linux.maskedPaths().isEmpty()) {
      what = "the masked path " + linux.maskedPaths().get(0);
    } else if (!linux.readonlyPaths().isEmpty()) {
      what = "the read-only path " + linux.readonlyPaths().get(0);
    } else if (spec.root().readonly()) {
      what = "a read-only root";
    } else if (linux.rootfsPropagation().isPresent()) {
      what = "rootfsPropagation " + linux.rootfsPropagation().get();
    }
    if (!what.isEmpty()) {
      throw new PlanningException(
          what + " cannot be had: it would be made in a mount namespace that is another's",
          "leave it out, or give the container a mount namespace of its own");
    }
  }

  private void openMountsToJoin() {
    mountsToJoin = namespaces.joined(NamespaceKind.MOUNT);
    if (mountsToJoin == FdSlot.NONE) {
      mountsToJoin = plan.fdSlot("mount namespace of the host");
      plan.host()
          .open(Location.host("/proc/self/ns/mnt"), 0, 0, mountsToJoin)
          .label("open the mount namespace, which it shares");
    }
  }

  private void spawn() {
    if (leavesMounts) {
      openMountsToJoin();
    }
    long flags = 0;
    StringBuilder names = new StringBuilder();
    for (NamespaceKind kind : NamespaceKind.values()) {
      boolean later =
          kind == NamespaceKind.TIME || kind == NamespaceKind.CGROUP && joinsGroupsByItself();
      boolean passing = kind == NamespaceKind.MOUNT && leavesMounts;
      if ((namespaces.isNew(kind) || passing) && !later) {
        flags |= kind.flag();
        names.append(names.isEmpty() ? "" : ", ").append(kind.type());
      }
    }
    plan.spawn()
        .spawn(
            flags,
            namespaces.joined(NamespaceKind.USER),
            namespaces.joined(NamespaceKind.PID),
            request.spawnCgroup())
        .label(
            "make the container's process"
                + (names.isEmpty() ? "" : ", with new namespaces: " + names));
  }

  /**
   * Then its cgroup namespace is made behind that: the namespace's root is where the process is.
   */
  private boolean joinsGroupsByItself() {
    boolean joins = request.spawnCgroup() == FdSlot.NONE;
    if (request.controlGroup().isPresent()) {
      for (Hierarchy hierarchy : request.controlGroup().get().hierarchies()) {
        joins |= hierarchy.version() == 1;
      }
    }
    return joins;
  }

  private static Text proc(PlanBuilder plan, String file) {
    return Text.builder().literal("/proc/").decimal(plan.pid()).literal("/" + file).build();
  }

  private void mapIds() {
    Stage stage = plan.paired();
    List<IdMapping> uids = linux.uidMappings();
    List<IdMapping> gids = linux.gidMappings();
    if (uids.isEmpty() || gids.isEmpty()) {
      throw new PlanningException(
          "a new user namespace needs ids: map at least one user and one group",
          "use --userns auto, or --uidmap and --gidmap");
    }
    IdMaps.require("user", uids);
    IdMaps.require("group", gids);
    ProcessSteps.giveStreams(host, plan, request.stdio(), uids, gids);
    boolean mayMapAll =
        host.hasCapability("CAP_SETUID") && host.hasCapability("CAP_SETGID") && host.isPrivileged();
    if (mayMapAll || isOwnOnly(uids, host.uid())) {
      stage
          .write(Location.host(proc(plan, "uid_map")), lines(uids))
          .label("map user ids: " + words(uids));
    } else {
      helper(stage, "newuidmap", uids);
    }
    if (mayMapAll) {
      stage
          .write(Location.host(proc(plan, "gid_map")), lines(gids))
          .label("map group ids: " + words(gids));
    } else if (isOwnOnly(gids, host.gid())) {
      stage
          .write(Location.host(proc(plan, "setgroups")), "deny")
          .label("give up supplementary groups, as a map of one's own group demands");
      stage
          .write(Location.host(proc(plan, "gid_map")), lines(gids))
          .label("map group ids: " + words(gids));
    } else {
      helper(stage, "newgidmap", gids);
    }
  }

  private static boolean isOwnOnly(List<IdMapping> mappings, long own) {
    return mappings.size() == 1 && mappings.get(0).size() == 1 && mappings.get(0).hostId() == own;
  }

  private void helper(Stage stage, String name, List<IdMapping> mappings) {
    Path program =
        host.program(name)
            .orElseThrow(
                () ->
                    new PlanningException(
                        "mapping more ids than one's own needs "
                            + name
                            + ", which is not installed",
                        "install the package uidmap"));
    List<Text> argv = new ArrayList<>();
    argv.add(Text.of(program));
    argv.add(Text.builder().decimal(plan.pid()).build());
    for (IdMapping mapping : mappings) {
      argv.add(Text.of(Long.toString(mapping.containerId())));
      argv.add(Text.of(Long.toString(mapping.hostId())));
      argv.add(Text.of(Long.toString(mapping.size())));
    }
    stage
        .run(HelperProgram.of(argv).timeoutMillis(HELPER_MILLIS).build())
        .label(name + ": map ids " + words(mappings))
        .hint("the ids must be the user's in /etc/subuid and /etc/subgid");
  }

  private static String lines(List<IdMapping> mappings) {
    StringBuilder text = new StringBuilder();
    for (IdMapping mapping : mappings) {
      text.append(mapping.containerId())
          .append(' ')
          .append(mapping.hostId())
          .append(' ')
          .append(mapping.size())
          .append('\n');
    }
    return text.toString();
  }

  private static String words(List<IdMapping> mappings) {
    return lines(mappings).strip().replace("\n", ", ");
  }

  private void oomScore() {
    if (spec.process().oomScoreAdj().isPresent()) {
      int wanted = spec.process().oomScoreAdj().getAsInt();
      if (wanted < 0 && !host.hasCapability("CAP_SYS_RESOURCE")) {
        throw new PlanningException(
            "oom-score-adj "
                + wanted
                + " needs the capability CAP_SYS_RESOURCE, which is missing here",
            "use 0 or more");
      }
      plan.paired()
          .write(Location.host(proc(plan, "oom_score_adj")), Integer.toString(wanted))
          .label("set the out-of-memory score to " + wanted);
    }
  }

  private boolean denyGroups() {
    return inUserNamespace && !(host.isPrivileged()) && isOwnOnly(linux.gidMappings(), host.gid());
  }

  private void enter() {
    Stage stage = plan.enter();
    labels.open(plan, stage);
    for (Map.Entry<NamespaceKind, FdSlot> join : namespaces.joined().entrySet()) {
      if (join.getKey() != NamespaceKind.USER
          && join.getKey() != NamespaceKind.PID
          && join.getKey() != NamespaceKind.MOUNT) {
        stage
            .join(join.getValue(), join.getKey().flag())
            .label("join the " + join.getKey().type() + " namespace");
      }
    }
    // Before the ids change: after that /proc/self belongs to nobody.
    if (namespaces.isNew(NamespaceKind.TIME)) {
      stage.unshare(NamespaceKind.TIME.flag()).label("make a time namespace");
      for (Map.Entry<String, TimeOffset> offset : linux.timeOffsets().entrySet()) {
        String text =
            offset.getKey() + " " + offset.getValue().secs() + " " + offset.getValue().nanosecs();
        stage
            .write(Location.host("/proc/self/timens_offsets"), text)
            .label("set a clock ahead: " + text)
            .hint("a clock does not go back behind the start of the machine");
      }
    }
    if (inUserNamespace) {
      stage
          .credentials(IntOperand.of(0), IntOperand.of(0), Text.of(denyGroups() ? "-" : ""))
          .label("become root of the user namespace");
    }
    if (namespaces.isNew(NamespaceKind.CGROUP) && joinsGroupsByItself()) {
      stage
          .unshare(NamespaceKind.CGROUP.flag())
          .label("make a cgroup namespace, whose root is the container's group");
    }
    if (standsOnOwnFiles) {
      stage.propagation("/", MS_REC_SLAVE).label("keep the container's mounts from the host");
    }
    if (spec.hostname().isPresent()) {
      requireNew(NamespaceKind.UTS, "a host name");
      stage.hostname(spec.hostname().get()).label("set the host name to " + spec.hostname().get());
    }
    if (spec.domainname().isPresent()) {
      requireNew(NamespaceKind.UTS, "a domain name");
      stage
          .domainname(spec.domainname().get())
          .label("set the domain name to " + spec.domainname().get());
    }
  }

  private void requireNew(NamespaceKind kind, String what) {
    if (!namespaces.isOwn(kind)) {
      throw new PlanningException(
          what
              + " would be the host's: the container has no "
              + kind.type()
              + " namespace of its own",
          "leave it out, or give it one");
    }
  }

  private Location inside(String path) {
    return Location.in(plan.rootDirectory(), path);
  }

  private void mounts() {
    boolean dev = false;
    Optional<Mount> bound = Optional.empty();
    for (Mount mount : spec.mounts()) {
      if (mount.destination().equals("/dev")) {
        dev |= mount.type().equals("tmpfs");
        bound = mount.type().equals("bind") ? Optional.of(mount) : Optional.empty();
      }
      mount(mount);
    }
    if (dev) {
      devices();
    }
    for (Device device : linux.devices()) {
      if (bound.isPresent() && device.path().startsWith("/dev/")) {
        requireThere(device, bound.get());
      } else {
        device(device);
      }
    }
    sysctls();
    for (String path : linux.readonlyPaths()) {
      plan.mounts().readOnly(inside(path)).label("make " + path + " read-only");
    }
    for (String path : linux.maskedPaths()) {
      plan.mounts().mask(inside(path)).label("hide " + path);
    }
  }

  private void mount(Mount mount) {
    ProcMounts.check(mount);
    MountFlags flags = MountFlags.of(mount.destination(), mount.options());
    String destination = mount.destination();
    switch (mount.type()) {
      case "cgroup", "cgroup2" -> cgroups(mount, flags);
      case "proc" -> {
        if (inUserNamespace && !namespaces.isOwn(NamespaceKind.PID)) {
          bindHost("/proc", destination, flags.set());
        } else {
          file(mount, flags, flags.data());
        }
      }
      case "sysfs" -> {
        if (inUserNamespace && !namespaces.isOwn(NamespaceKind.NETWORK)) {
          bindHost("/sys", destination, flags.set() | ATTR_RDONLY);
        } else {
          file(mount, flags, flags.data());
        }
      }
      case "mqueue" -> {
        if (!inUserNamespace || namespaces.isOwn(NamespaceKind.IPC)) {
          file(mount, flags, flags.data());
        } else if (Files.isDirectory(host.file("/dev/mqueue"))) {
          bindHost("/dev/mqueue", destination, 0);
        }
      }
      case "devpts" ->
          file(
              mount,
              flags,
              inUserNamespace && !isMapped(linux.gidMappings(), TTY_GROUP)
                  ? without(flags.data(), "gid=")
                  : flags.data());
      default -> {
        if (flags.isBind() || mount.type().equals("bind")) {
          bind(mount, flags);
        } else {
          file(mount, flags, flags.data());
        }
      }
    }
  }

  private static boolean isMapped(List<IdMapping> mappings, long inside) {
    for (IdMapping mapping : mappings) {
      if (inside >= mapping.containerId() && inside < mapping.containerId() + mapping.size()) {
        return true;
      }
    }
    return mappings.isEmpty();
  }

  private static String without(String data, String prefix) {
    StringBuilder kept = new StringBuilder();
    for (String option : data.split(",")) {
      if (!option.startsWith(prefix)) {
        kept.append(kept.isEmpty() ? "" : ",").append(option);
      }
    }
    return kept.toString();
  }

  private void file(Mount mount, MountFlags flags, String data) {
    Text source = Text.of(mount.source().isEmpty() ? mount.type() : mount.source());
    FdSlot covered = covered(mount, flags);
    plan.mounts()
        .mount(
            source,
            inside(mount.destination()),
            mount.type(),
            flags.flags(),
            SecurityLabels.mountOptions(host, linux.mountLabel(), mount.type(), data),
            MountPointKind.DIRECTORY)
        .label("mount " + mount.type() + " on " + mount.destination());
    copyUp(mount, flags, covered);
    if (flags.propagation() != 0) {
      plan.mounts()
          .propagation(
              inside(mount.destination()), Depth.SINGLE, flags.propagation() & ~MountFlags.MS_REC)
          .label("set how mounts spread from " + mount.destination());
    }
    for (String option : data.split(",")) {
      if (covered != FdSlot.NONE && option.startsWith("mode=")) {
        plan.mounts()
            .chmod(inside(mount.destination()), Integer.parseInt(option.substring(5), 8))
            .label("give it the mode that was asked for");
      }
    }
  }

  /** The directory that a mount covers, open, where what is in it is to be copied; or none. */
  private FdSlot covered(Mount mount, MountFlags flags) {
    if (!flags.copiesUp()) {
      return FdSlot.NONE;
    }
    FdSlot covered = plan.fdSlot("what " + mount.destination() + " covers");
    plan.mounts()
        .openPath(inside(mount.destination()), covered)
        .ignoring(Errno.ENOENT)
        .label("keep what the root has at " + mount.destination());
    return covered;
  }

  private void copyUp(Mount mount, MountFlags flags, FdSlot covered) {
    if (covered == FdSlot.NONE) {
      return;
    }
    plan.mounts()
        .copyUp(covered, inside(mount.destination()))
        .label("copy what the root has at " + mount.destination() + ", if this is empty");
    plan.mounts().close(covered).label("close it");
  }

  private void bind(Mount mount, MountFlags flags) {
    if (flags.createsSource()) {
      plan.host()
          .mkdirs(Location.host(mount.source()), 0755)
          .label("make the directory " + mount.source() + " where it is missing");
    }
    FdSlot covered = covered(mount, flags);
    long later = covered == FdSlot.NONE ? 0 : flags.set() & ATTR_RDONLY;
    BindMount.Builder bind =
        flags.mapsIds() || !mount.uidMappings().isEmpty() || !mount.gidMappings().isEmpty()
            ? mapped(mount, flags, later)
            : isSharedWithHost(flags)
                ? shared(mount, flags)
                : flags.subpath().isEmpty()
                    ? BindMount.of(Text.of(mount.source()), inside(mount.destination()))
                    : part(mount, flags);
    StepOptions step =
        plan.mounts()
            .bind(
                bind.depth(flags.isRecursive() ? Depth.RECURSIVE : Depth.SINGLE)
                    .attributeDepth(flags.isForAll() ? Depth.RECURSIVE : Depth.SINGLE)
                    .attributes(flags.set() & ~later, flags.clear())
                    .propagation(
                        flags.propagation() == 0
                            ? unasked()
                            : flags.propagation() & ~MountFlags.MS_REC)
                    .create(MountPointKind.LIKE_SOURCE)
                    .build());
    if (flags.mayFail()) {
      step.bestEffort();
    }
    step.label(
        "bind "
            + mount.source()
            + " on "
            + mount.destination()
            + ((flags.set() & ATTR_RDONLY) != 0 ? ", read-only" : ""));
    copyUp(mount, flags, covered);
    if (later != 0) {
      plan.mounts()
          .mountAttributes(inside(mount.destination()), Depth.RECURSIVE, later, 0)
          .label("make " + mount.destination() + " read-only");
    }
  }

  /**
   * A bundle says with {@code rootfsPropagation} whether its mounts may reach the host; without
   * that a shared one spreads inside alone, as with runc. Nobody says so of a container of ours.
   */
  private boolean isSharedWithHost(MountFlags flags) {
    boolean reachesHost =
        request.supervised() || linux.rootfsPropagation().orElse("").endsWith("shared");
    return reachesHost && (flags.propagation() & MountFlags.MS_SHARED) != 0;
  }

  /** Of a bind that says nothing itself: nothing reaches the host that was not asked for. */
  private long unasked() {
    return linux.rootfsPropagation().orElse("").endsWith("slave")
        ? MountFlags.MS_SLAVE
        : MountFlags.MS_PRIVATE;
  }

  /**
   * A bind that shares mounts with the host both ways: taken from the host's mounts, since what the
   * container's mount namespace has of them hears of new ones only.
   */
  private BindMount.Builder shared(Mount mount, MountFlags flags) {
    if (inUserNamespace || !flags.subpath().isEmpty()) {
      throw new PlanningException(
          "the mount on "
              + mount.destination()
              + " cannot be shared with the host"
              + (inUserNamespace ? " out of a user namespace" : " where it is a part of a volume"),
          "use rslave: mounts of the host appear inside");
    }
    FdSlot made = plan.fdSlot("mount of " + mount.source());
    plan.mapped()
        .cloneMount(
            Text.of(mount.source()),
            flags.isRecursive() ? Depth.RECURSIVE : Depth.SINGLE,
            0,
            0,
            0,
            FdSlot.NONE,
            made)
        .label("take hold of " + mount.source() + " as the host has it mounted");
    return BindMount.of(made, Text.of(mount.source()), inside(mount.destination())).detached(true);
  }

  /** A bind of a directory inside a volume, whatever links are in there. */
  private BindMount.Builder part(Mount mount, MountFlags flags) {
    FdSlot volume = plan.fdSlot("volume on " + mount.destination());
    FdSlot part = plan.fdSlot("part of the volume on " + mount.destination());
    plan.mounts().openPath(Location.host(mount.source()), volume).label("open " + mount.source());
    plan.mounts()
        .openPath(Location.in(volume, flags.subpath()), part)
        .label("open " + flags.subpath() + " in it")
        .hint("the part of a volume must be there before it is mounted");
    return BindMount.of(
        part, Text.of(mount.source() + "/" + flags.subpath()), inside(mount.destination()));
  }

  /**
   * A mount with the ids of the container's user namespace, made on the host, where that may be.
   */
  private BindMount.Builder mapped(Mount mount, MountFlags flags, long later) {
    boolean ofTheContainer =
        same(mount.uidMappings(), linux.uidMappings())
            && same(mount.gidMappings(), linux.gidMappings());
    if (!flags.subpath().isEmpty()) {
      throw new PlanningException(
          "a part of a volume, on " + mount.destination() + ", cannot have ids of its own",
          "leave idmap or volume-subpath out");
    }
    if (!inUserNamespace || !host.isPrivileged() || !ofTheContainer) {
      throw new PlanningException(
          "the mount on "
              + mount.destination()
              + " cannot have ids of its own: "
              + (!host.isPrivileged()
                  ? "that is for root alone"
                  : inUserNamespace
                      ? "they are not those of the container's user namespace"
                      : "the container has no user namespace whose ids they could be"),
          "leave the option idmap out");
    }
    FdSlot ids = plan.fdSlot("user namespace, for the ids of " + mount.source());
    FdSlot made = plan.fdSlot("mount of " + mount.source());
    plan.mapped()
        .open(Location.host(proc(plan, "ns/user")), 0, 0, ids)
        .label("open the container's user namespace, for its ids");
    plan.mapped()
        .cloneMount(
            Text.of(mount.source()),
            flags.isRecursive() ? Depth.RECURSIVE : Depth.SINGLE,
            flags.set() & ~later,
            flags.clear(),
            MountFlags.MS_PRIVATE,
            ids,
            made)
        .label("give the files of " + mount.source() + " the ids of the user namespace")
        .hint("the file system must take mapped ids, as ext4, xfs, btrfs and tmpfs do");
    plan.mapped().close(ids).label("close the user namespace");
    return BindMount.of(made, Text.of(mount.source()), inside(mount.destination())).detached(true);
  }

  /** None of its own means the container's. */
  private static boolean same(List<IdMapping> own, List<IdMapping> ofTheContainer) {
    return own.isEmpty() || lines(own).equals(lines(ofTheContainer));
  }

  private void bindHost(String source, String destination, long attributes) {
    plan.mounts()
        .bind(
            BindMount.of(Text.of(source), inside(destination))
                .depth(Depth.RECURSIVE)
                .attributes(attributes, 0)
                .create(MountPointKind.DIRECTORY)
                .build())
        .label("bind the host's " + source + " on " + destination);
  }

  private void cgroups(Mount mount, MountFlags flags) {
    String destination = mount.destination();
    if (request.controlGroup().isEmpty()) {
      bindHost("/sys/fs/cgroup", destination, flags.set() | ATTR_RDONLY);
      return;
    }
    boolean isVersionTwo = request.controlGroup().get().version() == 2;
    if (isVersionTwo && !namespaces.isOwn(NamespaceKind.CGROUP)) {
      bindHost("/sys/fs/cgroup", destination, flags.set());
      return;
    }
    if (isVersionTwo) {
      plan.mounts()
          .mount(
              Text.of("cgroup"),
              inside(destination),
              "cgroup2",
              flags.flags(),
              "",
              MountPointKind.DIRECTORY)
          .label("mount the container's cgroup on " + destination);
      return;
    }
    plan.mounts()
        .mount(
            Text.of("tmpfs"),
            inside(destination),
            "tmpfs",
            flags.flags() & ~ATTR_RDONLY,
            "mode=755",
            MountPointKind.DIRECTORY)
        .label("mount a tmpfs for cgroup hierarchies on " + destination);
    for (Hierarchy hierarchy : request.controlGroup().get().hierarchies()) {
      plan.mounts()
          .bind(
              BindMount.of(
                      Text.of(hierarchy.directory()), inside(destination + "/" + hierarchy.name()))
                  .depth(Depth.SINGLE)
                  .attributes(flags.set(), 0)
                  .create(MountPointKind.DIRECTORY)
                  .build())
          .label(
              "bind the container's "
                  + hierarchy.name()
                  + " cgroup on "
                  + destination
                  + "/"
                  + hierarchy.name());
      linkControllers(destination, hierarchy);
    }
    if ((flags.flags() & ATTR_RDONLY) != 0) {
      plan.mounts()
          .mountAttributes(inside(destination), Depth.SINGLE, ATTR_RDONLY, 0)
          .label("make " + destination + " read-only");
    }
  }

  /** Programs look for a controller by its name, also where it shares a hierarchy. */
  private void linkControllers(String destination, Hierarchy hierarchy) {
    for (String controller : hierarchy.controllers()) {
      boolean isNamed = controller.startsWith("name=");
      if (hierarchy.version() == 1 && !isNamed && !controller.equals(hierarchy.name())) {
        plan.mounts()
            .symlink(inside(destination + "/" + controller), hierarchy.name())
            .label("link " + controller + " to " + hierarchy.name());
      }
    }
  }

  private boolean mayMakeNodes() {
    return !inUserNamespace && host.hasCapability("CAP_MKNOD");
  }

  private void devices() {
    for (String[] device : DEVICES) {
      String path = "/dev/" + device[0];
      if (mayMakeNodes()) {
        plan.mounts()
            .mknod(
                inside(path),
                MODE_CHARACTER | ALL_ACCESS,
                Long.parseLong(device[1]),
                Long.parseLong(device[2]),
                0,
                0)
            .label("make " + path);
      } else {
        plan.mounts().device(inside(path), Path.of(path)).label("bind the host's " + path);
      }
    }
    for (String[] link : LINKS) {
      link(link[0], link[1]);
    }
    // A kernel may be built without it.
    if (Files.exists(host.file("/proc/kcore"))) {
      link("/dev/core", "/proc/kcore");
    }
  }

  private void link(String path, String target) {
    plan.mounts().symlink(inside(path), target).label("link " + path + " to " + target);
  }

  private void device(Device device) {
    for (String[] standard : DEVICES) {
      if (device.path().equals("/dev/" + standard[0])) {
        return;
      }
    }
    for (String[] link : LINKS) {
      if (device.path().equals(link[0])) {
        return; // /dev/ptmx leads into the container's own devpts, not to the host's
      }
    }
    int type =
        switch (device.type()) {
          case "c", "u" -> MODE_CHARACTER;
          case "b" -> MODE_BLOCK;
          case "p" -> MODE_FIFO;
          default ->
              throw new PlanningException(
                  "device " + device.path() + " is of the unknown type " + device.type(),
                  "there are c, b and p");
        };
    int slash = device.path().lastIndexOf('/');
    if (slash > 0) {
      plan.mounts()
          .mkdirs(inside(device.path().substring(0, slash)), 0755)
          .label("make the directory of " + device.path());
    }
    if (mayMakeNodes()) {
      plan.mounts()
          .mknod(
              inside(device.path()),
              type | device.fileMode().orElse(ALL_ACCESS) & MODE_BITS,
              device.major(),
              device.minor(),
              device.uid(),
              device.gid())
          .label("make " + device.path());
    } else {
      plan.mounts()
          .device(inside(device.path()), Path.of(device.path()))
          .label("bind the host's " + device.path());
    }
  }

  /** A node that were made in a directory of the host's would stay. */
  private void requireThere(Device device, Mount dev) {
    Path source = Path.of(dev.source() + device.path().substring("/dev".length()));
    if (Files.notExists(host.file(source.toString()), LinkOption.NOFOLLOW_LINKS)) {
      throw new PlanningException(
          "the device "
              + device.path()
              + " cannot be made: /dev is the host's "
              + dev.source()
              + ", which has none of this name",
          "give it a name outside of /dev, or leave the mount on /dev out");
    }
  }

  private void sysctls() {
    for (Map.Entry<String, String> sysctl : linux.sysctl().entrySet()) {
      String name = sysctl.getKey().replace('/', '.');
      requireNamespaced(name);
      plan.mounts()
          .write(inside("/proc/sys/" + name.replace('.', '/')), sysctl.getValue())
          .label("set " + name + " to " + sysctl.getValue())
          .hint("sysctl(8): the kernel does not take this name or value");
    }
  }

  private void requireNamespaced(String name) {
    if (name.contains("..") || name.isEmpty()) {
      throw new PlanningException(
          "sysctl " + name + " is no name of a kernel parameter",
          "write it like net.ipv4.ip_forward");
    }
    boolean ipc =
        name.startsWith("fs.mqueue.")
            || name.startsWith("kernel.msg")
            || name.startsWith("kernel.shm")
            || name.equals("kernel.sem");
    boolean net = name.startsWith("net.");
    if (!ipc && !net) {
      throw new PlanningException(
          "sysctl " + name + " is not of a namespace: it would change the host",
          "set it on the host");
    }
    requireNew(ipc ? NamespaceKind.IPC : NamespaceKind.NETWORK, "sysctl " + name);
  }

  private void changeRoot() {
    Stage stage = plan.confine();
    if (spec.root().readonly()) {
      stage
          .mountAttributes(inside("/"), Depth.SINGLE, ATTR_RDONLY, 0)
          .label("make the root read-only");
    }
    if (leavesMounts) {
      leaveMounts(stage);
      return;
    }
    StepOptions pivot = stage.pivotRoot(request.rootMountPoint());
    pivot.label("change the root (pivot_root)");
    if (linux.rootfsPropagation().isPresent()) {
      stage
          .propagation("/", propagation(linux.rootfsPropagation().get()))
          .label("set how the root's mounts spread");
    }
  }

  /**
   * Goes to the mount namespace it is to be in, which is another's, and takes its mounts along as a
   * tree that is nowhere: nobody else sees them, and they go with the container's last process.
   */
  private void leaveMounts(Stage stage) {
    if (linux.rootfsPropagation().isPresent()) {
      throw new PlanningException(
          "rootfsPropagation cannot be had: the container has no mount namespace of its own",
          "leave it out, or give it one");
    }
    FdSlot tree = plan.fdSlot("the root with all its mounts");
    stage
        .cloneMount(Text.of(request.rootMountPoint()), Depth.RECURSIVE, 0, 0, 0, FdSlot.NONE, tree)
        .label("take the root along with all that is mounted in it");
    stage
        .join(mountsToJoin, NamespaceKind.MOUNT.flag())
        .label("go to the mount namespace it is to be in");
    stage.chroot(tree).label("change the root (chroot)");
  }

  private static long propagation(String name) {
    return switch (name) {
      case "private" -> MountFlags.MS_PRIVATE;
      case "rprivate" -> MountFlags.MS_PRIVATE | MountFlags.MS_REC;
      case "slave" -> MountFlags.MS_SLAVE;
      case "rslave" -> MS_REC_SLAVE;
      case "shared" -> MountFlags.MS_SHARED;
      case "rshared" -> MountFlags.MS_SHARED | MountFlags.MS_REC;
      case "unbindable" -> MountFlags.MS_UNBINDABLE;
      case "runbindable" -> MountFlags.MS_UNBINDABLE | MountFlags.MS_REC;
      default ->
          throw new PlanningException(
              "rootfsPropagation " + name + " is unknown",
              "there are private, slave, shared and unbindable, with r before for all below");
    };
  }
}
