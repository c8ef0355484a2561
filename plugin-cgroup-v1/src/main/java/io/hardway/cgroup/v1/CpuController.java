package io.hardway.cgroup.v1;

import io.hardway.linux.cgroup.FlatKeyedFile;
import io.hardway.spi.CpuUsage;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Usage;
import io.hardway.spi.spec.CpuResources;
import io.hardway.spi.spec.Resources;
import java.util.OptionalLong;

/**
 * Processor time: {@code cpu} says who gets how much of it, and the most, {@code cpuacct} counts
 * it; scheduler/sched-design-CFS.rst, scheduler/sched-bwc.rst, scheduler/sched-rt-group.rst,
 * cgroup-v1/cpuacct.rst; config-linux.md, "CPU".
 */
final class CpuController implements Controller {
  static final String NAME = "cpu";
  private static final String ACCOUNTING = "cpuacct";

  /** The unit of {@code cpuacct.stat}: USER_HZ is 100 on every architecture. */
  private static final long TICK_NANOS = 10_000_000;

  static final int UNIT_SHIFT = 20;
  private static final long MOST_MICROS = Long.MAX_VALUE >> UNIT_SHIFT;
  private static final String SHARES = "cpu.shares";
  private static final String IDLE = "cpu.idle";

  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    CpuResources cpu = wanted.cpu();
    weight(cpu, limits);
    // What most containers do not ask for is not loaded at their start.
    if (cpu.realtimeRuntime().isPresent() || cpu.realtimePeriod().isPresent()) {
      RealtimeBandwidth.contribute(cpu, limits);
    }
    if (cpu.quota().isPresent() || cpu.period().isPresent() || cpu.burst().isPresent()) {
      CpuBandwidth.contribute(cpu, limits);
    }
  }

  /** A group that is idle has no weight: the kernel takes none, and forgets the one it had. */
  private static void weight(CpuResources cpu, LimitWriter limits) {
    if (cpu.idle().isPresent()) {
      long idle = cpu.idle().getAsLong();
      limits.writeIfKnown(
          NAME,
          IDLE,
          Long.toString(idle),
          idle == 0 ? "run also when something else does" : "run only when nothing else does");
    }
    OptionalLong shares = asked(cpu.shares());
    if (shares.isEmpty() || cpu.idle().orElse(0) != 0) {
      return;
    }
    if (cpu.idle().isEmpty() && limits.group().number(NAME, IDLE).orElse(0) != 0) {
      throw new PlanningException(
          SHARES + " cannot be set: the group runs only when nothing else does, without a weight",
          "turn that off at the same time: --cpu-idle=false");
    }
    limits.write(
        NAME, SHARES, Long.toString(shares.getAsLong()), "set the weight of processor time");
  }

  /** 0 is what the specification's runtimes take as nothing asked for. */
  static OptionalLong asked(OptionalLong value) {
    return value.orElse(0) == 0 ? OptionalLong.empty() : value;
  }

  /** A part of a period as the kernel compares them, in units of 2^-20. */
  static long share(long micros, long period) {
    return (Math.min(micros, MOST_MICROS) << UNIT_SHIFT) / period;
  }

  @Override
  public void usage(GroupFiles group, Usage.Builder usage) {
    CpuUsage.Builder cpu = CpuUsage.builder();
    group.number(ACCOUNTING, "cpuacct.usage").ifPresent(cpu::nanos);
    FlatKeyedFile split = group.keyed(ACCOUNTING, "cpuacct.stat");
    split.number("user").ifPresent(ticks -> cpu.userNanos(ticks * TICK_NANOS));
    split.number("system").ifPresent(ticks -> cpu.systemNanos(ticks * TICK_NANOS));
    FlatKeyedFile limit = group.keyed(NAME, "cpu.stat");
    limit.number("nr_periods").ifPresent(cpu::periods);
    limit.number("nr_throttled").ifPresent(cpu::throttledPeriods);
    limit.number("throttled_time").ifPresent(cpu::throttledNanos);
    limit.number("nr_bursts").ifPresent(cpu::burstPeriods);
    limit.number("burst_time").ifPresent(cpu::burstNanos);
    usage.cpu(cpu.build());
  }
}
