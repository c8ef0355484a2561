package io.hardway.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A shell program that prints what a container sees, in sections, and the reading of that without
 * what is never the same twice.
 */
final class ContainerProbe {
  /** What the program ends with. */
  static final int EXIT_CODE = 7;

  /** For busybox; where {@code /groups} is the host's cgroup file systems it looks there. */
  static final String PROGRAM =
      """
      section() { echo "== $1"; }
      list() { sed 's/ [A-Z][a-z][a-z] .*[0-9] \\([^ ]*\\)/ \\1/; /^total/d'; }
      section ids; id; umask; pwd; cd /proc/self; cat oom_score_adj personality coredump_filter loginuid
      section status; grep -E '^(Cap|NoNewPrivs|Seccomp|Uid|Gid|Groups|Sig[IB]|Cpus_allowed_l|Mems_allowed_l)' /proc/self/status
      section limits; sed 's/  */ /g' /proc/self/limits
      section maps; cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups
      section namespaces; for at in cgroup ipc mnt net pid user uts; do readlink /proc/self/ns/$at; done
      section mounts; cat /proc/self/mountinfo
      section devices; ls -ln /dev | list
      section files; for at in /proc/kcore /proc/keys /sys/firmware /data/secret /data/folder /etc/made /tmp /data; do
        ls -ldn $at | sed 's/ [A-Z][a-z][a-z] .* \\//  \\//'; head -c 20 $at >/dev/null 2>&1; echo "$at $?"; done
        ls -ln / /run | list | sed '/ proc$/s/  *[0-9][0-9]* */ /'
      section writes; for at in / /tmp /data /dev /dev/shm /run /var /sys /sys/fs/cgroup/memory \
        /proc/sys/kernel/shmmax /proc/sysrq-trigger /proc/irq /dev/stdout /dev/stderr /dev/tty; do
        if [ -d $at ]; then mkdir $at/new 2>&1; echo $?; rmdir $at/new 2>/dev/null; elif [ -e $at ]; then (: > $at) 2>&1; echo $?; fi; done
      section environment; env | sort
      section host; hostname; cd /proc/sys; cat kernel/domainname kernel/msgmax kernel/shmmax kernel/sem fs/mqueue/msg_max \
        net/ipv4/ip_unprivileged_port_start net/ipv4/ip_forward net/ipv4/ping_group_range
      section network; ls /sys/class/net /proc/sys/net/ipv4/conf; (cat /etc/hostname; echo) 2>&1
      section groups; cat /proc/self/cgroup; for at in memory/memory.limit_in_bytes \
        memory/memory.soft_limit_in_bytes memory/memory.memsw.limit_in_bytes memory/memory.swappiness \
        memory/memory.use_hierarchy pids/pids.max cpu/cpu.shares cpu/cpu.cfs_quota_us cpu/cpu.cfs_period_us \
        cpu/cpu.rt_runtime_us cpuset/cpuset.cpus cpuset/cpuset.mems cpuset/cpuset.cpu_exclusive freezer/freezer.state \
        blkio/blkio.throttle.read_bps_device blkio/blkio.throttle.write_iops_device devices/devices.list; do
        file=/sys/fs/cgroup/$at
        [ ! -d /groups ] || file=/groups/${at%/*}$(sed -n "s/^[0-9]*:${at%/*}://p" /proc/self/cgroup)/${at#*/}
        echo "$at $(sort $file 2>&1 | tr '\\n' ';')"; done
        own=/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup); if [ -e $own/cgroup.events ]; then
          for at in cgroup.type cgroup.freeze cgroup.max.depth cgroup.subtree_control memory.max memory.low memory.high \
            memory.swap.max memory.oom.group pids.max cpu.weight cpu.max cpu.idle cpuset.cpus cpuset.mems cpuset.cpus.partition; do
          echo "$at $(sort $own/$at 2>&1 | tr '\\n' ';')"; done; mkdir $own/new 2>&1; echo $?; rmdir $own/new 2>/dev/null; fi
      section confinement; cat /proc/self/attr/current 2>&1
      section process; cut -d ' ' -f 4-6 /proc/self/stat | tr ' ' '\\n' | sed "s/^$$\\$/self/; s/^$PPID\\$/parent/"
        ls -l /proc/self/fd | sed -n 's/\\[[0-9]*\\]//; s/proc\\/[0-9]*/proc/; s/.* \\([0-9]* -> \\)/\\1/p'; tr '\\0' ' ' < /proc/1/cmdline
      exit 7
      """;

  private ContainerProbe() {}

  /** The names of a process's namespaces, as its links have them. */
  static Set<String> namespaces(String pid) throws IOException {
    try (Stream<Path> links = Files.list(Path.of("/proc", pid, "ns"))) {
      List<Path> all = links.toList();
      List<String> names = new ArrayList<>();
      for (Path link : all) {
        names.add(Files.readSymbolicLink(link).toString());
      }
      return names.stream().collect(Collectors.toSet());
    }
  }

  /**
   * What was printed, by sections.
   *
   * @param outside the namespaces that the runtime was started in
   */
  static Map<String, List<String>> sections(String text, Set<String> outside) {
    Map<String, List<String>> sections = new LinkedHashMap<>();
    List<String> lines = new ArrayList<>();
    String name = "";
    for (String line : text.split("\r*\n")) {
      if (line.startsWith("== ")) {
        lines = new ArrayList<>();
        name = line.substring(3);
        sections.put(name, lines);
      } else {
        lines.add(
            switch (name) {
              case "mounts" -> mount(line);
              case "namespaces" ->
                  line.replaceFirst(":.*", outside.contains(line) ? " the runtime's" : " its own");
              default -> line;
            });
      }
    }
    return sections;
  }

  /** A line of proc_pid_mountinfo(5) without numbers of mounts and devices. */
  private static String mount(String line) {
    String[] halves = line.split(" - ", 2);
    String[] words = halves[0].split(" ");
    StringBuilder text = new StringBuilder(words[3] + " " + words[4] + " " + words[5]);
    for (int i = 6; i < words.length; i++) {
      text.append(' ').append(words[i].replaceAll(":.*", ""));
    }
    // A cgroup's source is a name that means nothing.
    return text + " - " + halves[1].replaceFirst("^cgroup [^ ]+", "cgroup");
  }
}
