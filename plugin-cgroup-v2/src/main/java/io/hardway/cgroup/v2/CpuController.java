package io.hardway.cgroup.v2;

import io.hardway.linux.cgroup.CgroupConversions;
import io.hardway.linux.cgroup.FlatKeyedFile;
import io.hardway.spi.CpuUsage;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Usage;
import io.hardway.spi.spec.CpuResources;
import io.hardway.spi.spec.Resources;
import java.nio.file.Path;

/** Processor time; cgroup-v2.rst, "CPU"; scheduler/sched-bwc.rst; config-linux.md, "CPU". */
final class CpuController implements Controller {
  private static final String NAME = "cpu";
  private static final String LIMIT = "cpu.max";
  private static final String BURST = "cpu.max.burst";
  private static final String IDLE = "cpu.idle";
  private static final long MICRO_NANOS = 1000;

  /** In microseconds; scheduler/sched-bwc.rst. */
  private static final long LEAST = 1000;

  private static final long MOST_PERIOD = 1_000_000;

  /** No shares at all are what the specification's runtimes take as none asked for. */
  private static boolean hasWeight(CpuResources cpu) {
    return cpu.shares().orElse(0) != 0;
  }

  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    CpuResources cpu = wanted.cpu();
    refuse(cpu);
    bandwidth(cpu, limits);
    boolean wakes = cpu.idle().orElse(1) == 0;
    if (wakes) {
      idle(cpu, limits);
    }
    if (hasWeight(cpu)) {
      weight(cpu, wakes, limits);
    }
    if (!wakes && cpu.idle().isPresent()) {
      idle(cpu, limits);
    }
  }

  private static void refuse(CpuResources cpu) {
    if (cpu.realtimeRuntime().isPresent() || cpu.realtimePeriod().isPresent()) {
      throw new PlanningException(
          "real-time scheduling cannot be limited: cgroup v2 has no such limit",
          "leave --cpu-rt-runtime and --cpu-rt-period out");
    }
    long quota = cpu.quota().orElse(-1);
    if (quota > 0 && quota < LEAST) {
      throw new PlanningException(
          "a quota of " + quota + " µs of processor time is out of range",
          "give at least " + LEAST);
    }
    long period = cpu.period().orElse(LEAST);
    if (period < LEAST || period > MOST_PERIOD) {
      throw new PlanningException(
          "a period of " + period + " µs of processor time is out of range",
          "give one from " + LEAST + " to " + MOST_PERIOD);
    }
    long idle = cpu.idle().orElse(0);
    if (idle != 0 && idle != 1) {
      throw new PlanningException(
          "an idle class of " + idle + " is unknown", "give 0 or 1, for idle");
    }
  }

  /**
   * The burst must never be above the quota: where the one there is now would be above the new
   * quota, the burst goes first.
   */
  private static void bandwidth(CpuResources cpu, LimitWriter limits) {
    boolean isLimited = cpu.quota().isPresent() || cpu.period().isPresent();
    if (!isLimited && cpu.burst().isEmpty()) {
      return;
    }
    String value = CgroupConversions.cpuMax(cpu.quota(), cpu.period(), limits.text(LIMIT));
    long burstNow = limits.number(BURST).orElse(0);
    requireBelowQuota(cpu, value, cpu.burst().orElse(burstNow));
    boolean burstFirst = burstNow > quota(value);
    if (burstFirst) {
      burst(cpu, limits);
    }
    if (isLimited) {
      limits.write(NAME, LIMIT, value, "limit processor time to " + value + " µs");
    }
    if (!burstFirst) {
      burst(cpu, limits);
    }
  }

  private static void requireBelowQuota(CpuResources cpu, String limit, long burst) {
    if (burst < 0) {
      throw new PlanningException(
          "a burst of " + burst + " µs of processor time is out of range", "give at least 0");
    }
    if (burst > quota(limit)) {
      throw new PlanningException(
          "a burst of "
              + burst
              + " µs of processor time is above the quota of "
              + quota(limit)
              + " µs",
          cpu.burst().isPresent()
              ? "give a burst of at most the quota"
              : "change the burst at the same time");
    }
  }

  private static long quota(String limit) {
    String quota = limit.substring(0, limit.indexOf(' '));
    return quota.equals("max") ? Long.MAX_VALUE : Long.parseLong(quota);
  }

  private static void burst(CpuResources cpu, LimitWriter limits) {
    cpu.burst()
        .ifPresent(
            burst ->
                limits.write(NAME, BURST, Long.toString(burst), "let processor time be saved up"));
  }

  /** A group that is idle has no weight: the kernel takes none before it is not. */
  private static void weight(CpuResources cpu, boolean wakes, LimitWriter limits) {
    if (!wakes && limits.text(IDLE).equals("1")) {
      throw new PlanningException(
          "a weight of processor time cannot be set: the group runs only when nothing else does",
          "turn idle off at the same time");
    }
    limits.write(
        NAME,
        "cpu.weight",
        Long.toString(CgroupConversions.cpuWeight(cpu.shares().getAsLong())),
        "set the weight of processor time");
  }

  private static void idle(CpuResources cpu, LimitWriter limits) {
    boolean isIdle = cpu.idle().getAsLong() == 1;
    limits.write(
        NAME,
        IDLE,
        isIdle ? "1" : "0",
        isIdle ? "run only when nothing else does" : "run as others do");
  }

  @Override
  public void usage(Path group, Usage.Builder usage) {
    CpuUsage.Builder cpu = CpuUsage.builder();
    FlatKeyedFile stat = FlatKeyedFile.read(group.resolve("cpu.stat"));
    stat.number("usage_usec").ifPresent(micros -> cpu.nanos(micros * MICRO_NANOS));
    stat.number("user_usec").ifPresent(micros -> cpu.userNanos(micros * MICRO_NANOS));
    stat.number("system_usec").ifPresent(micros -> cpu.systemNanos(micros * MICRO_NANOS));
    stat.number("nr_periods").ifPresent(cpu::periods);
    stat.number("nr_throttled").ifPresent(cpu::throttledPeriods);
    stat.number("throttled_usec").ifPresent(micros -> cpu.throttledNanos(micros * MICRO_NANOS));
    stat.number("nr_bursts").ifPresent(cpu::burstPeriods);
    stat.number("burst_usec").ifPresent(micros -> cpu.burstNanos(micros * MICRO_NANOS));
    usage.cpu(cpu.build());
    PressureFile.read(group.resolve("cpu.pressure")).ifPresent(usage::cpuPressure);
  }
}
