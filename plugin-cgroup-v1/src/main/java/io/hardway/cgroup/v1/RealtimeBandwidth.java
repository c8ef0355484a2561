package io.hardway.cgroup.v1;

import io.hardway.linux.cgroup.CgroupFile;
import io.hardway.spi.PlanningException;
import io.hardway.spi.spec.CpuResources;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * How long tasks of a real-time scheduler may run in each period; scheduler/sched-rt-group.rst.
 * Times are in microseconds.
 *
 * <p>A new group has none, and groups together have no more than the one above them. So the groups
 * of ours above the container's get what is needed, as far as the machine has it to give.
 */
final class RealtimeBandwidth {
  private static final String RUNTIME = "cpu.rt_runtime_us";
  private static final String PERIOD = "cpu.rt_period_us";
  private static final long DEFAULT_PERIOD = 1_000_000;
  private static final String OURS = "hardway";

  private final LimitWriter limits;
  private final Path group;

  private RealtimeBandwidth(LimitWriter limits, Path group) {
    this.limits = limits;
    this.group = group;
  }

  static void contribute(CpuResources cpu, LimitWriter limits) {
    limits.requireKnown(CpuController.NAME, RUNTIME);
    new RealtimeBandwidth(limits, limits.require(CpuController.NAME, RUNTIME))
        .set(cpu.realtimeRuntime(), CpuController.asked(cpu.realtimePeriod()));
  }

  private void set(OptionalLong runtime, OptionalLong period) {
    long before = runtime(group);
    long after = runtime.orElse(before);
    long periodAfter = period.orElse(period(group));
    if (after > periodAfter) {
      throw new PlanningException(
          "real-time scheduling for " + after + " µs cannot be given in a period of " + periodAfter,
          "give --cpu-rt-period of at least --cpu-rt-runtime");
    }
    raiseAbove(CpuController.share(after, periodAfter));
    // What shrinks goes first, so that between both writes the part is no larger than allowed.
    if (after <= before) {
      write(RUNTIME, runtime, "real-time scheduling for ");
      write(PERIOD, period, "the period of real-time scheduling to ");
    } else {
      write(PERIOD, period, "the period of real-time scheduling to ");
      write(RUNTIME, runtime, "real-time scheduling for ");
    }
  }

  private void write(String file, OptionalLong value, String what) {
    value.ifPresent(
        micros ->
            limits.writeIfKnown(
                CpuController.NAME, file, Long.toString(micros), "set " + what + micros + " µs"));
  }

  /** Plans that every group above has at least what those below it need, uppermost first. */
  private void raiseAbove(long share) {
    List<Path> raised = new ArrayList<>();
    List<Long> runtimes = new ArrayList<>();
    long needed = share;
    for (Path below = group; isGroup(below.getParent()); below = below.getParent()) {
      Path level = below.getParent();
      needed += sharesBeside(below);
      long has = CpuController.share(runtime(level), period(level));
      if (needed <= has) {
        break;
      }
      if (!isOurs(level)) {
        throw new PlanningException(
            "real-time scheduling cannot be given: the group "
                + level
                + " has "
                + runtime(level)
                + " µs in "
                + period(level)
                + " for all below it",
            "ask for less, or give that group more: " + level.resolve(RUNTIME));
      }
      raised.add(0, level);
      runtimes.add(0, micros(needed, period(level)));
    }
    for (int i = 0; i < raised.size(); i++) {
      limits.write(
          raised.get(i),
          RUNTIME,
          Long.toString(runtimes.get(i)),
          "let groups below " + raised.get(i) + " have real-time scheduling");
    }
  }

  /** A directory of the hierarchy, one that is still to be made too. */
  private static boolean isGroup(Path directory) {
    return directory != null
        && (!Files.exists(directory) || Files.exists(directory.resolve("tasks")));
  }

  /** Whether it is the group all containers are below, or one below that. */
  private static boolean isOurs(Path level) {
    for (Path name : level) {
      if (name.toString().equals(OURS)) {
        return true;
      }
    }
    return false;
  }

  private static long sharesBeside(Path group) {
    long sum = 0;
    try (DirectoryStream<Path> groups =
        Files.newDirectoryStream(group.getParent(), Files::isDirectory)) {
      for (Path beside : groups) {
        if (!beside.equals(group)) {
          sum += CpuController.share(runtime(beside), period(beside));
        }
      }
    } catch (IOException notMade) {
      return 0;
    }
    return sum;
  }

  private static long runtime(Path group) {
    return CgroupFile.number(group.resolve(RUNTIME)).orElse(0);
  }

  private static long period(Path group) {
    return CgroupFile.number(group.resolve(PERIOD)).orElse(DEFAULT_PERIOD);
  }

  /** The least that is such a share of a period. */
  private static long micros(long share, long period) {
    return (share * period + (1L << CpuController.UNIT_SHIFT) - 1) >> CpuController.UNIT_SHIFT;
  }
}
