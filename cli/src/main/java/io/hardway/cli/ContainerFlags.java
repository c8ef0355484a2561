package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.value.AbsolutePath;
import io.hardway.cli.value.ByteSize;
import io.hardway.cli.value.ClockOffset;
import io.hardway.cli.value.DeviceFlag;
import io.hardway.cli.value.DeviceNode;
import io.hardway.cli.value.DeviceRules;
import io.hardway.cli.value.EnvironmentFile;
import io.hardway.cli.value.GroupPath;
import io.hardway.cli.value.HostName;
import io.hardway.cli.value.IdMap;
import io.hardway.cli.value.KeyValue;
import io.hardway.cli.value.LogOptions;
import io.hardway.cli.value.MountFlag;
import io.hardway.cli.value.NamespaceMode;
import io.hardway.cli.value.NetworkChoice;
import io.hardway.cli.value.SecurityOption;
import io.hardway.cli.value.SelinuxLabel;
import io.hardway.cli.value.SignalName;
import io.hardway.cli.value.TmpfsFlag;
import io.hardway.cli.value.Ulimit;
import io.hardway.cli.value.UserName;
import io.hardway.cli.value.VolumeFlag;
import io.hardway.cli.value.VolumeMount;
import io.hardway.cli.value.WholeNumber;
import io.hardway.core.ContainerConfig;
import io.hardway.core.ContainerRecord;
import io.hardway.core.DefaultSpec;
import io.hardway.core.HardwayException;
import io.hardway.core.Ids;
import io.hardway.core.PluginKind;
import io.hardway.core.Plugins;
import io.hardway.core.Timestamp;
import io.hardway.linux.Capabilities;
import io.hardway.linux.seccomp.SeccompProfile;
import io.hardway.spi.Host;
import io.hardway.spi.IdRange;
import io.hardway.spi.RootfsSource;
import io.hardway.spi.spec.CapabilitySets;
import io.hardway.spi.spec.ContainerProcess;
import io.hardway.spi.spec.Device;
import io.hardway.spi.spec.DeviceRule;
import io.hardway.spi.spec.IdMapping;
import io.hardway.spi.spec.LinuxSettings;
import io.hardway.spi.spec.Mount;
import io.hardway.spi.spec.Namespace;
import io.hardway.spi.spec.Resources;
import io.hardway.spi.spec.Root;
import io.hardway.spi.spec.Spec;
import io.hardway.spi.spec.TimeOffset;
import io.hardway.spi.spec.User;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** From the flags of {@code run} and {@code create} to what is asked of the core. */
final class ContainerFlags {
  private static final String MAKE_NODES = "CAP_MKNOD";
  private static final String WRITABLE_GROUPS = "writable-cgroups";
  private static final long DEFAULT_SHM = 64L << 20;
  private static final List<String> NEEDING_OWN_MOUNTS =
      List.of(
          "volume",
          "mount",
          "tmpfs",
          "device",
          "shm-size",
          "sysctl",
          "add-host",
          "dns",
          "dns-search",
          "dns-option",
          "rootfs-plugin");

  private final Session session;
  private final Arguments arguments;
  private final Host host;
  private final boolean privileged;
  private final String id = Ids.next();
  private final ContainerConfig.Builder config = ContainerConfig.builder();
  private final List<Namespace> namespaces = new ArrayList<>();
  private final Map<String, String> shared = new LinkedHashMap<>();
  private final List<Mount> mounts = new ArrayList<>();
  private final List<Device> devices = new ArrayList<>();
  private final List<DeviceRule> deviceRules = new ArrayList<>();
  private final List<String> volumes = new ArrayList<>();
  private final List<String> ownVolumes = new ArrayList<>();
  private final Map<String, String> annotations = new LinkedHashMap<>();
  private boolean hostNetwork;
  private long automaticIds = -1;
  private boolean ownFiles;

  /**
   * Whether only the lack of nodes keeps root inside from the host's devices. Root of a user
   * namespace cannot use those it makes.
   */
  private boolean hasNoDeviceRules;

  private ContainerFlags(Session session, Arguments arguments) {
    this.session = session;
    this.arguments = arguments;
    this.host = session.host();
    this.privileged = arguments.flag("privileged");
  }

  /** What the flags ask for. */
  static ContainerConfig read(Session session, Arguments arguments) {
    return new ContainerFlags(session, arguments).config();
  }

  private ContainerConfig config() {
    Plugins plugins = session.engine().plugins();
    LinuxSettings.Builder linux = LinuxSettings.builder();
    network(plugins);
    String hostname = hostname();
    boolean privateUts = namespace("uts", "uts", "UTS mode");
    namespace("pid", "pid", "PID mode");
    namespace("ipc", "ipc", "IPC mode", "shareable", "none");
    namespace("cgroupns", "cgroup", "CgroupNS mode");
    timeNamespace(linux);
    userNamespace(linux);
    mountNamespace();
    NameFlags names = new NameFlags(arguments, networkOwner());
    config.names(names.read());
    String resources = resources(plugins);
    List<String> supplements = plugins.supplements(wantedResources(plugins), resources);
    deviceRules(plugins, resources, supplements);
    deviceRules.addAll(privileged ? List.of() : DefaultSpec.deviceRules());
    if (ownFiles) {
      mounts.addAll(
          DefaultSpec.mounts(
              arguments
                  .value("shm-size", ByteSize::parse)
                  .filter(size -> size > 0)
                  .orElse(DEFAULT_SHM),
              privileged,
              writableGroups()));
      sharedMemory();
      mounts.addAll(
          names.mounts(
              session.engine().directories().containerData(id), arguments.flag("read-only")));
      volumes();
    }
    devices();
    Spec.Builder spec = Spec.builder();
    if (privateUts) {
      spec.hostname(hostname);
      arguments.value("domainname", HostName::parse).ifPresent(spec::domainname);
    } else if (arguments.has("hostname") || arguments.has("domainname")) {
      throw arguments.refuse(
          "conflicting options: hostname and the network or UTS namespace of another");
    }
    spec.process(process(hostname));
    spec.root(Root.builder().path("merged").readonly(arguments.flag("read-only")).build());
    Resources asked = LimitFlags.read(arguments);
    linux.resources(asked.toBuilder().devices(deviceRules).build());
    linux
        .namespaces(namespaces)
        .devices(devices)
        .sysctl(KeyValue.map(arguments.values("sysctl", KeyValue::parseBoth)));
    arguments
        .value("cgroup-parent", GroupPath::parse)
        .ifPresent(parent -> linux.cgroupsPath(GroupPath.in(parent, id)));
    security(linux);
    spec.mounts(mounts).linux(linux.build());
    annotations.putAll(KeyValue.map(arguments.values("annotation", KeyValue::parse)));
    spec.annotations(annotations);
    config
        .id(id)
        .name(name())
        .created(Timestamp.now())
        .spec(spec.build())
        .isolation(
            plugins
                .choose(
                    PluginKind.ISOLATION,
                    arguments.text("isolation").orElse(plugins.configured(PluginKind.ISOLATION)))
                .name())
        .resources(resources)
        .supplements(supplements)
        .sharedNamespaces(shared)
        .labels(labels())
        .volumes(volumes)
        .ownVolumes(ownVolumes)
        .autoRemove(arguments.flag("rm"))
        .initProcess(
            arguments.has("init") ? arguments.flag("init") : session.settings().isOn("run.init"))
        .openStdin(arguments.flag("interactive"))
        .stopSignal(arguments.value("stop-signal", SignalName::parse).orElse(15))
        .stopTimeout(
            (int)
                (long)
                    arguments
                        .value("stop-timeout", WholeNumber.between(-1, Integer.MAX_VALUE))
                        .orElse(session.settings().number("run.stop-timeout", 10)))
        .preservedDescriptors(
            (int) (long) arguments.value("preserve-fds", WholeNumber.between(0, 1024)).orElse(0L))
        .privileged(privileged)
        .securityOptions(arguments.list("security-opt"));
    if (ownFiles) {
      rootfs(plugins);
    }
    log();
    return config.build();
  }

  /** The container whose network it is to have, and with that its files about names. */
  private Optional<ContainerConfig> networkOwner() {
    return Optional.ofNullable(shared.get("network"))
        .map(other -> session.engine().containers().find(other).config());
  }

  /**
   * Its own name; with the network of another, the name this has, as names and addresses belong
   * together.
   */
  private String hostname() {
    Optional<String> asked =
        arguments.value("hostname", HostName::parse).filter(name -> !name.isEmpty());
    Optional<ContainerConfig> owner = networkOwner();
    if (asked.isPresent() && owner.isPresent()) {
      throw new HardwayException(
          "conflicting options: hostname and the network mode: the name is that of container "
              + owner.get().name());
    }
    if (asked.isPresent()) {
      return asked.get();
    }
    if (owner.isPresent()) {
      return owner.get().spec().hostname().orElse(id.substring(0, 12));
    }
    String uts = arguments.text("uts").orElse("");
    return hostNetwork || uts.equals("host") ? hostsName() : id.substring(0, 12);
  }

  private String hostsName() {
    try {
      return HostName.parse(Files.readString(host.file("/proc/sys/kernel/hostname")).strip());
    } catch (IOException | IllegalArgumentException unknown) {
      return id.substring(0, 12);
    }
  }

  private String name() {
    if (arguments.has("name")) {
      String name = arguments.text("name").orElse("");
      if (!io.hardway.core.Containers.isName(name)) {
        throw arguments.refuse(
            "name",
            name,
            name.length() > 255
                ? "Invalid container name, no more than 255 characters are allowed"
                : "Invalid container name, only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
      }
      return name;
    }
    return Ids.name(id);
  }

  private void rootfs(Plugins plugins) {
    config.rootfs(
        plugins
            .choose(
                PluginKind.ROOTFS,
                arguments.text("rootfs-plugin").orElse(plugins.configured(PluginKind.ROOTFS)))
            .name());
    String root = arguments.text("rootfs").orElse(session.settings().text("run.rootfs"));
    if (root.isEmpty()) {
      throw arguments.refuse(
          "say with --rootfs what the container stands on: a directory, a tar archive, or / for the host's own files");
    }
    config.sourceText(root);
    if (root.equals("/")) {
      config.source(RootfsSource.hostRoot());
      return;
    }
    Path directory = Path.of(session.workingDirectory());
    Path whole = directory.resolve(root).normalize();
    List<Path> paths = new ArrayList<>();
    if (Files.exists(whole)) {
      paths.add(whole); // a colon may be part of a name
    } else {
      for (String part : root.split(":", -1)) {
        paths.add(directory.resolve(part).normalize());
      }
    }
    for (Path path : paths) {
      requireVisible(root, path);
    }
    if (paths.size() == 1 && Files.isRegularFile(paths.get(0))) {
      config.source(RootfsSource.archive(paths.get(0)));
      return;
    }
    for (Path path : paths) {
      if (!Files.isDirectory(path)) {
        throw new HardwayException(
            "--rootfs "
                + root
                + ": "
                + path
                + (Files.isRegularFile(path)
                    ? " is no directory; an archive cannot be one of several layers"
                    : " is neither a directory nor a tar archive"));
      }
    }
    config.source(RootfsSource.directories(paths));
  }

  private static void requireVisible(String root, Path path) {
    try {
      Files.readAttributes(path, "size");
    } catch (IOException e) {
      throw new HardwayException(
          "--rootfs "
              + root
              + ": "
              + path
              + (e instanceof java.nio.file.AccessDeniedException
                  ? " cannot be reached: permission denied"
                  : " does not exist"),
          e);
    }
  }

  /** Docker's option; without one what is privileged has them. */
  private boolean writableGroups() {
    boolean writable = privileged;
    for (SecurityOption option : arguments.values("security-opt", SecurityOption::parse)) {
      if (option.name().equals(WRITABLE_GROUPS)) {
        writable = option.value().equals("true");
      }
    }
    boolean hasOwnNamespace = false;
    for (Namespace namespace : namespaces) {
      hasOwnNamespace |= namespace.type().equals("cgroup") && namespace.path().isEmpty();
    }
    if (writable && !privileged && !hasOwnNamespace) {
      throw arguments.refuse(
          "--security-opt writable-cgroups needs a cgroup namespace of the container's own: it could write to the groups of others; leave --cgroupns out");
    }
    return writable;
  }

  private String wantedResources(Plugins plugins) {
    return arguments.text("resources").orElse(plugins.configured(PluginKind.RESOURCES));
  }

  private String resources(Plugins plugins) {
    String wanted = wantedResources(plugins);
    if (!wanted.equals(Plugins.AUTO) || plugins.hasUsable(PluginKind.RESOURCES)) {
      return plugins.choose(PluginKind.RESOURCES, wanted).name();
    }
    for (String flag : LimitFlags.NAMES) {
      if (arguments.has(flag)) {
        throw new HardwayException(
            "--"
                + flag
                + " cannot be given: no resource plugin works here: "
                + plugins.reasons(PluginKind.RESOURCES));
      }
    }
    return "";
  }

  private void network(Plugins plugins) {
    List<NetworkChoice> choices = arguments.values("network", NetworkChoice::parse);
    String mode =
        choices.isEmpty() ? plugins.configured(PluginKind.NETWORK) : choices.get(0).name();
    NetworkFlags flags = new NetworkFlags(arguments, session.engine().networks(), plugins);
    boolean isOthers = mode.startsWith("container:") || mode.startsWith("ns:/");
    hostNetwork = mode.equals("host");
    new PublishFlags(arguments, session.err()).read(mode, config);
    if (!hostNetwork && !isOthers) {
      namespaces.add(Namespace.builder().type("network").build());
      flags.read(mode.equals("private") ? Plugins.AUTO : mode, choices, config);
      return;
    }
    flags.requireAlone(choices);
    flags.requireNoAddress(choices);
    config.networkMode(mode);
    if (mode.startsWith("container:")) {
      share("network", mode.substring("container:".length()));
    } else if (isOthers) {
      namespaces.add(Namespace.builder().type("network").path(mode.substring(3)).build());
    }
  }

  /** Adds the namespace that a flag asks for; whether it is new. */
  private boolean namespace(String flag, String type, String title, String... further) {
    NamespaceMode mode =
        arguments.value(flag, NamespaceMode.parser(title, further)).orElse(NamespaceMode.PRIVATE);
    if (mode.isContainer()) {
      share(type, mode.operand());
    } else if (mode.isPath()) {
      namespaces.add(Namespace.builder().type(type).path(mode.operand()).build());
    } else if (!mode.isHost()) {
      namespaces.add(Namespace.builder().type(type).build());
      return true;
    }
    return false;
  }

  private void share(String type, String container) {
    try {
      shared.put(type, session.engine().containers().find(container).config().id());
    } catch (HardwayException unknown) {
      throw new HardwayException(
          "cannot join the " + type + " namespace of a container: " + unknown.getMessage());
    }
  }

  private void mountNamespace() {
    ownFiles = namespace("mntns", "mount", "mount namespace mode");
    if (ownFiles) {
      return;
    }
    String mode = arguments.text("mntns").orElse("");
    for (String flag : NEEDING_OWN_MOUNTS) {
      if (arguments.has(flag)) {
        throw needsOwnMounts("--" + flag, mode);
      }
    }
    if (arguments.flag("read-only")) {
      throw needsOwnMounts("--read-only", mode);
    }
    for (SecurityOption option : arguments.values("security-opt", SecurityOption::parse)) {
      if (List.of("mask", "unmask", "systempaths", WRITABLE_GROUPS).contains(option.name())) {
        throw needsOwnMounts("--security-opt " + option.name(), mode);
      }
    }
    if (arguments.has("rootfs")
        && !(mode.equals("host") && arguments.text("rootfs").orElse("").equals("/"))) {
      throw needsOwnMounts("--rootfs", mode);
    }
    config.source(RootfsSource.hostRoot()).sourceText(mode.equals("host") ? "/" : mode);
  }

  private RuntimeException needsOwnMounts(String option, String mode) {
    return arguments.refuse(
        option
            + " cannot be given with --mntns "
            + mode
            + ": what the program stands on is another's, and nothing is mounted there; leave it out, or use --mntns private");
  }

  private void timeNamespace(LinuxSettings.Builder linux) {
    Map<String, TimeOffset> offsets = new LinkedHashMap<>();
    for (ClockOffset offset : arguments.values("time-offset", ClockOffset::parse)) {
      offsets.put(offset.clock(), offset.offset());
    }
    if (!offsets.isEmpty() || arguments.has("timens")) {
      boolean isNew = namespace("timens", "time", "time namespace mode");
      if (!isNew && !offsets.isEmpty()) {
        throw arguments.refuse("--time-offset needs a time namespace of the container's own");
      }
    }
    linux.timeOffsets(offsets);
  }

  private void userNamespace(LinuxSettings.Builder linux) {
    List<IdMapping> uids = arguments.values("uidmap", IdMap::parse);
    List<IdMapping> gids = arguments.values("gidmap", IdMap::parse);
    NamespaceMode mode =
        arguments
            .value("userns", NamespaceMode.parser("user namespace mode", "auto"))
            .orElse(
                uids.isEmpty() && gids.isEmpty() && host.isPrivileged()
                    ? new NamespaceMode("host", "")
                    : new NamespaceMode("auto", ""));
    if (mode.isHost()) {
      if (!uids.isEmpty() || !gids.isEmpty()) {
        throw arguments.refuse(
            "--uidmap and --gidmap need a user namespace of the container's own");
      }
      requireMayUseTheHosts("host");
      return;
    }
    if (mode.isContainer()) {
      share("user", mode.operand());
      LinuxSettings theirs =
          session.engine().containers().find(mode.operand()).config().spec().linux();
      linux.uidMappings(theirs.uidMappings()).gidMappings(theirs.gidMappings());
      return;
    }
    if (mode.isPath()) {
      namespaces.add(Namespace.builder().type("user").path(mode.operand()).build());
      List<IdMapping> theirs = JoinedIds.of(host, mode.operand(), "uid_map");
      if (theirs.isEmpty()) {
        requireMayUseTheHosts("ns:" + mode.operand());
      }
      linux.uidMappings(theirs).gidMappings(JoinedIds.of(host, mode.operand(), "gid_map"));
      return;
    }
    namespaces.add(Namespace.builder().type("user").build());
    linux.uidMappings(
        uids.isEmpty()
            ? gids.isEmpty() ? mapping(host.uid(), host.subordinateUids(), "newuidmap") : gids
            : uids);
    linux.gidMappings(
        gids.isEmpty()
            ? uids.isEmpty() ? mapping(host.gid(), host.subordinateGids(), "newgidmap") : uids
            : gids);
  }

  private void requireMayUseTheHosts(String value) {
    if (!host.isPrivileged()) {
      throw arguments.refuse(
          "userns", value, "an ordinary user's containers need a user namespace of their own");
    }
  }

  /**
   * All ids from the subordinate ones; for root a range of the container's own; for a user without
   * any, his own alone.
   */
  private List<IdMapping> mapping(long own, List<IdRange> subordinate, String program) {
    List<IdMapping> mappings = new ArrayList<>();
    if (host.isPrivileged()) {
      mappings.add(
          IdMapping.builder()
              .containerId(0)
              .hostId(automaticIds())
              .size(AutomaticIds.SIZE)
              .build());
      return mappings;
    }
    mappings.add(IdMapping.builder().containerId(0).hostId(own).size(1).build());
    long next = 1;
    if (host.program(program).isPresent()) {
      for (IdRange range : subordinate) {
        mappings.add(
            IdMapping.builder()
                .containerId(next)
                .hostId(range.first())
                .size(range.count())
                .build());
        next += range.count();
      }
    }
    return mappings;
  }

  private long automaticIds() {
    if (automaticIds < 0) {
      Set<Long> taken = new HashSet<>();
      for (ContainerRecord container : session.engine().containers().all()) {
        container.config().spec().linux().uidMappings().forEach(range -> taken.add(range.hostId()));
      }
      automaticIds = AutomaticIds.first(id, taken);
    }
    return automaticIds;
  }

  /**
   * With the host's IPC namespace comes the host's shared memory, and with none no shared memory,
   * as with docker.
   */
  private void sharedMemory() {
    String mode = arguments.text("ipc").orElse("");
    if (!mode.equals("host") && !mode.equals("none")) {
      return;
    }
    if (arguments.has("shm-size")) {
      throw arguments.refuse(
          "--shm-size cannot be given with --ipc "
              + mode
              + (mode.equals("host")
                  ? ": /dev/shm is the host's"
                  : ": there is no shared memory then"));
    }
    mounts.removeIf(present -> present.destination().equals("/dev/shm"));
    if (mode.equals("none")) {
      return;
    }
    mounts.add(
        Mount.builder()
            .destination("/dev/shm")
            .type("bind")
            .source("/dev/shm")
            .options(List.of("rbind", "rprivate", "nosuid", "noexec", "nodev"))
            .build());
  }

  private void volumes() {
    List<VolumeMount> wanted = new ArrayList<>();
    wanted.addAll(arguments.values("volume", new VolumeFlag(session.workingDirectory())));
    wanted.addAll(arguments.values("mount", new MountFlag(session.workingDirectory())));
    wanted.addAll(arguments.values("tmpfs", TmpfsFlag::parse));
    // What lies above others comes first, or it would hide them; else as given.
    if (wanted.size() > 1) {
      wanted.sort(Comparator.comparingInt(VolumeMount::depth));
    }
    Set<String> destinations = new HashSet<>();
    for (VolumeMount mount : wanted) {
      if (!destinations.add(mount.destination())) {
        throw arguments.refuse("Duplicate mount point: " + mount.destination());
      }
      String source = mount.source().orElse("");
      if (mount.isVolume()) {
        String name = source.isEmpty() ? Ids.next() : source;
        volumes.add(name);
        if (source.isEmpty()) {
          ownVolumes.add(name);
        }
        source = session.engine().directories().volume(name).toString();
      } else if (mount.isBind() && !Files.exists(Path.of(source))) {
        if (!mount.createSource()) {
          throw new HardwayException(
              "invalid mount config for type \"bind\": bind source path does not exist: " + source);
        }
      }
      List<String> options = new ArrayList<>(mount.options());
      if (mount.isBind() && !Files.exists(Path.of(source))) {
        options.add("create-source");
      } else if (mount.isVolume() && mount.copyUp()) {
        options.add("copyup");
      }
      String type = mount.isBind() || mount.isVolume() ? "bind" : "tmpfs";
      if (type.equals("bind") && !options.contains("bind") && !options.contains("rbind")) {
        options.add(0, "rbind");
      }
      if (type.equals("bind") && hasNoDeviceRules) {
        options.add("nodev");
      }
      mounts.removeIf(present -> mount.covers(present.destination()));
      mounts.add(
          Mount.builder()
              .destination(mount.destination())
              .type(type)
              .source(source.isEmpty() ? type : source)
              .options(options)
              .build());
    }
  }

  private void deviceRules(Plugins plugins, String resources, List<String> supplements) {
    boolean enforced = plugins.enforceDeviceRules(resources, supplements);
    if (!enforced && arguments.has("device-cgroup-rule")) {
      throw new HardwayException(
          "--device-cgroup-rule cannot be given: "
              + (resources.isEmpty()
                  ? "no control group can be made here"
                  : resources + " applies no rules about devices")
              + "; give the device itself with --device");
    }
    boolean userNamespace = false;
    for (Namespace namespace : namespaces) {
      userNamespace |= namespace.type().equals("user");
    }
    hasNoDeviceRules = !enforced && !privileged && !userNamespace;
  }

  private void devices() {
    if (privileged && ownFiles) {
      for (String path : List.of("/dev")) {
        addDevices(Path.of(path), path, "rwm");
      }
    }
    for (DeviceFlag device : arguments.values("device", DeviceFlag::parse)) {
      Path path = Path.of(device.hostPath());
      if (!Files.exists(path)) {
        throw new HardwayException(
            "error gathering device information while adding custom device \""
                + device.hostPath()
                + "\": no such file or directory");
      }
      addDevices(path, device.path(), device.access());
    }
    deviceRules.addAll(arguments.values("device-cgroup-rule", DeviceRules::parse));
  }

  private void addDevices(Path path, String inside, String access) {
    if (Files.isDirectory(path)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
        for (Path entry : entries) {
          String name = entry.getFileName().toString();
          if (!Files.isSymbolicLink(entry)
              && !name.equals("pts")
              && !name.equals("shm")
              && !name.equals("mqueue")
              && !name.equals("console")) {
            addDevices(entry, inside + "/" + name, access);
          }
        }
      } catch (IOException e) {
        throw new HardwayException(path + ": " + e.getMessage(), e);
      }
      return;
    }
    try {
      Optional<DeviceNode> found = DeviceNode.at(path);
      if (found.isEmpty()) {
        return;
      }
      DeviceNode node = found.get();
      devices.add(
          Device.builder()
              .type(node.type())
              .path(inside)
              .major(node.major())
              .minor(node.minor())
              .fileMode(node.permissions())
              .build());
      if (!privileged) {
        deviceRules.add(
            DeviceRule.builder()
                .allow(true)
                .type(node.type())
                .major(node.major())
                .minor(node.minor())
                .access(access)
                .build());
      }
    } catch (IOException e) {
      throw new HardwayException(path + ": " + e.getMessage(), e);
    }
  }

  private ContainerProcess process(String hostname) {
    ContainerProcess.Builder process = ContainerProcess.builder();
    process.args(commandLine());
    boolean terminal = arguments.flag("tty");
    Map<String, String> variables = new LinkedHashMap<>();
    put(variables, DefaultSpec.PATH);
    put(variables, "HOSTNAME=" + hostname);
    if (terminal) {
      put(variables, "TERM=xterm");
    }
    for (String variable : environment(session, arguments)) {
      put(variables, variable);
    }
    process
        .env(List.copyOf(variables.values()))
        .terminal(terminal)
        .cwd(arguments.value("workdir", AbsolutePath::parse).orElse("/"));
    User.Builder user = User.builder();
    arguments.value("user", UserName::parse).ifPresent(user::name);
    user.additionalGroups(arguments.list("group-add"));
    arguments.value("umask", WholeNumber::parseMode).ifPresent(user::umask);
    process.user(user.build());
    process.rlimits(arguments.values("ulimit", Ulimit::parse));
    arguments
        .value("oom-score-adj", WholeNumber.between(-1000, 1000))
        .ifPresent(value -> process.oomScoreAdj((int) (long) value));
    List<String> capabilities = capabilities();
    process.capabilities(
        CapabilitySets.builder()
            .bounding(capabilities)
            .effective(capabilities)
            .permitted(capabilities)
            .build());
    for (SecurityOption option : arguments.values("security-opt", SecurityOption::parse)) {
      switch (option.name()) {
        case "no-new-privileges" -> process.noNewPrivileges(option.value().equals("true"));
        case "apparmor" -> {
          if (!option.value().equals("unconfined")) {
            process.apparmorProfile(option.value());
          }
        }
        default -> {}
      }
    }
    SelinuxLabel.of(arguments.values("security-opt", SecurityOption::parse))
        .ifPresent(label -> process.selinuxLabel(label.process()));
    return process.build();
  }

  private List<String> commandLine() {
    String program = arguments.text("entrypoint").orElse("");
    List<String> words = new ArrayList<>(arguments.positional().size() + 1);
    if (!program.isEmpty()) {
      words.add(program);
    }
    words.addAll(arguments.positional());
    if (words.isEmpty()) {
      throw arguments.refuse("no command specified: say behind the options what to run");
    }
    return words;
  }

  /** What {@code --env-file} and {@code --env} say, in this order. */
  static List<String> environment(Session session, Arguments arguments) {
    List<String> variables = new ArrayList<>();
    for (String file : arguments.list("env-file")) {
      for (String line : EnvironmentFile.lines(file)) {
        EnvironmentFile.add(line, session.environment(), variables);
      }
    }
    for (String text : arguments.list("env")) {
      EnvironmentFile.add(text, session.environment(), variables);
    }
    return variables;
  }

  private static void put(Map<String, String> variables, String variable) {
    int equals = variable.indexOf('=');
    variables.put(equals < 0 ? variable : variable.substring(0, equals), variable);
  }

  private List<String> capabilities() {
    List<String> grantable = grantable();
    List<String> granted = new ArrayList<>(privileged ? grantable : DefaultSpec.CAPABILITIES);
    List<String> dropped = names("cap-drop");
    List<String> added = names("cap-add");
    if (dropped.contains("CAP_ALL")) {
      granted.clear();
    }
    if (added.contains("CAP_ALL")) {
      granted = new ArrayList<>(grantable);
    }
    for (String name : dropped) {
      granted.remove(name);
    }
    if (hasNoDeviceRules && !added.contains("CAP_ALL")) {
      if (added.contains(MAKE_NODES)) {
        throw new HardwayException(
            "--cap-add MKNOD cannot be given: nothing here applies rules about devices, so that the"
                + " container could use any disk of the host; give devices with --device, or all"
                + " with --privileged");
      }
      granted.remove(MAKE_NODES);
    }
    for (String name : added) {
      if (!name.equals("CAP_ALL") && !grantable.contains(name)) {
        throw new HardwayException(
            "--cap-add "
                + name
                + " cannot be given: hardway itself was started without this capability");
      }
      if (!name.equals("CAP_ALL") && !granted.contains(name)) {
        granted.add(name);
      }
    }
    return granted;
  }

  /** All, as far as we have them; in a user namespace of its own a container has every one. */
  private List<String> grantable() {
    if (hasUserNamespace()) {
      return Capabilities.all();
    }
    List<String> grantable = new ArrayList<>();
    for (String name : Capabilities.all()) {
      if (host.hasCapability(name)) {
        grantable.add(name);
      }
    }
    return grantable;
  }

  private boolean hasUserNamespace() {
    for (Namespace namespace : namespaces) {
      if (namespace.type().equals("user")) {
        return true;
      }
    }
    return shared.containsKey("user");
  }

  private List<String> names(String flag) {
    List<String> names = new ArrayList<>();
    for (String text : arguments.list(flag)) {
      String name = text.toUpperCase(java.util.Locale.ROOT);
      name = name.startsWith("CAP_") ? name : "CAP_" + name;
      if (!name.equals("CAP_ALL") && !Capabilities.all().contains(name)) {
        throw arguments.refuse(flag, text, "unknown capability: \"" + name + "\"");
      }
      names.add(name);
    }
    return names;
  }

  private void security(LinuxSettings.Builder linux) {
    List<String> masked =
        new ArrayList<>(privileged || !ownFiles ? List.of() : DefaultSpec.maskedPaths(host));
    List<String> readonly =
        new ArrayList<>(privileged || !ownFiles ? List.of() : DefaultSpec.READONLY_PATHS);
    String seccomp = privileged ? "unconfined" : "default";
    for (SecurityOption option : arguments.values("security-opt", SecurityOption::parse)) {
      switch (option.name()) {
        case "seccomp" -> seccomp = option.value();
        case "systempaths" -> {
          masked.clear();
          readonly.clear();
        }
        case "mask" -> masked.addAll(List.of(option.value().split(":")));
        case "unmask" -> {
          if (option.value().equals("ALL")) {
            masked.clear();
            readonly.clear();
          }
          List<String> paths = List.of(option.value().split(":"));
          masked.removeAll(paths);
          readonly.removeAll(paths);
        }
        default -> {}
      }
    }
    linux.maskedPaths(masked).readonlyPaths(readonly);
    if (ownFiles) {
      SelinuxLabel.of(arguments.values("security-opt", SecurityOption::parse))
          .ifPresent(label -> linux.mountLabel(label.mounts()));
    }
    if (seccomp.equals("default") || seccomp.equals("builtin")) {
      annotations.put(DefaultSpec.SECCOMP_ANNOTATION, "default");
    } else if (!seccomp.equals("unconfined")) {
      linux.seccomp(
          SeccompProfile.parse(seccomp, profile(seccomp))
              .resolve(
                  capabilities(), session.host().architecture(), session.host().kernelVersion()));
    }
  }

  private String profile(String file) {
    try {
      return Files.readString(Path.of(session.workingDirectory()).resolve(file));
    } catch (IOException e) {
      throw new HardwayException(
          "opening seccomp profile (" + file + ") failed: " + Failure.of(e), e);
    }
  }

  private Map<String, String> labels() {
    Map<String, String> labels = new LinkedHashMap<>();
    for (String file : arguments.list("label-file")) {
      for (String line : EnvironmentFile.lines(file)) {
        KeyValue label = KeyValue.parse(line);
        labels.put(label.key(), label.value());
      }
    }
    labels.putAll(KeyValue.map(arguments.values("label", KeyValue::parse)));
    return labels;
  }

  private void log() {
    List<KeyValue> options = arguments.values("log-opt", KeyValue::parseBoth);
    if (options.isEmpty()) {
      String size = session.settings().text("log.max-size");
      config
          .logSize(size.isEmpty() ? 0 : ByteSize.parse(size))
          .logFiles((int) session.settings().number("log.max-file", 1));
    } else {
      LogOptions log = LogOptions.of(options);
      config.logSize(log.maxSize()).logFiles(log.maxFiles());
    }
    String driver = arguments.text("log-driver").orElse("cri");
    if (!driver.equals("cri") && !driver.equals("none")) {
      throw arguments.refuse("log-driver", driver, "there are cri and none");
    }
    config.logged(driver.equals("cri"));
  }
}
