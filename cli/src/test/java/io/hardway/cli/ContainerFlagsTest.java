package io.hardway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hardway.cli.option.CommandLine;
import io.hardway.cli.option.Option;
import io.hardway.cli.option.OptionTable;
import io.hardway.cli.value.DeviceNode;
import io.hardway.core.ContainerConfig;
import io.hardway.core.ContainerNetwork;
import io.hardway.core.PortMapping;
import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;
import io.hardway.core.json.SpecJson;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each option of {@code run} asks of the core: an option that changes nothing is not there.
 */
class ContainerFlagsTest {
  /** Of how the command is attached to the container, not of what the container is. */
  private static final Set<String> OF_THE_CALLER =
      Set.of("cidfile", "detach", "detach-keys", "sig-proxy");

  @TempDir static Path folder;

  private static Arguments row(String options, String template, String expected) {
    return Arguments.of(options, template, expected);
  }

  private static String mount(String destination) {
    return "{{range .spec.mounts}}{{if eq .destination \""
        + destination
        + "\"}}{{.type}} {{.source}} {{.options}}{{end}}{{end}}";
  }

  private static String namespace(String type) {
    return "{{range .spec.linux.namespaces}}{{if eq .type \""
        + type
        + "\"}}{{json .}}{{end}}{{end}}";
  }

  /** Options, where they are in the configuration, and what is there. */
  static Stream<Arguments> options() {
    String memory = "{{json .spec.linux.resources.memory}}";
    String cpu = "{{json .spec.linux.resources.cpu}}";
    String process = "{{json .spec.process.";
    String rules = "{{json .spec.linux.resources.devices}}";
    return Stream.of(
        row("--add-host a=10.0.0.1", "{{.extraHosts}}", "[a:10.0.0.1]"),
        row("--add-host a:host-gateway", "{{.extraHosts}}", "[a:host-gateway]"),
        row("--dns 10.0.0.1 --dns FD00:0::1", "{{.dns}}", "[10.0.0.1 fd00::1]"),
        row("--dns-search a.b", "{{.dnsSearch}}", "[a.b]"),
        row("--dns-option ndots:2 --dns-opt rotate", "{{.dnsOptions}}", "[ndots:2 rotate]"),
        row("--network some --expose 53/udp", "{{.exposedPorts}}", "[53/udp]"),
        row("--network some -p 127.0.0.1:8080:80", "{{.ports}}", "[TCP 127.0.0.1 8080 80]"),
        row("--network some -P --expose 80", "{{.ports}}", "[TCP   80]"),
        row("--annotation a=b", "{{.spec.annotations.a}}", "b"),
        row("--cap-add SYS_TIME --userns private", process + "capabilities.bounding}}", "SYS_TIME"),
        row("--cap-drop ALL", "{{json .spec.process.capabilities}}", "{}"),
        row("--cgroup-parent a/b", "{{.spec.linux.cgroupsPath}}", "a/b/"),
        row("--cgroup-parent /a/b", "{{.spec.linux.cgroupsPath}}", "/a/b/"),
        row("--cgroupns ns:/x", namespace("cgroup"), "{\"type\":\"cgroup\",\"path\":\"/x\"}"),
        row("--blkio-weight 20", "{{.spec.linux.resources.blockIO.weight}}", "20"),
        row(
            "--cgroup-conf memory.high=9 --cgroup-conf io.max=8:0~rbps=1",
            "{{json .spec.linux.resources.unified}}",
            "{\"memory.high\":\"9\",\"io.max\":\"8:0 rbps=1\"}"),
        row("--cpu-quota 5000 --cpu-burst 5000", cpu, "{\"quota\":5000,\"burst\":5000}"),
        row("--cpu-idle", cpu, "{\"idle\":1}"),
        row("--cpu-idle=false", cpu, "{\"idle\":0}"),
        row("--cpu-period 5000", cpu, "{\"period\":5000}"),
        row("--cpu-quota 5000", cpu, "{\"quota\":5000}"),
        row("--cpu-rt-period 5000", cpu, "{\"realtimePeriod\":5000}"),
        row("--cpu-rt-runtime 5000", cpu, "{\"realtimeRuntime\":5000}"),
        row("-c 512", cpu, "{\"shares\":512}"),
        row("--cpus 0.5", cpu, "{\"quota\":50000,\"period\":100000}"),
        row("--cpuset-cpus 0", cpu, "{\"cpus\":\"0\"}"),
        row("--cpuset-mems 0", cpu, "{\"mems\":\"0\"}"),
        row("-m 64m", memory, "{\"limit\":67108864,\"swap\":134217728}"),
        row("--memory-reservation 64m", memory, "{\"reservation\":67108864}"),
        row("-m 64m --memory-swap -1", memory, "{\"limit\":67108864,\"swap\":-1}"),
        row("--kernel-memory-tcp 1m", memory, "{\"kernelTCP\":1048576}"),
        row(
            "--hugetlb 2m:1g --hugetlb 1GB:-1 --hugetlb 2MB:4m",
            "{{json .spec.linux.resources.hugepageLimits}}",
            "[{\"pageSize\":\"2MB\",\"limit\":4194304},{\"pageSize\":\"1GB\",\"limit\":9223372036854775807}]"),
        row("--net-cls 10:1", "{{.spec.linux.resources.network.classID}}", "1048577"),
        row(
            "--net-prio lo:5",
            "{{json .spec.linux.resources.network.priorities}}",
            "[{\"name\":\"lo\",\"priority\":5}]"),
        row(
            "--rdma mlx5_0:hca_handle=2,hca_object=max",
            "{{json .spec.linux.resources.rdma}}",
            "{\"mlx5_0\":{\"hcaHandles\":2,\"hcaObjects\":2147483647}}"),
        row("--memory-swappiness 7", memory, "{\"swappiness\":7}"),
        row("--oom-kill-disable", memory, "{\"disableOOMKiller\":true}"),
        row("--pids-limit 9", "{{.spec.linux.resources.pids.limit}}", "9"),
        row(
            "--device /dev/null:/dev/x:r",
            "{{range .spec.linux.devices}}{{.path}}{{end}}",
            "/dev/x"),
        row("--device-cgroup-rule c~13:*~rwm", rules, "\"major\":13"),
        row("--domainname a.b", "{{.spec.domainname}}", "a.b"),
        row("--entrypoint cat", "{{join .spec.process.args \" \"}}", "cat true x"),
        row("-e A=b", process + "env}}", "\"A=b\""),
        row("-e CALLER", process + "env}}", "\"CALLER=theirs\""),
        row("--env-file FOLDER/env", process + "env}}", "\"C=d\",\"CALLER=theirs\""),
        row("--gidmap 0:1000:5", "{{json .spec.linux.gidMappings}}", "\"hostID\":1000,\"size\":5"),
        row("--group-add audio", process + "user.additionalGroups}}", "[\"audio\"]"),
        row("-h a", "{{.spec.hostname}}" + mount("/etc/hostname"), "abind "),
        row("--init", "{{.initProcess}}", "true"),
        row("-i", "{{.openStdin}}", "true"),
        row("--ipc ns:/x", namespace("ipc"), "{\"type\":\"ipc\",\"path\":\"/x\"}"),
        row("--isolation some-isolation", "{{.isolation}}", "some-isolation"),
        row("-l a=b", "{{json .labels}}", "{\"a\":\"b\"}"),
        row("--label-file FOLDER/labels", "{{json .labels}}", "{\"e\":\"f\",\"g\":\"\"}"),
        row("--log-driver none", "{{.logged}}", "false"),
        row("--log-opt max-size=1k --log-opt max-file=3", "{{.logSize}} {{.logFiles}}", "1024 3"),
        row("--mount type=bind,src=FOLDER,dst=/m,ro", mount("/m"), "bind FOLDER [rbind rro"),
        row("--mntns private", namespace("mount"), "{\"type\":\"mount\"}"),
        row("--mntns host --rootfs /", "<{{.rootfs}}" + namespace("mount") + ">", "<>"),
        row("--name a", "{{.name}}", "a"),
        row("--network host", "{{.networkMode}}" + namespace("network"), "host"),
        row("--network some", "{{.network}}", "net-some"),
        row("--network some --ip 10.1.2.3", "{{.networks}}", "bridge [10.1.2.3]  []"),
        row(
            "--network name=some,ip=10.1.2.3,mac-address=02:42:AC:00:00:01",
            "{{.networks}}",
            "bridge [10.1.2.3] 02:42:ac:00:00:01 []"),
        row("--network some --ip6 fd00:0::3", "{{.networks}}", "bridge [fd00::3]  []"),
        row(
            "--network some --mac-address 02:42:AC:00:00:01",
            "{{.networks}}",
            "bridge [] 02:42:ac:00:00:01 []"),
        row("--oom-score-adj 9", "{{.spec.process.oomScoreAdj}}", "9"),
        row("--pid ns:/x", namespace("pid"), "{\"type\":\"pid\",\"path\":\"/x\"}"),
        row("--preserve-fds 2", "{{.preservedDescriptors}}", "2"),
        row("--privileged", "{{.privileged}}", "true"),
        row("--read-only", "{{.spec.root.readonly}}", "true"),
        row("--resources some-resources", "{{.resources}}", "some-resources"),
        row("--rm", "{{.autoRemove}}", "true"),
        row("--rootfs FOLDER/other", "{{.source}}", "FOLDER/other"),
        row("--rootfs-plugin some-rootfs", "{{.rootfs}}", "some-rootfs"),
        row("--security-opt no-new-privileges", "{{.spec.process.noNewPrivileges}}", "true"),
        row("--security-opt writable-cgroups=true", mount("/sys/fs/cgroup"), " rw]"),
        row("--privileged", mount("/sys/fs/cgroup"), " rw]"),
        row("--privileged --security-opt writable-cgroups=false", mount("/sys/fs/cgroup"), " ro]"),
        row("--security-opt mask=/x", "{{json .spec.linux.maskedPaths}}", "\"/x\""),
        row("--shm-size 1m", mount("/dev/shm"), "size=1048576"),
        row("--shm-size 0", mount("/dev/shm"), "size=67108864"),
        row("--stop-signal INT", "{{.stopSignal}}", "2"),
        row("--stop-timeout 3", "{{.stopTimeout}}", "3"),
        row("--sysctl kernel.msgmax=9", "{{json .spec.linux.sysctl}}", "{\"kernel.msgmax\":\"9\"}"),
        row("--time-offset boottime=5s", "{{.spec.linux.timeOffsets.boottime.secs}}", "5"),
        row("--timens ns:/x", namespace("time"), "{\"type\":\"time\",\"path\":\"/x\"}"),
        row("--tmpfs /t:size=1m", mount("/t"), "tmpfs tmpfs ["),
        row("--ipc host", mount("/dev/shm"), "bind /dev/shm ["),
        row("--ipc none", "<" + mount("/dev/shm") + ">" + namespace("ipc"), "<>{\"type\":\"ipc\"}"),
        row("--ipc shareable", mount("/dev/shm") + namespace("ipc"), "{\"type\":\"ipc\"}"),
        row("-t", "{{.spec.process.terminal}}{{json .spec.process.env}}", "\"TERM=xterm\""),
        row("--uidmap 0:1000:5", "{{json .spec.linux.uidMappings}}", "\"hostID\":1000,\"size\":5"),
        row("--ulimit core=1:2", process + "rlimits}}", "RLIMIT_CORE\",\"soft\":1,\"hard\":2"),
        row("--umask 027", "{{.spec.process.user.umask}}", "23"),
        row("-u a:b", "{{.spec.process.user.username}}", "a:b"),
        row("--userns private", namespace("user"), "{\"type\":\"user\"}"),
        row("--uts ns:/x", namespace("uts"), "{\"type\":\"uts\",\"path\":\"/x\"}"),
        row("-v FOLDER:/v:ro", mount("/v"), "bind FOLDER [rbind rro"),
        row("-v store:/v", "{{json .volumes}}", "[\"store\"]"),
        row("-w /w", "{{.spec.process.cwd}}", "/w"));
  }

  /** The same, with DISK for a block device of this machine, whose numbers are MAJOR and MINOR. */
  static Stream<Arguments> deviceOptions() {
    String block = "{{json .spec.linux.resources.blockIO.";
    String device = "[{\"major\":MAJOR,\"minor\":MINOR,";
    return Stream.of(
        row("--blkio-weight-device DISK:20", block + "weightDevice}}", device + "\"weight\":20}]"),
        row(
            "--device-read-bps DISK:1mb",
            block + "throttleReadBpsDevice}}",
            device + "\"rate\":1048576}]"),
        row(
            "--device-write-bps DISK:1 --device-write-bps DISK:2",
            block + "throttleWriteBpsDevice}}",
            device + "\"rate\":2}]"),
        row(
            "--device-read-iops DISK:3",
            block + "throttleReadIOPSDevice}}",
            device + "\"rate\":3}]"),
        row(
            "--device-write-iops DISK:4294967295",
            block + "throttleWriteIOPSDevice}}",
            device + "\"rate\":4294967295}]"));
  }

  private static io.hardway.cli.option.Arguments parse(String options) {
    List<String> words = new ArrayList<>(List.of("--rootfs", folder.resolve("root").toString()));
    for (String word : options.split(" ")) {
      words.add(word.replace("FOLDER", folder.toString()).replace('~', ' '));
    }
    words.addAll(List.of("true", "x"));
    return CommandLine.parse(new RunCommand().table(), words);
  }

  private static JsonObject configured(String options) throws java.io.IOException {
    Files.createDirectories(folder.resolve("root"));
    Files.createDirectories(folder.resolve("other"));
    Files.writeString(folder.resolve("env"), "# a comment\nC=d\nCALLER\n");
    Files.writeString(folder.resolve("labels"), "e=f\ng\n");
    Files.writeString(folder.resolve("config.toml"), "");
    String[] global = {
      "--config",
      folder.resolve("config.toml").toString(),
      "--state",
      folder.resolve("state").toString(),
      "--root",
      folder.resolve("data").toString()
    };
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Session session =
        new Session(
            CommandLine.parse(Main.globalOptions(), global, 0),
            Map.of("CALLER", "theirs", "HOME", folder.toString()),
            nowhere,
            nowhere,
            Performer.NOBODY);
    return json(ContainerFlags.read(session, parse(options)));
  }

  private static JsonObject json(ContainerConfig config) {
    JsonWriter json = new JsonWriter().beginObject();
    json.field("name", config.name());
    json.field("source", config.source().paths().toString());
    SpecJson.write(json.name("spec"), config.spec());
    json.field("isolation", config.isolation()).field("resources", config.resources());
    json.field("rootfs", config.rootfs()).field("network", config.network());
    json.field("networkMode", config.networkMode());
    json.field("networks", networks(config));
    json.field("ports", ports(config));
    json.name("exposedPorts").texts(config.exposedPorts());
    json.name("labels").texts(config.labels());
    json.name("volumes").texts(config.volumes());
    json.name("dns").texts(config.names().servers());
    json.name("dnsSearch").texts(config.names().search());
    json.name("dnsOptions").texts(config.names().options());
    json.name("extraHosts").texts(config.names().hosts());
    json.field("autoRemove", config.autoRemove()).field("initProcess", config.initProcess());
    json.field("openStdin", config.openStdin()).field("stopSignal", config.stopSignal());
    json.field("stopTimeout", config.stopTimeout()).field("logSize", config.logSize());
    json.field("logged", config.logged()).field("logFiles", config.logFiles());
    json.field("preservedDescriptors", config.preservedDescriptors());
    json.field("privileged", config.privileged());
    return JsonObject.parse("config", json.endObject().toString());
  }

  private static String ports(ContainerConfig config) {
    List<String> texts = new ArrayList<>();
    for (PortMapping port : config.ports()) {
      String host = port.address() + " " + port.hostPort();
      texts.add(port.protocol() + " " + host + " " + port.containerPort());
    }
    return texts.toString();
  }

  private static String networks(ContainerConfig config) {
    StringBuilder text = new StringBuilder();
    for (ContainerNetwork network : config.networks()) {
      text.append(network.name() + " " + network.addresses());
      text.append(" " + network.macAddress() + " " + network.aliases());
    }
    return text.toString();
  }

  @ParameterizedTest
  @MethodSource("options")
  void anOptionIsInTheConfiguration(String options, String template, String expected)
      throws java.io.IOException {
    String shown = new Template(template).fill(configured(options));
    assertTrue(shown.contains(expected.replace("FOLDER", folder.toString())), shown);
  }

  /** What lies above is mounted first, whatever option it came by; what it covers is left out. */
  @Test
  void mountsAreOrderedByTheirDepth() throws java.io.IOException {
    String destinations = "{{range .spec.mounts}}{{.destination}} {{end}}";
    assertEquals(
        "/proc /dev /dev/pts /sys /sys/fs/cgroup /dev/mqueue /dev/shm /etc/hosts /etc/hostname"
            + " /etc/resolv.conf /x /b /a/b /x/y/z ",
        new Template(destinations)
            .fill(configured("-v /tmp:/x/y/z -v store:/a/b --tmpfs /x --tmpfs /b")));
    assertEquals(
        "/proc /sys /sys/fs/cgroup /etc/hostname /etc/resolv.conf /dev /etc/hosts /dev/pts/x ",
        new Template(destinations)
            .fill(configured("-v /tmp:/dev/pts/x -v /tmp:/dev --mount src=store,dst=/etc/hosts")));
  }

  @ParameterizedTest
  @MethodSource("deviceOptions")
  void aFigureForADeviceIsInTheConfiguration(String options, String template, String expected)
      throws java.io.IOException {
    Path disk = anyBlockDevice();
    assumeTrue(disk != null, "there is no block device in /dev");
    DeviceNode node = DeviceNode.at(disk).orElseThrow();
    String shown =
        new Template(template).fill(configured(options.replace("DISK", disk.toString())));
    assertEquals(
        expected.replace("MAJOR", "" + node.major()).replace("MINOR", "" + node.minor()), shown);
  }

  /** Null where there is none. */
  private static Path anyBlockDevice() throws java.io.IOException {
    try (DirectoryStream<Path> nodes = Files.newDirectoryStream(Path.of("/dev"))) {
      for (Path node : nodes) {
        if (!Files.isSymbolicLink(node)
            && DeviceNode.at(node).filter(DeviceNode::isBlock).isPresent()) {
          return node;
        }
      }
    }
    return null;
  }

  @Test
  void everyOptionOfRunIsTried() {
    Set<String> untried = new TreeSet<>();
    OptionTable table = new RunCommand().table();
    for (Option option : table.options()) {
      untried.add(option.name());
    }
    untried.removeAll(OF_THE_CALLER);
    Stream.concat(options(), deviceOptions())
        .forEach(
            row -> untried.removeIf(name -> parse((String) row.get()[0]).list(name).size() > 0));
    untried.remove("rootfs");
    untried.remove("network-alias"); // only networks that were made have names
    assertEquals(Set.of(), untried);
  }

  @ParameterizedTest
  @CsvSource({
    "-m 1m, 6MB",
    "-m x, --memory",
    "--memory-swap 64m, Memory limit",
    "--cpus 1 --cpu-quota 5000, --cpus",
    "--cpus 0.1 --cpu-burst 10001, more than the processor time of a period",
    "--cpu-rt-period 5 --cpu-rt-runtime 6, cannot be higher than cpu real-time period",
    "--cpu-burst -1, --cpu-burst",
    "--device-read-bps /dev/none:1, stat /dev/none: no such file or directory",
    "--device-write-bps /dev/null:1, /dev/null is not a block device",
    "--blkio-weight-device /dev/null:9, invalid weight for device: /dev/null:9",
    "--cgroup-conf memory.high, must be NAME=VALUE",
    "--cgroup-conf ../memory.high=1, no file of a cgroup",
    "--hugetlb 3m:1m, no size of a page",
    "--net-cls 10:10000, no network class",
    "--net-prio lo, no priority of an interface",
    "--rdma mlx5_0, no limit of RDMA",
    "--name -a, --name",
    "--network nosuch, nosuch",
    "--network some --ip 10.1.2, no IP address",
    "--network host --network some, conflicting options",
    "--network some --network nosuch, nosuch not found",
    "--network some --network bridge, specified multiple times",
    "'--network name=some,ip=x', no IPv4 address",
    "'--network name=some,speed=x', invalid field speed=x",
    "'--network name=some,alias=x', only supported for user-defined networks",
    "--network some --network-alias x, only supported for user-defined networks",
    "--network some --network-alias -x., is no name of a host",
    "--network host --network-alias x, --network-alias needs a network",
    "--network host --ip 10.1.2.3, --ip needs a network",
    "--network some --mac-address 01:00:5e:00:00:01, not a valid mac address",
    "--isolation nosuch, nosuch",
    "--env-file FOLDER/none, FOLDER/none",
    "--label-file FOLDER, FOLDER",
    "--device /dev/none, /dev/none",
    "--stop-signal NOSUCH, NOSUCH",
    "--hostname a --uts host, hostname",
    "--hostname a~b, --hostname",
    "--domainname -a, --domainname",
    "--security-opt seccomp=FOLDER/none, no such file",
    "--security-opt writable-cgroups=true --cgroupns host, cgroup namespace of the container's own",
    "--security-opt writable-cgroups=maybe, writable-cgroups",
    "--ulimit nofil=1, nofile",
    "--cap-add NOSUCH, NOSUCH",
    "--umask 9, --umask",
    "--ipc host --shm-size 1m, --shm-size",
    "-v /a:/x --tmpfs /x/, Duplicate mount point: /x",
    "--mntns none, --mntns",
    "--mntns ns:/x, --rootfs",
    "--mntns host --rootfs / --read-only, --read-only",
    "--mntns host --rootfs / -v a:/b, --volume",
  })
  void whatIsWrongIsNamed(String options, String named) {
    RuntimeException refusal = assertThrows(RuntimeException.class, () -> configured(options));
    assertTrue(
        refusal.getMessage().contains(named.replace("FOLDER", folder.toString())),
        refusal.getMessage());
  }
}
