package io.hardway.kernel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** A bundle's configuration that varies many fields at once, the same for the same seed. */
final class GeneratedConfig {
  private static final List<String> CAPABILITIES =
      List.of(
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_KILL",
          "CAP_SETUID",
          "CAP_SETGID",
          "CAP_NET_RAW",
          "CAP_NET_BIND_SERVICE",
          "CAP_SYS_CHROOT",
          "CAP_MKNOD");

  private final Random random;
  private final Path data;
  private final String profile;
  private final boolean hasUsers;
  private final boolean hasNetwork;
  private final boolean hasGroups;

  /**
   * One of many.
   *
   * @param data a directory of the host that may be bound inside; a link of this name is no part
   * @param profile a profile of AppArmor that some have; none where this is empty
   */
  GeneratedConfig(long seed, Path data, String profile) {
    this.random = new Random(seed);
    this.profile = profile;
    this.data = data;
    // The first numbers of neighbouring seeds are alike.
    random.nextInt();
    hasUsers = oneIn(5);
    hasNetwork = hasUsers || oneIn(2);
    hasGroups = hasUsers || oneIn(2);
  }

  private boolean oneIn(int many) {
    return random.nextInt(many) == 0;
  }

  @SafeVarargs
  private <T> T one(T... of) {
    return of[random.nextInt(of.length)];
  }

  private List<String> some(List<String> of) {
    return of.stream().filter(each -> random.nextBoolean()).toList();
  }

  private static String list(List<String> texts) {
    return texts.stream().map(GeneratedConfig::quote).collect(Collectors.joining(", ", "[", "]"));
  }

  private static String quote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  /** The whole of it. */
  String text() {
    return "{\"ociVersion\": \"1.0.2\", "
        + "\"hostname\": \"generated\", \"root\": {\"path\": \"rootfs\", \"readonly\": "
        + random.nextBoolean()
        + "}, \"process\": "
        + process()
        + ", \"mounts\": ["
        + String.join(", ", mounts())
        + "], \"annotations\": {\"org.example.one\": \"two\"}, \"linux\": "
        + linux()
        + "}";
  }

  private String process() {
    List<String> members = new ArrayList<>();
    String user = "\"uid\": " + one(0, 0, 1000, 65534) + ", \"gid\": " + one(0, 1000, 7);
    if (oneIn(2) && !hasUsers) {
      user += ", \"additionalGids\": [" + one("10", "10, 20", "5000", "0, 10, 5000") + "]";
    }
    if (oneIn(2)) {
      user += ", \"umask\": " + one(0, 18, 63, 2);
    }
    members.add("\"user\": {" + user + "}");
    members.add("\"args\": [\"sh\", \"-c\", " + quote(ContainerProbe.PROGRAM) + "]");
    members.add("\"cwd\": " + quote(one("/", "/tmp", "/var", "/home")));
    members.add(
        "\"env\": "
            + one(
                "[\"PATH=/bin\"]",
                "[\"PATH=/bin\", \"HOME=/somewhere\", \"A=b=c\", \"EMPTY=\"]",
                "[\"PATH=/bin:/sbin\", \"TERM=xterm\", \"LONG=" + "x".repeat(5000) + "\"]"));
    if (oneIn(2)) {
      members.add("\"noNewPrivileges\": " + random.nextBoolean());
    }
    if (oneIn(3)) {
      members.add("\"oomScoreAdj\": " + one(0, 100, 1000));
    }
    if (oneIn(2)) {
      members.add(
          "\"rlimits\": ["
              + one(
                  "{\"type\": \"RLIMIT_NOFILE\", \"soft\": 200, \"hard\": 300}",
                  "{\"type\": \"RLIMIT_CORE\", \"soft\": 0, \"hard\": 0}",
                  "{\"type\": \"RLIMIT_NPROC\", \"soft\": 300, \"hard\": 400},"
                      + " {\"type\": \"RLIMIT_FSIZE\", \"soft\": 1000000, \"hard\": 2000000}",
                  "{\"type\": \"RLIMIT_STACK\", \"soft\": 4194304, \"hard\": 8388608}")
              + "]");
    }
    if (!profile.isEmpty() && oneIn(2)) {
      members.add("\"apparmorProfile\": " + quote(profile));
    }
    if (!oneIn(6)) {
      List<String> bounding = some(CAPABILITIES);
      List<String> permitted = some(bounding);
      List<String> inheritable = oneIn(2) ? List.of() : some(permitted);
      members.add(
          "\"capabilities\": {\"bounding\": "
              + list(bounding)
              + ", \"permitted\": "
              + list(permitted)
              + ", \"effective\": "
              + list(oneIn(2) ? permitted : some(permitted))
              + ", \"inheritable\": "
              + list(inheritable)
              + ", \"ambient\": "
              + list(some(inheritable))
              + "}");
    }
    return "{" + String.join(", ", members) + "}";
  }

  private static String mount(String destination, String type, String source, String... options) {
    return "{\"destination\": "
        + quote(destination)
        + ", \"type\": "
        + quote(type)
        + ", \"source\": "
        + quote(source)
        + ", \"options\": "
        + list(List.of(options))
        + "}";
  }

  private List<String> mounts() {
    List<String> mounts = new ArrayList<>();
    mounts.add(
        mount(
            "/proc",
            "proc",
            "proc",
            one(new String[] {}, new String[] {"nosuid", "noexec", "nodev"})));
    mounts.add(
        mount(
            "/dev",
            "tmpfs",
            "tmpfs",
            one(
                new String[] {"nosuid", "mode=755"},
                new String[] {"nosuid", "strictatime", "mode=755", "size=65536k"})));
    mounts.add(
        mount(
            "/dev/pts",
            "devpts",
            "devpts",
            "nosuid",
            "noexec",
            "newinstance",
            "ptmxmode=0666",
            "mode=0620"));
    if (oneIn(2)) {
      mounts.add(
          mount(
              "/dev/shm",
              "tmpfs",
              "shm",
              "nosuid",
              "noexec",
              "nodev",
              "mode=1777",
              one("size=65536k", "size=1m")));
    }
    if (oneIn(2)) {
      mounts.add(mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"));
    }
    if (hasNetwork) {
      mounts.add(
          one(
              mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"),
              mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev")));
      mounts.add(
          mount(
              "/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", "ro"));
    }
    if (oneIn(2)) {
      mounts.add(
          mount(
              "/tmp",
              "tmpfs",
              "tmpfs",
              one(
                  new String[] {"size=1m", "mode=1777"},
                  new String[] {"mode=0700", "noexec", "nodev"},
                  new String[] {"ro"},
                  new String[] {"nosuid", "noatime", "size=10%"})));
    }
    if (oneIn(2)) {
      mounts.add(
          mount(
              "/data",
              one("bind", "none", ""),
              data.toString(),
              one(
                  new String[] {"bind"},
                  new String[] {"rbind", "ro"},
                  new String[] {"rbind", "rprivate", "nosuid", "nodev", "noexec"},
                  new String[] {"bind", "ro", "noexec", "slave"},
                  new String[] {"rbind", "rslave", "rw"},
                  new String[] {"bind", "private", "noatime"})));
    }
    if (oneIn(3)) {
      mounts.add(
          mount("/etc/made", "bind", data.resolve("file").toString(), "bind", one("ro", "rw")));
    }
    return mounts;
  }

  private String linux() {
    List<String> members = new ArrayList<>();
    List<String> namespaces = new ArrayList<>(List.of("mount", "pid", "ipc", "uts"));
    if (hasNetwork) {
      namespaces.add("network");
    }
    if (hasGroups) {
      namespaces.add("cgroup");
    }
    if (hasUsers) {
      namespaces.add("user");
      members.add(
          "\"uidMappings\": [{\"containerID\": 0, \"hostID\": 200000, \"size\": 65536}],"
              + " \"gidMappings\": [{\"containerID\": 0, \"hostID\": 300000, \"size\": 65536}]");
    }
    members.add(
        namespaces.stream()
            .map(type -> "{\"type\": \"" + type + "\"}")
            .collect(Collectors.joining(", ", "\"namespaces\": [", "]")));
    members.add("\"cgroupsPath\": \"/hardway/differential\"");
    if (oneIn(2)) {
      members.add(
          "\"maskedPaths\": "
              + list(
                  some(
                      List.of(
                          "/proc/kcore",
                          "/proc/keys",
                          "/sys/firmware",
                          "/data/secret",
                          "/data/folder",
                          "/nowhere"))));
    }
    if (oneIn(2)) {
      members.add(
          "\"readonlyPaths\": "
              + list(some(List.of("/proc/bus", "/proc/irq", "/proc/sys", "/nowhere", "/var"))));
    }
    if (!hasUsers && oneIn(3)) {
      members.add(
          "\"devices\": [{\"path\": \"/dev/other\", \"type\": \"c\", \"major\": 1, \"minor\": 3,"
              + " \"fileMode\": "
              + one(438, 384)
              + ", \"uid\": "
              + one(0, 1000)
              + ", \"gid\": 7}]");
    }
    if (oneIn(2)) {
      List<String> settings = new ArrayList<>(List.of("\"kernel.msgmax\": \"16384\""));
      if (hasNetwork && oneIn(2)) {
        settings.add("\"net.ipv4.ip_unprivileged_port_start\": \"80\"");
      }
      members.add("\"sysctl\": {" + String.join(", ", settings) + "}");
    }
    if (oneIn(3)) {
      members.add(
          "\"seccomp\": {\"defaultAction\": \"SCMP_ACT_ALLOW\", \"architectures\": [\"SCMP_ARCH_X86_64\"],"
              + " \"syscalls\": [{\"names\": [\"mkdir\", \"mkdirat\", \"no_such_call\"], \"action\":"
              + " \"SCMP_ACT_ERRNO\""
              + one("", ", \"errnoRet\": 38")
              + "}]}");
    }
    if (oneIn(3)) {
      members.add("\"rootfsPropagation\": " + quote(one("private", "slave", "rprivate", "rslave")));
    }
    members.add("\"resources\": {" + String.join(", ", resources()) + "}");
    return "{" + String.join(", ", members) + "}";
  }

  private List<String> resources() {
    List<String> members = new ArrayList<>();
    members.add(
        "\"devices\": "
            + one(
                "[{\"allow\": false, \"access\": \"rwm\"}]",
                "[{\"allow\": false, \"access\": \"rwm\"},"
                    + " {\"allow\": true, \"type\": \"c\", \"major\": 10, \"minor\": 229, \"access\": \"rw\"}]"));
    if (oneIn(2)) {
      members.add(
          "\"memory\": "
              + one(
                  "{\"limit\": 134217728}",
                  "{\"limit\": 134217728, \"reservation\": 67108864}",
                  "{\"reservation\": 33554432}"));
    }
    if (oneIn(2)) {
      members.add("\"pids\": {\"limit\": " + one(100, 1000) + "}");
    }
    if (oneIn(2)) {
      members.add(
          "\"cpu\": "
              + one(
                  "{\"shares\": 512}",
                  "{\"quota\": 50000, \"period\": 100000}",
                  "{\"shares\": 100, \"cpus\": \"0\", \"mems\": \"0\"}"));
    }
    return members;
  }
}
