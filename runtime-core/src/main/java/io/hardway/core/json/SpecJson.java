package io.hardway.core.json;

import io.hardway.spi.Limit;
import io.hardway.spi.spec.BlockIoDevice;
import io.hardway.spi.spec.BlockIoResources;
import io.hardway.spi.spec.CapabilitySets;
import io.hardway.spi.spec.ContainerProcess;
import io.hardway.spi.spec.CpuAffinity;
import io.hardway.spi.spec.CpuResources;
import io.hardway.spi.spec.Device;
import io.hardway.spi.spec.DeviceRule;
import io.hardway.spi.spec.Hook;
import io.hardway.spi.spec.Hooks;
import io.hardway.spi.spec.HugepageLimit;
import io.hardway.spi.spec.IdMapping;
import io.hardway.spi.spec.IoPriority;
import io.hardway.spi.spec.LinuxSettings;
import io.hardway.spi.spec.MemoryPolicy;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.Mount;
import io.hardway.spi.spec.Namespace;
import io.hardway.spi.spec.RdmaLimit;
import io.hardway.spi.spec.Resources;
import io.hardway.spi.spec.Rlimit;
import io.hardway.spi.spec.Root;
import io.hardway.spi.spec.Scheduler;
import io.hardway.spi.spec.Seccomp;
import io.hardway.spi.spec.SeccompArgument;
import io.hardway.spi.spec.SeccompRule;
import io.hardway.spi.spec.Spec;
import io.hardway.spi.spec.TimeOffset;
import io.hardway.spi.spec.User;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The OCI runtime-spec's {@code config.json}, to and from the model; config.md, config-linux.md.
 * What the specification lacks is kept under names of its own: {@code process.user.username}
 * (docker's {@code USER[:GROUP]}) and {@code additionalGroups}.
 */
public final class SpecJson {
  private static final String WEIGHT = "weight";
  private static final String RATE = "rate";

  /** The last is no id: it means none. */
  private static final long MOST_ID = 0xFFFF_FFFEL;

  private static final long MOST_IDS = 0xFFFF_FFFFL;
  private static final int MOST_MODE = 07777;
  private static final int MOST_MAJOR = (1 << 12) - 1;
  private static final int MOST_MINOR = (1 << 20) - 1;
  private static final int OOM_SCORES = 1000;

  private SpecJson() {}

  /** Writes a specification as one JSON object. */
  public static void write(JsonWriter json, Spec spec) {
    writeSpec(json, spec);
  }

  /**
   * A specification from its JSON form.
   *
   * @throws IllegalArgumentException where a member is missing or of the wrong type; names it
   */
  public static Spec read(JsonObject json) {
    return readSpec(json);
  }

  /**
   * A process alone, as {@code process} has it.
   *
   * @throws IllegalArgumentException where a member is missing or of the wrong type; names it
   */
  public static ContainerProcess readProcess(JsonObject json) {
    return readContainerProcess(json);
  }

  /** Writes limits alone, as {@code linux.resources} has them. */
  public static void writeLimits(JsonWriter json, Resources resources) {
    writeResources(json, resources);
  }

  /**
   * Limits alone, as {@code linux.resources} has them.
   *
   * @throws IllegalArgumentException where a member is missing or of the wrong type; names it
   */
  public static Resources readLimits(JsonObject json) {
    return readResources(json);
  }

  /** Many who write the form leave out what is empty, others do not: it means the same. */
  private static boolean isSaid(JsonObject json, String name) {
    return json.has(name) && !json.text(name).isEmpty();
  }

  static void writeSpec(JsonWriter json, Spec value) {
    json.beginObject();
    json.field("ociVersion", value.ociVersion());
    writeContainerProcess(json.name("process"), value.process());
    writeRoot(json.name("root"), value.root());
    if (value.hostname().isPresent()) {
      json.field("hostname", value.hostname().get());
    }
    if (value.domainname().isPresent()) {
      json.field("domainname", value.domainname().get());
    }
    if (!value.mounts().isEmpty()) {
      json.name("mounts").beginArray();
      for (Mount item : value.mounts()) {
        writeMount(json, item);
      }
      json.endArray();
    }
    if (!value.annotations().isEmpty()) {
      json.name("annotations").texts(value.annotations());
    }
    writeHooks(json.name("hooks"), value.hooks());
    writeLinuxSettings(json.name("linux"), value.linux());
    json.endObject();
  }

  static void writeHooks(JsonWriter json, Hooks value) {
    json.beginObject();
    writeHooks(json, "prestart", value.prestart());
    writeHooks(json, "createRuntime", value.createRuntime());
    writeHooks(json, "createContainer", value.createContainer());
    writeHooks(json, "startContainer", value.startContainer());
    writeHooks(json, "poststart", value.poststart());
    writeHooks(json, "poststop", value.poststop());
    json.endObject();
  }

  private static void writeHooks(JsonWriter json, String point, List<Hook> hooks) {
    if (hooks.isEmpty()) {
      return;
    }
    json.name(point).beginArray();
    for (Hook hook : hooks) {
      json.beginObject().field("path", hook.path());
      if (!hook.args().isEmpty()) {
        json.name("args").texts(hook.args());
      }
      if (!hook.env().isEmpty()) {
        json.name("env").texts(hook.env());
      }
      if (hook.timeout().isPresent()) {
        json.field("timeout", hook.timeout().getAsInt());
      }
      json.endObject();
    }
    json.endArray();
  }

  static Hooks readHooks(JsonObject json) {
    return Hooks.builder()
        .prestart(readHooks(json, "prestart"))
        .createRuntime(readHooks(json, "createRuntime"))
        .createContainer(readHooks(json, "createContainer"))
        .startContainer(readHooks(json, "startContainer"))
        .poststart(readHooks(json, "poststart"))
        .poststop(readHooks(json, "poststop"))
        .build();
  }

  private static List<Hook> readHooks(JsonObject json, String point) {
    List<Hook> hooks = new ArrayList<>();
    for (JsonObject item : json.objects(point)) {
      Hook.Builder hook = Hook.builder().path(item.text("path"));
      hook.args(item.texts("args")).env(item.texts("env"));
      if (item.has("timeout")) {
        hook.timeout(item.whole("timeout", Integer.MIN_VALUE, Integer.MAX_VALUE));
      }
      hooks.add(hook.build());
    }
    return hooks;
  }

  static Spec readSpec(JsonObject json) {
    Spec.Builder value = Spec.builder();
    if (json.has("ociVersion")) {
      value.ociVersion(json.text("ociVersion"));
    }
    if (json.has("process")) {
      value.process(readContainerProcess(json.object("process")));
    }
    if (json.has("root")) {
      value.root(readRoot(json.object("root")));
    }
    if (isSaid(json, "hostname")) {
      value.hostname(json.text("hostname"));
    }
    if (isSaid(json, "domainname")) {
      value.domainname(json.text("domainname"));
    }
    List<Mount> mountsList = new ArrayList<>();
    for (JsonObject item : json.objects("mounts")) {
      mountsList.add(readMount(item));
    }
    value.mounts(mountsList);
    value.annotations(json.textMap("annotations"));
    if (json.has("hooks")) {
      value.hooks(readHooks(json.object("hooks")));
    }
    if (json.has("linux")) {
      value.linux(readLinuxSettings(json.object("linux")));
    }
    return value.build();
  }

  static void writeRoot(JsonWriter json, Root value) {
    json.beginObject();
    json.field("path", value.path());
    if (value.readonly()) {
      json.field("readonly", true);
    }
    json.endObject();
  }

  static Root readRoot(JsonObject json) {
    Root.Builder value = Root.builder();
    if (json.has("path")) {
      value.path(json.text("path"));
    }
    value.readonly(json.flag("readonly"));
    return value.build();
  }

  static void writeContainerProcess(JsonWriter json, ContainerProcess value) {
    json.beginObject();
    if (value.terminal()) {
      json.field("terminal", true);
    }
    if (value.consoleRows().isPresent() && value.consoleColumns().isPresent()) {
      json.name("consoleSize").beginObject();
      json.field("height", value.consoleRows().getAsInt());
      json.field("width", value.consoleColumns().getAsInt());
      json.endObject();
    }
    writeUser(json.name("user"), value.user());
    if (!value.args().isEmpty()) {
      json.name("args").texts(value.args());
    }
    if (!value.env().isEmpty()) {
      json.name("env").texts(value.env());
    }
    json.field("cwd", value.cwd());
    writeCapabilitySets(json.name("capabilities"), value.capabilities());
    if (!value.rlimits().isEmpty()) {
      json.name("rlimits").beginArray();
      for (Rlimit item : value.rlimits()) {
        writeRlimit(json, item);
      }
      json.endArray();
    }
    if (value.noNewPrivileges()) {
      json.field("noNewPrivileges", true);
    }
    if (value.apparmorProfile().isPresent()) {
      json.field("apparmorProfile", value.apparmorProfile().get());
    }
    if (value.selinuxLabel().isPresent()) {
      json.field("selinuxLabel", value.selinuxLabel().get());
    }
    if (value.oomScoreAdj().isPresent()) {
      json.field("oomScoreAdj", value.oomScoreAdj().getAsInt());
    }
    if (value.scheduler().isPresent()) {
      writeScheduler(json.name("scheduler"), value.scheduler().get());
    }
    if (value.ioPriority().isPresent()) {
      json.name("ioPriority").beginObject();
      json.field("class", value.ioPriority().get().type());
      json.field("priority", value.ioPriority().get().priority()).endObject();
    }
    if (value.execCpuAffinity().isPresent()) {
      CpuAffinity affinity = value.execCpuAffinity().get();
      json.name("execCPUAffinity").beginObject();
      affinity.initial().ifPresent(list -> json.field("initial", list));
      affinity.last().ifPresent(list -> json.field("final", list));
      json.endObject();
    }
    json.endObject();
  }

  static ContainerProcess readContainerProcess(JsonObject json) {
    ContainerProcess.Builder value = ContainerProcess.builder();
    value.terminal(json.flag("terminal"));
    if (json.has("consoleSize")) {
      JsonObject size = json.object("consoleSize");
      value.consoleRows(size.whole("height", Integer.MIN_VALUE, Integer.MAX_VALUE));
      value.consoleColumns(size.whole("width", Integer.MIN_VALUE, Integer.MAX_VALUE));
    }
    if (json.has("user")) {
      value.user(readUser(json.object("user")));
    }
    value.args(json.texts("args"));
    value.env(json.texts("env"));
    if (json.has("cwd")) {
      value.cwd(json.text("cwd"));
    }
    if (json.has("capabilities")) {
      value.capabilities(readCapabilitySets(json.object("capabilities")));
    }
    List<Rlimit> rlimitsList = new ArrayList<>();
    for (JsonObject item : json.objects("rlimits")) {
      rlimitsList.add(readRlimit(item));
    }
    value.rlimits(rlimitsList);
    value.noNewPrivileges(json.flag("noNewPrivileges"));
    if (isSaid(json, "apparmorProfile")) {
      value.apparmorProfile(json.text("apparmorProfile"));
    }
    if (isSaid(json, "selinuxLabel")) {
      value.selinuxLabel(json.text("selinuxLabel"));
    }
    if (json.has("oomScoreAdj")) {
      value.oomScoreAdj(json.whole("oomScoreAdj", -OOM_SCORES, OOM_SCORES));
    }
    if (json.has("scheduler")) {
      value.scheduler(readScheduler(json.object("scheduler")));
    }
    if (json.has("ioPriority")) {
      JsonObject priority = json.object("ioPriority");
      value.ioPriority(
          IoPriority.builder()
              .type(priority.text("class"))
              .priority(
                  priority.has("priority")
                      ? priority.whole("priority", Integer.MIN_VALUE, Integer.MAX_VALUE)
                      : 0)
              .build());
    }
    if (json.has("execCPUAffinity")) {
      JsonObject lists = json.object("execCPUAffinity");
      CpuAffinity.Builder affinity = CpuAffinity.builder();
      if (isSaid(lists, "initial")) {
        affinity.initial(lists.text("initial"));
      }
      if (isSaid(lists, "final")) {
        affinity.last(lists.text("final"));
      }
      value.execCpuAffinity(affinity.build());
    }
    return value.build();
  }

  private static void writeScheduler(JsonWriter json, Scheduler value) {
    json.beginObject().field("policy", value.policy());
    json.field("nice", value.nice()).field("priority", value.priority());
    if (!value.flags().isEmpty()) {
      json.name("flags").texts(value.flags());
    }
    json.field("runtime", value.runtime()).field("deadline", value.deadline());
    json.field("period", value.period()).endObject();
  }

  private static Scheduler readScheduler(JsonObject json) {
    return Scheduler.builder()
        .policy(json.text("policy"))
        .nice(json.has("nice") ? json.whole("nice", Integer.MIN_VALUE, Integer.MAX_VALUE) : 0)
        .priority(
            json.has("priority") ? json.whole("priority", Integer.MIN_VALUE, Integer.MAX_VALUE) : 0)
        .flags(json.texts("flags"))
        .runtime(json.number("runtime", 0))
        .deadline(json.number("deadline", 0))
        .period(json.number("period", 0))
        .build();
  }

  static void writeUser(JsonWriter json, User value) {
    json.beginObject();
    json.field("uid", value.uid());
    json.field("gid", value.gid());
    if (value.umask().isPresent()) {
      json.field("umask", value.umask().getAsInt());
    }
    if (!value.additionalGids().isEmpty()) {
      json.name("additionalGids").numbers(value.additionalGids());
    }
    if (value.name().isPresent()) {
      json.field("username", value.name().get());
    }
    if (!value.additionalGroups().isEmpty()) {
      json.name("additionalGroups").texts(value.additionalGroups());
    }
    json.endObject();
  }

  static User readUser(JsonObject json) {
    User.Builder value = User.builder();
    if (json.has("uid")) {
      value.uid(json.number("uid", 0, MOST_ID));
    }
    if (json.has("gid")) {
      value.gid(json.number("gid", 0, MOST_ID));
    }
    if (json.has("umask")) {
      value.umask(json.whole("umask", 0, MOST_MODE));
    }
    for (Long group : json.numbers("additionalGids")) {
      if (group < 0 || group > MOST_ID) {
        throw new IllegalArgumentException(
            json.place() + ": additionalGids: " + group + " is no id of a group");
      }
    }
    value.additionalGids(json.numbers("additionalGids"));
    if (json.has("username")) {
      value.name(json.text("username"));
    }
    value.additionalGroups(json.texts("additionalGroups"));
    return value.build();
  }

  static void writeCapabilitySets(JsonWriter json, CapabilitySets value) {
    json.beginObject();
    if (!value.bounding().isEmpty()) {
      json.name("bounding").texts(value.bounding());
    }
    if (!value.effective().isEmpty()) {
      json.name("effective").texts(value.effective());
    }
    if (!value.inheritable().isEmpty()) {
      json.name("inheritable").texts(value.inheritable());
    }
    if (!value.permitted().isEmpty()) {
      json.name("permitted").texts(value.permitted());
    }
    if (!value.ambient().isEmpty()) {
      json.name("ambient").texts(value.ambient());
    }
    json.endObject();
  }

  static CapabilitySets readCapabilitySets(JsonObject json) {
    CapabilitySets.Builder value = CapabilitySets.builder();
    value.bounding(json.texts("bounding"));
    value.effective(json.texts("effective"));
    value.inheritable(json.texts("inheritable"));
    value.permitted(json.texts("permitted"));
    value.ambient(json.texts("ambient"));
    return value.build();
  }

  static void writeRlimit(JsonWriter json, Rlimit value) {
    json.beginObject();
    json.field("type", value.type());
    json.field("soft", value.soft());
    json.field("hard", value.hard());
    json.endObject();
  }

  static Rlimit readRlimit(JsonObject json) {
    Rlimit.Builder value = Rlimit.builder();
    value.type(json.text("type"));
    value.soft(json.unsigned("soft"));
    value.hard(json.unsigned("hard"));
    return value.build();
  }

  static void writeMount(JsonWriter json, Mount value) {
    json.beginObject();
    json.field("destination", value.destination());
    json.field("type", value.type());
    json.field("source", value.source());
    if (!value.options().isEmpty()) {
      json.name("options").texts(value.options());
    }
    if (!value.uidMappings().isEmpty()) {
      json.name("uidMappings").beginArray();
      for (IdMapping item : value.uidMappings()) {
        writeIdMapping(json, item);
      }
      json.endArray();
    }
    if (!value.gidMappings().isEmpty()) {
      json.name("gidMappings").beginArray();
      for (IdMapping item : value.gidMappings()) {
        writeIdMapping(json, item);
      }
      json.endArray();
    }
    json.endObject();
  }

  static Mount readMount(JsonObject json) {
    Mount.Builder value = Mount.builder();
    value.destination(json.text("destination"));
    if (json.has("type")) {
      value.type(json.text("type"));
    }
    if (json.has("source")) {
      value.source(json.text("source"));
    }
    value.options(json.texts("options"));
    List<IdMapping> uidMappingsList = new ArrayList<>();
    for (JsonObject item : json.objects("uidMappings")) {
      uidMappingsList.add(readIdMapping(item));
    }
    value.uidMappings(uidMappingsList);
    List<IdMapping> gidMappingsList = new ArrayList<>();
    for (JsonObject item : json.objects("gidMappings")) {
      gidMappingsList.add(readIdMapping(item));
    }
    value.gidMappings(gidMappingsList);
    return value.build();
  }

  static void writeLinuxSettings(JsonWriter json, LinuxSettings value) {
    json.beginObject();
    if (!value.namespaces().isEmpty()) {
      json.name("namespaces").beginArray();
      for (Namespace item : value.namespaces()) {
        writeNamespace(json, item);
      }
      json.endArray();
    }
    if (!value.uidMappings().isEmpty()) {
      json.name("uidMappings").beginArray();
      for (IdMapping item : value.uidMappings()) {
        writeIdMapping(json, item);
      }
      json.endArray();
    }
    if (!value.gidMappings().isEmpty()) {
      json.name("gidMappings").beginArray();
      for (IdMapping item : value.gidMappings()) {
        writeIdMapping(json, item);
      }
      json.endArray();
    }
    if (!value.timeOffsets().isEmpty()) {
      json.name("timeOffsets").beginObject();
      for (Map.Entry<String, TimeOffset> entry : value.timeOffsets().entrySet()) {
        writeTimeOffset(json.name(entry.getKey()), entry.getValue());
      }
      json.endObject();
    }
    if (!value.devices().isEmpty()) {
      json.name("devices").beginArray();
      for (Device item : value.devices()) {
        writeDevice(json, item);
      }
      json.endArray();
    }
    if (!value.netDevices().isEmpty()) {
      json.name("netDevices").beginObject();
      value
          .netDevices()
          .forEach(
              (device, name) -> json.name(device).beginObject().field("name", name).endObject());
      json.endObject();
    }
    if (value.cgroupsPath().isPresent()) {
      json.field("cgroupsPath", value.cgroupsPath().get());
    }
    writeResources(json.name("resources"), value.resources());
    if (value.rootfsPropagation().isPresent()) {
      json.field("rootfsPropagation", value.rootfsPropagation().get());
    }
    if (value.seccomp().isPresent()) {
      writeSeccomp(json.name("seccomp"), value.seccomp().get());
    }
    if (!value.sysctl().isEmpty()) {
      json.name("sysctl").texts(value.sysctl());
    }
    if (!value.maskedPaths().isEmpty()) {
      json.name("maskedPaths").texts(value.maskedPaths());
    }
    if (!value.readonlyPaths().isEmpty()) {
      json.name("readonlyPaths").texts(value.readonlyPaths());
    }
    if (value.mountLabel().isPresent()) {
      json.field("mountLabel", value.mountLabel().get());
    }
    if (value.personality().isPresent()) {
      json.name("personality").beginObject();
      json.field("domain", value.personality().get()).endObject();
    }
    if (value.memoryPolicy().isPresent()) {
      MemoryPolicy policy = value.memoryPolicy().get();
      json.name("memoryPolicy").beginObject().field("mode", policy.mode());
      policy.nodes().ifPresent(nodes -> json.field("nodes", nodes));
      if (!policy.flags().isEmpty()) {
        json.name("flags").texts(policy.flags());
      }
      json.endObject();
    }
    json.endObject();
  }

  static LinuxSettings readLinuxSettings(JsonObject json) {
    LinuxSettings.Builder value = LinuxSettings.builder();
    List<Namespace> namespacesList = new ArrayList<>();
    for (JsonObject item : json.objects("namespaces")) {
      namespacesList.add(readNamespace(item));
    }
    value.namespaces(namespacesList);
    List<IdMapping> uidMappingsList = new ArrayList<>();
    for (JsonObject item : json.objects("uidMappings")) {
      uidMappingsList.add(readIdMapping(item));
    }
    value.uidMappings(uidMappingsList);
    List<IdMapping> gidMappingsList = new ArrayList<>();
    for (JsonObject item : json.objects("gidMappings")) {
      gidMappingsList.add(readIdMapping(item));
    }
    value.gidMappings(gidMappingsList);
    if (json.has("timeOffsets")) {
      Map<String, TimeOffset> entries = new LinkedHashMap<>();
      JsonObject object = json.object("timeOffsets");
      for (String entry : object.names()) {
        entries.put(entry, readTimeOffset(object.object(entry)));
      }
      value.timeOffsets(entries);
    }
    List<Device> devicesList = new ArrayList<>();
    for (JsonObject item : json.objects("devices")) {
      devicesList.add(readDevice(item));
    }
    value.devices(devicesList);
    if (json.has("netDevices")) {
      Map<String, String> entries = new LinkedHashMap<>();
      JsonObject object = json.object("netDevices");
      for (String device : object.names()) {
        JsonObject entry = object.object(device);
        entries.put(device, isSaid(entry, "name") ? entry.text("name") : device);
      }
      value.netDevices(entries);
    }
    if (isSaid(json, "cgroupsPath")) {
      value.cgroupsPath(json.text("cgroupsPath"));
    }
    if (json.has("resources")) {
      value.resources(readResources(json.object("resources")));
    }
    if (isSaid(json, "rootfsPropagation")) {
      value.rootfsPropagation(json.text("rootfsPropagation"));
    }
    if (json.has("seccomp")) {
      value.seccomp(readSeccomp(json.object("seccomp")));
    }
    value.sysctl(json.textMap("sysctl"));
    value.maskedPaths(json.texts("maskedPaths"));
    value.readonlyPaths(json.texts("readonlyPaths"));
    if (isSaid(json, "mountLabel")) {
      value.mountLabel(json.text("mountLabel"));
    }
    if (json.has("personality")) {
      value.personality(readPersonality(json.object("personality")));
    }
    if (json.has("memoryPolicy")) {
      value.memoryPolicy(readMemoryPolicy(json.object("memoryPolicy")));
    }
    return value.build();
  }

  private static String readPersonality(JsonObject json) {
    if (!json.texts("flags").isEmpty()) {
      throw new IllegalArgumentException(
          json.place() + ".flags: the specification has none yet: leave them out");
    }
    return json.text("domain");
  }

  private static MemoryPolicy readMemoryPolicy(JsonObject json) {
    MemoryPolicy.Builder policy =
        MemoryPolicy.builder().mode(json.text("mode")).flags(json.texts("flags"));
    if (isSaid(json, "nodes")) {
      policy.nodes(json.text("nodes"));
    }
    return policy.build();
  }

  static void writeNamespace(JsonWriter json, Namespace value) {
    json.beginObject();
    json.field("type", value.type());
    if (value.path().isPresent()) {
      json.field("path", value.path().get());
    }
    json.endObject();
  }

  static Namespace readNamespace(JsonObject json) {
    Namespace.Builder value = Namespace.builder();
    value.type(json.text("type"));
    if (json.has("path")) {
      value.path(json.text("path"));
    }
    return value.build();
  }

  static void writeIdMapping(JsonWriter json, IdMapping value) {
    json.beginObject();
    json.field("containerID", value.containerId());
    json.field("hostID", value.hostId());
    json.field("size", value.size());
    json.endObject();
  }

  static IdMapping readIdMapping(JsonObject json) {
    IdMapping.Builder value = IdMapping.builder();
    value.containerId(json.number("containerID", 0, MOST_ID));
    value.hostId(json.number("hostID", 0, MOST_ID));
    value.size(json.number("size", 0, MOST_IDS));
    return value.build();
  }

  static void writeTimeOffset(JsonWriter json, TimeOffset value) {
    json.beginObject();
    json.field("secs", value.secs());
    json.field("nanosecs", value.nanosecs());
    json.endObject();
  }

  static TimeOffset readTimeOffset(JsonObject json) {
    TimeOffset.Builder value = TimeOffset.builder();
    if (json.has("secs")) {
      value.secs(json.number("secs"));
    }
    if (json.has("nanosecs")) {
      value.nanosecs(json.number("nanosecs"));
    }
    return value.build();
  }

  static void writeDevice(JsonWriter json, Device value) {
    json.beginObject();
    json.field("type", value.type());
    json.field("path", value.path());
    json.field("major", value.major());
    json.field("minor", value.minor());
    if (value.fileMode().isPresent()) {
      json.field("fileMode", value.fileMode().getAsInt());
    }
    json.field("uid", value.uid());
    json.field("gid", value.gid());
    json.endObject();
  }

  static Device readDevice(JsonObject json) {
    Device.Builder value = Device.builder();
    value.type(json.text("type"));
    value.path(json.text("path"));
    if (json.has("major")) {
      value.major(json.number("major", 0, MOST_MAJOR));
    }
    if (json.has("minor")) {
      value.minor(json.number("minor", 0, MOST_MINOR));
    }
    if (json.has("fileMode")) {
      value.fileMode(json.whole("fileMode", Integer.MIN_VALUE, Integer.MAX_VALUE));
    }
    if (json.has("uid")) {
      value.uid(json.number("uid", 0, MOST_ID));
    }
    if (json.has("gid")) {
      value.gid(json.number("gid", 0, MOST_ID));
    }
    return value.build();
  }

  static void writeDeviceRule(JsonWriter json, DeviceRule value) {
    json.beginObject();
    json.field("allow", value.allow());
    json.field("type", value.type());
    if (value.major().isPresent()) {
      json.field("major", value.major().getAsLong());
    }
    if (value.minor().isPresent()) {
      json.field("minor", value.minor().getAsLong());
    }
    json.field("access", value.access());
    json.endObject();
  }

  static DeviceRule readDeviceRule(JsonObject json) {
    DeviceRule.Builder value = DeviceRule.builder();
    value.allow(json.flag("allow"));
    if (json.has("type")) {
      value.type(json.text("type"));
    }
    if (json.has("major")) {
      value.major(json.number("major"));
    }
    if (json.has("minor")) {
      value.minor(json.number("minor"));
    }
    if (json.has("access")) {
      value.access(json.text("access"));
    }
    return value.build();
  }

  static void writeResources(JsonWriter json, Resources value) {
    json.beginObject();
    if (!value.devices().isEmpty()) {
      json.name("devices").beginArray();
      for (DeviceRule item : value.devices()) {
        writeDeviceRule(json, item);
      }
      json.endArray();
    }
    writeMemoryResources(json.name("memory"), value.memory());
    writeCpuResources(json.name("cpu"), value.cpu());
    if (value.pids().isPresent()) {
      json.name("pids").beginObject();
      json.field("limit", value.pids().get().toOci());
      json.endObject();
    }
    writeBlockIoResources(json.name("blockIO"), value.blockIo());
    if (!value.hugepageLimits().isEmpty()) {
      json.name("hugepageLimits").beginArray();
      for (HugepageLimit item : value.hugepageLimits()) {
        writeHugepageLimit(json, item);
      }
      json.endArray();
    }
    if (value.networkClassId().isPresent() || !value.networkPriorities().isEmpty()) {
      json.name("network").beginObject();
      if (value.networkClassId().isPresent()) {
        json.field("classID", value.networkClassId().getAsLong());
      }
      if (!value.networkPriorities().isEmpty()) {
        json.name("priorities").beginArray();
        for (Map.Entry<String, Long> entry : value.networkPriorities().entrySet()) {
          json.beginObject();
          json.field("name", entry.getKey());
          json.field("priority", entry.getValue());
          json.endObject();
        }
        json.endArray();
      }
      json.endObject();
    }
    if (!value.rdma().isEmpty()) {
      json.name("rdma").beginObject();
      for (RdmaLimit limit : value.rdma()) {
        json.name(limit.device()).beginObject();
        if (limit.hcaHandles().isPresent()) {
          json.field("hcaHandles", limit.hcaHandles().getAsLong());
        }
        if (limit.hcaObjects().isPresent()) {
          json.field("hcaObjects", limit.hcaObjects().getAsLong());
        }
        json.endObject();
      }
      json.endObject();
    }
    if (!value.unified().isEmpty()) {
      json.name("unified").texts(value.unified());
    }
    json.endObject();
  }

  static Resources readResources(JsonObject json) {
    Resources.Builder value = Resources.builder();
    List<DeviceRule> devicesList = new ArrayList<>();
    for (JsonObject item : json.objects("devices")) {
      devicesList.add(readDeviceRule(item));
    }
    value.devices(devicesList);
    if (json.has("memory")) {
      value.memory(readMemoryResources(json.object("memory")));
    }
    if (json.has("cpu")) {
      value.cpu(readCpuResources(json.object("cpu")));
    }
    if (json.has("pids")) {
      value.pids(Limit.ofOci(json.object("pids").number("limit")));
    }
    if (json.has("blockIO")) {
      value.blockIo(readBlockIoResources(json.object("blockIO")));
    }
    List<HugepageLimit> hugepageLimitsList = new ArrayList<>();
    for (JsonObject item : json.objects("hugepageLimits")) {
      hugepageLimitsList.add(readHugepageLimit(item));
    }
    value.hugepageLimits(hugepageLimitsList);
    if (json.has("network")) {
      JsonObject network = json.object("network");
      if (network.has("classID")) {
        value.networkClassId(network.number("classID"));
      }
      Map<String, Long> priorities = new LinkedHashMap<>();
      for (JsonObject entry : network.objects("priorities")) {
        priorities.put(entry.text("name"), entry.number("priority"));
      }
      value.networkPriorities(priorities);
    }
    if (json.has("rdma")) {
      List<RdmaLimit> limits = new ArrayList<>();
      JsonObject devices = json.object("rdma");
      for (String device : devices.names()) {
        RdmaLimit.Builder limit = RdmaLimit.builder().device(device);
        JsonObject entry = devices.object(device);
        if (entry.has("hcaHandles")) {
          limit.hcaHandles(entry.number("hcaHandles"));
        }
        if (entry.has("hcaObjects")) {
          limit.hcaObjects(entry.number("hcaObjects"));
        }
        limits.add(limit.build());
      }
      value.rdma(limits);
    }
    value.unified(json.textMap("unified"));
    return value.build();
  }

  static void writeMemoryResources(JsonWriter json, MemoryResources value) {
    json.beginObject();
    if (value.limit().isPresent()) {
      json.field("limit", value.limit().get().toOci());
    }
    if (value.reservation().isPresent()) {
      json.field("reservation", value.reservation().get().toOci());
    }
    if (value.swap().isPresent()) {
      json.field("swap", value.swap().get().toOci());
    }
    if (value.kernel().isPresent()) {
      json.field("kernel", value.kernel().get().toOci());
    }
    if (value.kernelTcp().isPresent()) {
      json.field("kernelTCP", value.kernelTcp().get().toOci());
    }
    if (value.swappiness().isPresent()) {
      json.field("swappiness", value.swappiness().getAsInt());
    }
    if (value.oomKillDisabled()) {
      json.field("disableOOMKiller", true);
    }
    if (value.checkBeforeUpdate()) {
      json.field("checkBeforeUpdate", true);
    }
    json.endObject();
  }

  static MemoryResources readMemoryResources(JsonObject json) {
    MemoryResources.Builder value = MemoryResources.builder();
    if (json.has("limit")) {
      value.limit(Limit.ofOci(json.number("limit")));
    }
    if (json.has("reservation")) {
      value.reservation(Limit.ofOci(json.number("reservation")));
    }
    if (json.has("swap")) {
      value.swap(Limit.ofOci(json.number("swap")));
    }
    if (json.has("kernel")) {
      value.kernel(Limit.ofOci(json.number("kernel")));
    }
    if (json.has("kernelTCP")) {
      value.kernelTcp(Limit.ofOci(json.number("kernelTCP")));
    }
    if (json.has("swappiness")) {
      value.swappiness(json.whole("swappiness", Integer.MIN_VALUE, Integer.MAX_VALUE));
    }
    value.oomKillDisabled(json.flag("disableOOMKiller"));
    value.checkBeforeUpdate(json.flag("checkBeforeUpdate"));
    return value.build();
  }

  static void writeCpuResources(JsonWriter json, CpuResources value) {
    json.beginObject();
    if (value.shares().isPresent()) {
      json.field("shares", value.shares().getAsLong());
    }
    if (value.quota().isPresent()) {
      json.field("quota", value.quota().getAsLong());
    }
    if (value.burst().isPresent()) {
      json.field("burst", value.burst().getAsLong());
    }
    if (value.period().isPresent()) {
      json.field("period", value.period().getAsLong());
    }
    if (value.realtimeRuntime().isPresent()) {
      json.field("realtimeRuntime", value.realtimeRuntime().getAsLong());
    }
    if (value.realtimePeriod().isPresent()) {
      json.field("realtimePeriod", value.realtimePeriod().getAsLong());
    }
    if (value.cpus().isPresent()) {
      json.field("cpus", value.cpus().get());
    }
    if (value.mems().isPresent()) {
      json.field("mems", value.mems().get());
    }
    if (value.idle().isPresent()) {
      json.field("idle", value.idle().getAsLong());
    }
    json.endObject();
  }

  static CpuResources readCpuResources(JsonObject json) {
    CpuResources.Builder value = CpuResources.builder();
    if (json.has("shares")) {
      value.shares(json.number("shares"));
    }
    if (json.has("quota")) {
      value.quota(json.number("quota"));
    }
    if (json.has("burst")) {
      value.burst(json.number("burst"));
    }
    if (json.has("period")) {
      value.period(json.number("period"));
    }
    if (json.has("realtimeRuntime")) {
      value.realtimeRuntime(json.number("realtimeRuntime"));
    }
    if (json.has("realtimePeriod")) {
      value.realtimePeriod(json.number("realtimePeriod"));
    }
    if (json.has("cpus")) {
      value.cpus(json.text("cpus"));
    }
    if (json.has("mems")) {
      value.mems(json.text("mems"));
    }
    if (json.has("idle")) {
      value.idle(json.number("idle"));
    }
    return value.build();
  }

  static void writeBlockIoResources(JsonWriter json, BlockIoResources value) {
    json.beginObject();
    if (value.weight().isPresent()) {
      json.field("weight", value.weight().getAsInt());
    }
    if (value.leafWeight().isPresent()) {
      json.field("leafWeight", value.leafWeight().getAsInt());
    }
    writeBlockIoDevices(json, "weightDevice", WEIGHT, value.weightDevices());
    writeBlockIoDevices(json, "throttleReadBpsDevice", RATE, value.throttleReadBps());
    writeBlockIoDevices(json, "throttleWriteBpsDevice", RATE, value.throttleWriteBps());
    writeBlockIoDevices(json, "throttleReadIOPSDevice", RATE, value.throttleReadIops());
    writeBlockIoDevices(json, "throttleWriteIOPSDevice", RATE, value.throttleWriteIops());
    json.endObject();
  }

  static BlockIoResources readBlockIoResources(JsonObject json) {
    BlockIoResources.Builder value = BlockIoResources.builder();
    if (json.has("weight")) {
      value.weight(json.whole("weight", Integer.MIN_VALUE, Integer.MAX_VALUE));
    }
    if (json.has("leafWeight")) {
      value.leafWeight(json.whole("leafWeight", Integer.MIN_VALUE, Integer.MAX_VALUE));
    }
    value.weightDevices(readBlockIoDevices(json, "weightDevice", WEIGHT));
    value.throttleReadBps(readBlockIoDevices(json, "throttleReadBpsDevice", RATE));
    value.throttleWriteBps(readBlockIoDevices(json, "throttleWriteBpsDevice", RATE));
    value.throttleReadIops(readBlockIoDevices(json, "throttleReadIOPSDevice", RATE));
    value.throttleWriteIops(readBlockIoDevices(json, "throttleWriteIOPSDevice", RATE));
    return value.build();
  }

  private static void writeBlockIoDevices(
      JsonWriter json, String name, String unit, List<BlockIoDevice> devices) {
    if (devices.isEmpty()) {
      return;
    }
    json.name(name).beginArray();
    for (BlockIoDevice device : devices) {
      json.beginObject();
      json.field("major", device.major()).field("minor", device.minor());
      json.field(unit, device.value());
      json.endObject();
    }
    json.endArray();
  }

  private static List<BlockIoDevice> readBlockIoDevices(JsonObject json, String name, String unit) {
    List<BlockIoDevice> devices = new ArrayList<>();
    for (JsonObject item : json.objects(name)) {
      devices.add(
          BlockIoDevice.builder()
              .major(item.number("major"))
              .minor(item.number("minor"))
              .value(item.number(unit))
              .build());
    }
    return devices;
  }

  static void writeHugepageLimit(JsonWriter json, HugepageLimit value) {
    json.beginObject();
    json.field("pageSize", value.pageSize());
    json.field("limit", value.limit());
    json.endObject();
  }

  static HugepageLimit readHugepageLimit(JsonObject json) {
    HugepageLimit.Builder value = HugepageLimit.builder();
    value.pageSize(json.text("pageSize"));
    value.limit(json.number("limit"));
    return value.build();
  }

  static void writeSeccomp(JsonWriter json, Seccomp value) {
    json.beginObject();
    json.field("defaultAction", value.defaultAction());
    if (value.defaultErrnoRet().isPresent()) {
      json.field("defaultErrnoRet", value.defaultErrnoRet().getAsInt());
    }
    if (!value.architectures().isEmpty()) {
      json.name("architectures").texts(value.architectures());
    }
    if (!value.flags().isEmpty()) {
      json.name("flags").texts(value.flags());
    }
    if (value.listenerPath().isPresent()) {
      json.field("listenerPath", value.listenerPath().get());
    }
    if (value.listenerMetadata().isPresent()) {
      json.field("listenerMetadata", value.listenerMetadata().get());
    }
    if (!value.syscalls().isEmpty()) {
      json.name("syscalls").beginArray();
      for (SeccompRule item : value.syscalls()) {
        writeSeccompRule(json, item);
      }
      json.endArray();
    }
    json.endObject();
  }

  static Seccomp readSeccomp(JsonObject json) {
    Seccomp.Builder value = Seccomp.builder();
    value.defaultAction(json.text("defaultAction"));
    if (json.has("defaultErrnoRet")) {
      value.defaultErrnoRet(json.whole("defaultErrnoRet", Integer.MIN_VALUE, Integer.MAX_VALUE));
    }
    value.architectures(json.texts("architectures"));
    value.flags(json.texts("flags"));
    if (json.has("listenerPath")) {
      value.listenerPath(json.text("listenerPath"));
    }
    if (json.has("listenerMetadata")) {
      value.listenerMetadata(json.text("listenerMetadata"));
    }
    List<SeccompRule> syscallsList = new ArrayList<>();
    for (JsonObject item : json.objects("syscalls")) {
      syscallsList.add(readSeccompRule(item));
    }
    value.syscalls(syscallsList);
    return value.build();
  }

  static void writeSeccompRule(JsonWriter json, SeccompRule value) {
    json.beginObject();
    if (!value.names().isEmpty()) {
      json.name("names").texts(value.names());
    }
    json.field("action", value.action());
    if (value.errnoRet().isPresent()) {
      json.field("errnoRet", value.errnoRet().getAsInt());
    }
    if (!value.args().isEmpty()) {
      json.name("args").beginArray();
      for (SeccompArgument item : value.args()) {
        writeSeccompArgument(json, item);
      }
      json.endArray();
    }
    json.endObject();
  }

  static SeccompRule readSeccompRule(JsonObject json) {
    SeccompRule.Builder value = SeccompRule.builder();
    value.names(json.texts("names"));
    value.action(json.text("action"));
    if (json.has("errnoRet")) {
      value.errnoRet(json.whole("errnoRet", Integer.MIN_VALUE, Integer.MAX_VALUE));
    }
    List<SeccompArgument> argsList = new ArrayList<>();
    for (JsonObject item : json.objects("args")) {
      argsList.add(readSeccompArgument(item));
    }
    value.args(argsList);
    return value.build();
  }

  static void writeSeccompArgument(JsonWriter json, SeccompArgument value) {
    json.beginObject();
    json.field("index", value.index());
    json.field("value", value.value());
    json.field("valueTwo", value.valueTwo());
    json.field("op", value.op());
    json.endObject();
  }

  static SeccompArgument readSeccompArgument(JsonObject json) {
    SeccompArgument.Builder value = SeccompArgument.builder();
    value.index(json.number("index"));
    value.value(json.unsigned("value"));
    if (json.has("valueTwo")) {
      value.valueTwo(json.unsigned("valueTwo"));
    }
    value.op(json.text("op"));
    return value.build();
  }
}
