package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The same containers of docker, podman and containerd once through runc and once through the
 * product: what the container sees must be the same.
 */
class OciEnginesCompareTest extends KernelTest {
  /** Options that docker and podman both have; {@code DATA} is a directory of the host. */
  private static final List<String> COMMON =
      List.of(
          "",
          "--user 1000:7 --group-add 10 --workdir /var --env A=b --hostname probed",
          "--cap-drop ALL --cap-add CHOWN --cap-add NET_BIND_SERVICE --security-opt no-new-privileges",
          "--user 1000 --cap-add NET_ADMIN --cap-add SYS_TIME",
          "--read-only --tmpfs /tmp:rw,size=1m,mode=1777,noexec -v DATA:/data:ro -v DATA/file:/etc/made",
          "-v DATA:/data:rslave -v named:/var --mount type=tmpfs,destination=/home,tmpfs-size=1m",
          "--device /dev/zero:/dev/other:r --device /dev/full --device-cgroup-rule c\u00a010:229\u00a0rwm",
          "--memory 64m --memory-reservation 32m --memory-swap 96m --cpus 0.5 --pids-limit 100"
              + " --cpuset-cpus 0 --cpuset-mems 0 --oom-score-adj 100",
          "--cpu-shares 512 --memory-swappiness 10 --oom-kill-disable --memory 64m"
              + " --device-read-bps /dev/vda:1m --device-write-iops /dev/vda:100",
          "--ulimit nofile=200:300 --ulimit core=0 --ulimit fsize=1000000:2000000",
          "--privileged --user 1000 --read-only",
          "--security-opt seccomp=unconfined",
          "--security-opt seccomp=DATA/profile.json",
          "--shm-size 1m --sysctl kernel.msgmax=16384 --sysctl net.ipv4.ip_unprivileged_port_start=80",
          "--cgroupns host --pid host --ipc host --network host --uts host",
          "--cgroupns private --ipc private --network none",
          "--tty",
          "--tty --user 1000 --privileged");

  private static final List<String> PODMAN =
      List.of(
          "--privileged",
          "--init --init-path /usr/bin/docker-init",
          "--security-opt unmask=ALL",
          "--security-opt mask=/proc/uptime --umask 0077",
          "--uidmap 0:200000:65536 --gidmap 0:300000:65536",
          "--uidmap 0:200000:65536 --privileged",
          "--pid container:peer --ipc container:peer --network container:peer");

  private static final List<String> DOCKER =
      List.of(
          "--init",
          "--security-opt systempaths=unconfined",
          "--pid container:peer --ipc container:peer --network container:peer");

  private static final List<String> CTR =
      List.of(
          "",
          "--cwd /var --env A=b",
          "--cap-drop CAP_CHOWN --cap-add CAP_SYS_TIME --allow-new-privs",
          "--seccomp",
          "--seccomp --seccomp-profile DATA/profile.json",
          "--read-only --mount type=bind,src=DATA,dst=/data,options=rbind:ro",
          "--device /dev/full --memory-limit 67108864 --cpus 0.5",
          "--cpu-shares 512 --cpu-period 50000 --cpu-quota 20000",
          "--privileged --net-host",
          "--uidmap 0:200000:65536 --gidmap 0:300000:65536",
          "--with-ns uts:/proc/self/ns/uts --rootfs-propagation rslave",
          "--tty");

  /** Differences that are meant, as a pattern of the line and the reason. */
  private static final String[][] MEANT = {
    {
      "/ /sys/fs/cgroup r[ow],nosuid,nodev,noexec,relatime - tmpfs tmpfs rw,mode=755(,uid=.*)?",
      "that cgroups are mounted read-only is said of the directory that holds them, too"
    },
    {
      "/null /proc/(keys|timer_list|uptime) (r[ow],relatime - devtmpfs|rw,nosuid(,noexec)? - tmpfs) .*",
      "what hides a file is the host's null device, read-only, and not the container's"
    },
    {
      "/ (/proc/acpi|/sys/firmware|/sys/dev/block) ro,.* - tmpfs tmpfs ro(,nr_inodes=1,mode=555)?(,uid=.*)?",
      "what hides a directory can hold nothing and be written by nobody"
    },
    {
      "d(r-xr-xr-x|rwxrwxrwt) +2 +0 +0 +40 +/sys/firmware",
      "what hides a directory can hold nothing and be written by nobody"
    },
    {
      "drwxrwxrw[xt] +2 0 +0 +40 +/?tmp",
      "a tmpfs has the mode that its options say; runc since 1.2 gives it, too"
    },
    {
      "drwxr(-xr-x|wxrwt) +2 0 +0 +40 +home",
      "a tmpfs whose options say no mode has 1777, as with crun, and not its mount point's"
    },
    {
      "/.*/data /data ro,relatime( master)? - ext4 .*",
      "a bind that says nothing of propagation is private where rootfsPropagation says nothing, too, as with crun"
    },
    {
      ".*can't create /dev/std(out|err): Permission denied",
      "in a user namespace the standard streams are given to the user, too, as with crun"
    },
    {
      "drwxrwxrwt +2 (65534|0) +65534 +40 mqueue",
      "an ipc namespace that is made with its user namespace belongs to nobody in it"
    },
  };

  private EnginePlace place;
  private Path data;
  private String ours;
  private Set<String> outside;

  @BeforeEach
  void makeAPlace() throws IOException {
    for (String program :
        List.of(
            "/usr/bin/podman",
            "/usr/sbin/dockerd",
            "/usr/bin/ctr",
            "/usr/bin/docker-init",
            "/usr/sbin/runc",
            "/usr/sbin/iptables",
            "/usr/bin/script")) {
      Conditions.program(program);
    }
    Conditions.require(Files.exists(Path.of("/sys/fs/cgroup/memory")), "memory in cgroup v1");
    ours = hardway.home().resolve("bin/hardway-oci").toString();
    place = new EnginePlace(hardway.directory().resolve("engines"), List.of("unshare", "--net"));
    outside = place.namespaces();
    Files.writeString(Path.of(rootfs(), "bin/probe"), ContainerProbe.PROGRAM);
    data = Files.createDirectories(hardway.directory().resolve("data"));
    Files.createDirectories(data.resolve("folder/inside"));
    Files.writeString(data.resolve("secret"), "secret");
    Files.writeString(data.resolve("file"), "file");
    place.ok(List.of("mount", "--bind", data.toString(), data.toString()));
    place.ok(List.of("mount", "--make-shared", data.toString()));
    Files.writeString(
        data.resolve("profile.json"),
        """
        {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
          {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]}""");
  }

  @AfterEach
  void end() throws Exception {
    if (place != null) {
      place.end();
    }
  }

  private Map<String, List<String>> seen(List<String> command) {
    Product.Outcome outcome = place.perform(command);
    if (outcome.exitCode() != ContainerProbe.EXIT_CODE) {
      return Map.of("failure", List.of(outcome.toString()));
    }
    String text =
        outcome
            .out()
            .replaceAll("\\b[0-9a-f]{64}\\b", "ID")
            .replaceAll("\\b[0-9a-f]{12}\\b", "ID")
            .replaceAll("\\b[A-Z0-9]{26}\\b", "LAYER");
    return ContainerProbe.sections(text, outside);
  }

  /** What differs between two ways of the same container. */
  private void compare(
      String options, List<String> runc, List<String> product, List<String> differences) {
    Map<String, List<String>> theirs = seen(runc);
    Map<String, List<String>> ours = seen(product);
    if (theirs.containsKey("failure")) {
      differences.add(options + ": runc does not run it: " + theirs);
    } else if (ours.containsKey("failure")) {
      differences.add(options + ": " + ours);
    } else {
      theirs.forEach(
          (section, lines) -> {
            List<String> own = ours.get(section);
            differences(own, lines)
                .forEach(line -> differences.add(options + " " + section + ": only ours: " + line));
            differences(lines, own)
                .forEach(line -> differences.add(options + " " + section + ": not ours: " + line));
          });
    }
  }

  private static List<String> differences(List<String> lines, List<String> others) {
    return lines.stream()
        .filter(line -> !others.contains(line))
        .filter(line -> Stream.of(MEANT).noneMatch(meant -> line.matches(meant[0])))
        .toList();
  }

  private List<String> words(String options) {
    return Stream.of(options.split(" "))
        .filter(word -> !word.isEmpty())
        .map(word -> word.replace("DATA", data.toString()).replace('\u00a0', ' '))
        .toList();
  }

  private static List<String> join(List<String> one, List<String> two) {
    return Stream.concat(one.stream(), two.stream()).toList();
  }

  private void compareAll(List<String> runc, List<String> own, Stream<String> sets) {
    List<String> differences = new ArrayList<>();
    List<String> program = List.of("bench", "sh", "/bin/probe");
    for (String options : sets.toList()) {
      compare(
          options,
          join(join(runc, words(options)), program),
          join(join(own, words(options)), program),
          differences);
    }
    assertEquals("", String.join("\n", differences));
  }

  /** ctr wants a terminal itself where the container is to have one. */
  private static List<String> onATerminal(List<String> command) {
    return command.contains("--tty")
        ? List.of("script", "-qec", String.join(" ", command), "/dev/null")
        : command;
  }

  @Test
  void dockersContainersSeeTheSame() throws Exception {
    place.startDocker("--add-runtime", "hardway=" + ours);
    place.importImage(place.docker(), rootfs());
    place.ok(place.docker(), "volume", "create", "named");
    place.ok(
        place.docker(),
        "run",
        "-d",
        "--ipc",
        "shareable",
        "--name",
        "peer",
        "bench",
        "sleep",
        "1000");
    List<String> run = join(place.docker(), List.of("run", "--rm", "--runtime"));
    compareAll(
        join(run, List.of("runc")),
        join(run, List.of("hardway")),
        Stream.concat(COMMON.stream(), DOCKER.stream()));
    place.ok(place.docker(), "rm", "-f", "peer");
  }

  @Test
  void podmansContainersSeeTheSame() throws Exception {
    place.importImage(place.podman(), rootfs());
    place.ok(place.podman(), "volume", "create", "named");
    // Root without CAP_SYS_RESOURCE cannot raise what podman would.
    List<String> run =
        List.of("run", "--rm", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1000:1000");
    List<String> runc = join(place.podman(), List.of("--runtime", "/usr/sbin/runc"));
    place.ok(
        join(runc, run.subList(0, 1)),
        "-d",
        "--name",
        "peer",
        "--ulimit",
        "nofile=1024:1024",
        "--ulimit",
        "nproc=1000:1000",
        "bench",
        "sleep",
        "1000");
    compareAll(
        join(runc, run),
        join(join(place.podman(), List.of("--runtime", ours)), run),
        Stream.concat(COMMON.stream(), PODMAN.stream()));
    place.ok(place.podman(), "rm", "-f", "--time", "0", "peer");
  }

  @Test
  void containerdsContainersSeeTheSame() throws Exception {
    place.startContainerd();
    List<String> run = join(place.ctr(), List.of("run", "--rm"));
    List<String> differences = new ArrayList<>();
    List<String> program =
        List.of(
            "--env",
            "PATH=/bin",
            "--mount",
            "type=bind,src=/sys/fs/cgroup,dst=/groups,options=rbind:ro");
    program = join(program, List.of("--rootfs", rootfs(), "one", "/bin/sh", "/bin/probe"));
    for (String options : CTR) {
      compare(
          options,
          onATerminal(join(join(run, words("--runc-binary /usr/sbin/runc " + options)), program)),
          onATerminal(join(join(run, words("--runc-binary " + ours + " " + options)), program)),
          differences);
    }
    assertEquals("", String.join("\n", differences));
  }
}
