package io.hardway.core;

import io.hardway.spi.Host;
import io.hardway.spi.spec.DeviceRule;
import io.hardway.spi.spec.Mount;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** What a container has when nothing else is asked for: docker's defaults. */
public final class DefaultSpec {
  /**
   * The annotation that asks for the isolation plugin's own system call filter; its value is {@code
   * default}.
   */
  public static final String SECCOMP_ANNOTATION = "io.hardway.seccomp";

  /** Where programs are looked up. */
  public static final String PATH =
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** The capabilities of root inside. */
  public static final List<String> CAPABILITIES =
      List.of(
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_FSETID",
          "CAP_FOWNER",
          "CAP_MKNOD",
          "CAP_NET_RAW",
          "CAP_SETGID",
          "CAP_SETUID",
          "CAP_SETFCAP",
          "CAP_SETPCAP",
          "CAP_NET_BIND_SERVICE",
          "CAP_SYS_CHROOT",
          "CAP_KILL",
          "CAP_AUDIT_WRITE");

  /** What nobody inside may read. */
  public static final List<String> MASKED_PATHS =
      List.of(
          "/proc/asound",
          "/proc/acpi",
          "/proc/interrupts",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/sys/firmware",
          "/sys/devices/virtual/powercap");

  /** What nobody inside may write. */
  public static final List<String> READONLY_PATHS =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  private static final long[][] DEVICES = {{1, 3}, {1, 5}, {1, 7}, {1, 8}, {1, 9}, {5, 0}, {5, 2}};
  private static final long PTS = 136;

  private DefaultSpec() {}

  /**
   * What nobody inside may read on this host: {@link #MASKED_PATHS}, and what tells how warm the
   * processors get, from which can be guessed what others compute.
   */
  public static List<String> maskedPaths(Host host) {
    List<String> paths = new ArrayList<>(MASKED_PATHS);
    String processor = "/sys/devices/system/cpu/cpu";
    for (int i = 0; Files.exists(host.file(processor + i)); i++) {
      if (Files.exists(host.file(processor + i + "/thermal_throttle"))) {
        paths.add(processor + i + "/thermal_throttle");
      }
    }
    return paths;
  }

  /**
   * The mounts every container has.
   *
   * @param shmBytes the size of /dev/shm
   * @param writable whether /sys can be written to
   * @param writableGroups whether the cgroup file system can be written to
   */
  public static List<Mount> mounts(long shmBytes, boolean writable, boolean writableGroups) {
    String access = writable ? "rw" : "ro";
    String groups = writableGroups ? "rw" : "ro";
    List<Mount> mounts = new ArrayList<>();
    mounts.add(mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev"));
    mounts.add(mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"));
    mounts.add(
        mount(
            "/dev/pts",
            "devpts",
            "devpts",
            "nosuid",
            "noexec",
            "newinstance",
            "ptmxmode=0666",
            "mode=0620",
            "gid=5"));
    mounts.add(mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", access));
    mounts.add(mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", groups));
    mounts.add(mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"));
    mounts.add(
        mount(
            "/dev/shm",
            "tmpfs",
            "shm",
            "nosuid",
            "noexec",
            "nodev",
            "mode=1777",
            "size=" + shmBytes));
    return mounts;
  }

  private static Mount mount(String destination, String type, String source, String... options) {
    return Mount.builder()
        .destination(destination)
        .type(type)
        .source(source)
        .options(List.of(options))
        .build();
  }

  /** What a container may do with devices: use the harmless ones, make any. */
  public static List<DeviceRule> deviceRules() {
    List<DeviceRule> rules = new ArrayList<>();
    rules.add(DeviceRule.builder().allow(false).access("rwm").build());
    rules.add(DeviceRule.builder().allow(true).type("c").access("m").build());
    rules.add(DeviceRule.builder().allow(true).type("b").access("m").build());
    for (long[] device : DEVICES) {
      rules.add(
          DeviceRule.builder()
              .allow(true)
              .type("c")
              .major(device[0])
              .minor(device[1])
              .access("rwm")
              .build());
    }
    rules.add(DeviceRule.builder().allow(true).type("c").major(PTS).access("rwm").build());
    return rules;
  }
}
