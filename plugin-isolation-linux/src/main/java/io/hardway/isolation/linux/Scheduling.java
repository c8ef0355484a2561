package io.hardway.isolation.linux;

import io.hardway.spi.PlanningException;
import io.hardway.spi.Stage;
import io.hardway.spi.spec.ContainerProcess;
import io.hardway.spi.spec.CpuAffinity;
import io.hardway.spi.spec.IoPriority;
import io.hardway.spi.spec.LinuxSettings;
import io.hardway.spi.spec.MemoryPolicy;
import io.hardway.spi.spec.Scheduler;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** When and where a process runs; sched(7), ioprio_set(2), set_mempolicy(2), personality(2). */
final class Scheduling {
  /** By their numbers; linux/sched.h. */
  private static final List<String> POLICIES =
      List.of(
          "SCHED_OTHER",
          "SCHED_FIFO",
          "SCHED_RR",
          "SCHED_BATCH",
          "SCHED_ISO",
          "SCHED_IDLE",
          "SCHED_DEADLINE");

  /** By their bits; linux/sched.h. */
  private static final List<String> FLAGS =
      List.of(
          "SCHED_FLAG_RESET_ON_FORK",
          "SCHED_FLAG_RECLAIM",
          "SCHED_FLAG_DL_OVERRUN",
          "SCHED_FLAG_KEEP_POLICY",
          "SCHED_FLAG_KEEP_PARAMS",
          "SCHED_FLAG_UTIL_CLAMP_MIN",
          "SCHED_FLAG_UTIL_CLAMP_MAX");

  /** By their numbers, from 1 on; linux/ioprio.h. */
  private static final List<String> IO_CLASSES =
      List.of("IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE");

  private static final int IO_CLASS_SHIFT = 13;
  private static final int LOWEST_IO = 7;

  /** By their numbers; linux/mempolicy.h. */
  private static final List<String> MEMORY_MODES =
      List.of(
          "MPOL_DEFAULT",
          "MPOL_PREFERRED",
          "MPOL_BIND",
          "MPOL_INTERLEAVE",
          "MPOL_LOCAL",
          "MPOL_PREFERRED_MANY",
          "MPOL_WEIGHTED_INTERLEAVE");

  /** By their bits, from the lowest one on; linux/mempolicy.h. */
  private static final List<String> MEMORY_FLAGS =
      List.of("MPOL_F_NUMA_BALANCING", "MPOL_F_RELATIVE_NODES", "MPOL_F_STATIC_NODES");

  private static final int FIRST_MEMORY_FLAG = 13;

  /** By their numbers, of which those between are of other systems; linux/personality.h. */
  private static final List<String> DOMAINS = List.of("LINUX", "LINUX32");

  private static final int LINUX32 = 0x0008;
  private static final int LEAST_NICE = -20;
  private static final int MOST_NICE = 19;
  private static final int MOST_PRIORITY = 99;

  /** More than any kernel has. */
  private static final int MOST_INDEXES = 1 << 13;

  private Scheduling() {}

  /** Adds the steps of what is asked for; they come before privileges are given up. */
  static void contribute(Stage stage, ContainerProcess process, LinuxSettings linux) {
    linux.personality().ifPresent(domain -> personality(stage, domain));
    linux.memoryPolicy().ifPresent(policy -> memory(stage, policy));
    process.ioPriority().ifPresent(priority -> io(stage, priority));
    process.scheduler().ifPresent(scheduler -> scheduler(stage, scheduler));
  }

  private static void scheduler(Stage stage, Scheduler wanted) {
    String place = "process.scheduler.";
    long policy = number(POLICIES, wanted.policy(), place + "policy");
    boolean isRealTime = wanted.policy().equals("SCHED_FIFO") || wanted.policy().equals("SCHED_RR");
    requireWithin(place + "nice", wanted.nice(), LEAST_NICE, MOST_NICE);
    requireWithin(
        place + "priority", wanted.priority(), isRealTime ? 1 : 0, isRealTime ? MOST_PRIORITY : 0);
    boolean hasDeadline = wanted.policy().equals("SCHED_DEADLINE");
    if (!hasDeadline && (wanted.runtime() != 0 || wanted.deadline() != 0 || wanted.period() != 0)) {
      throw new PlanningException(
          "process.scheduler: runtime, deadline and period are of SCHED_DEADLINE, not of "
              + wanted.policy(),
          "leave them out");
    }
    stage
        .scheduler(
            policy,
            bits(FLAGS, wanted.flags(), place + "flags"),
            wanted.nice(),
            wanted.priority(),
            wanted.runtime(),
            wanted.deadline(),
            wanted.period())
        .label("run by " + wanted.policy())
        .hint(
            "sched(7): a real-time policy and a lower nice value need CAP_SYS_NICE on the host, and in a cgroup of version 1 time: linux.resources.cpu.realtimeRuntime");
  }

  private static void io(Stage stage, IoPriority wanted) {
    int type = number(IO_CLASSES, wanted.type(), "process.ioPriority.class") + 1;
    requireWithin("process.ioPriority.priority", wanted.priority(), 0, LOWEST_IO);
    stage
        .ioPriority(type << IO_CLASS_SHIFT | wanted.priority())
        .label("read and write by " + wanted.type() + " " + wanted.priority())
        .hint("ioprio_set(2): IOPRIO_CLASS_RT needs CAP_SYS_ADMIN or CAP_SYS_NICE on the host");
  }

  private static void memory(Stage stage, MemoryPolicy wanted) {
    String place = "linux.memoryPolicy.";
    long mode =
        number(MEMORY_MODES, wanted.mode(), place + "mode")
            | bits(MEMORY_FLAGS, wanted.flags(), place + "flags") << FIRST_MEMORY_FLAG;
    byte[] nodes =
        wanted.nodes().isEmpty() ? new byte[0] : mask(wanted.nodes().get(), place + "nodes");
    stage
        .memoryPolicy(mode, nodes)
        .label("take memory by " + wanted.mode() + wanted.nodes().map(" of "::concat).orElse(""))
        .hint(
            "set_mempolicy(2): the nodes must be there, in /sys/devices/system/node, and the kernel must know the mode");
  }

  private static void personality(Stage stage, String domain) {
    int number = number(DOMAINS, domain, "linux.personality.domain") * LINUX32;
    stage.personality(number).label("take the execution domain " + domain);
  }

  /**
   * Adds what a process of exec does before it is in the container's control group.
   *
   * @param stage of the process that makes it, which hands its processors on
   */
  static void contributeInitial(Stage stage, CpuAffinity wanted) {
    wanted
        .initial()
        .ifPresent(
            list ->
                stage
                    .affinity(mask(list, "process.execCPUAffinity.initial"))
                    .label("enter the container on processors " + list)
                    .hint("sched_setaffinity(2): one of them must be there, and the caller's"));
  }

  /** Adds what a process of exec does when it is in the container's control group. */
  static void contributeFinal(Stage stage, CpuAffinity wanted) {
    if (wanted.last().isPresent()) {
      String list = wanted.last().get();
      stage
          .affinity(mask(list, "process.execCPUAffinity.final"))
          .label("run on processors " + list)
          .hint("sched_setaffinity(2): one of them must be there, and the container's");
    } else if (wanted.initial().isPresent()) {
      byte[] all = new byte[MOST_INDEXES / Byte.SIZE];
      Arrays.fill(all, (byte) -1);
      stage.affinity(all).label("run on all processors of the container");
    }
  }

  private static int number(List<String> names, String name, String place) {
    int number = names.indexOf(name);
    if (number < 0) {
      throw new PlanningException(
          place + ": \"" + name + "\" is unknown", "there are " + String.join(", ", names));
    }
    return number;
  }

  private static long bits(List<String> names, List<String> wanted, String place) {
    long bits = 0;
    for (String name : wanted) {
      bits |= 1L << number(names, name, place);
    }
    return bits;
  }

  private static void requireWithin(String place, int value, int least, int most) {
    if (value < least || value > most) {
      throw new PlanningException(
          place + ": " + value + " cannot be had",
          least == most ? "leave it out" : "give one from " + least + " to " + most);
    }
  }

  /** cpuset(7), "List format": numbers and ranges, the lowest bit first. */
  private static byte[] mask(String list, String place) {
    BitSet indexes = new BitSet();
    try {
      for (String part : list.split(",", -1)) {
        String one = part.strip();
        int dash = one.indexOf('-');
        int first = Integer.parseUnsignedInt(dash < 0 ? one : one.substring(0, dash));
        int last = dash < 0 ? first : Integer.parseUnsignedInt(one.substring(dash + 1));
        if (last >= MOST_INDEXES || first < 0 || last < first) {
          throw new NumberFormatException(part);
        }
        indexes.set(first, last + 1);
      }
    } catch (NumberFormatException e) {
      throw new PlanningException(
          place + ": \"" + list + "\" is no list of numbers", "write it like 0-2,7", e);
    }
    int words = indexes.length() / Long.SIZE + 1;
    return Arrays.copyOf(indexes.toByteArray(), words * Long.BYTES);
  }
}
