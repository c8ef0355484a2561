package io.hardway.cgroup.v2;

import io.hardway.linux.cgroup.FlatKeyedFile;
import io.hardway.spi.CpuUsage;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Usage;
import io.hardway.spi.spec.CpuResources;
import io.hardway.spi.spec.Resources;
import java.nio.file.Path;

/** Processor time; cgroup-v2.rst, "CPU"; config-linux.md, "CPU". */
final class CpuController implements Controller {
  private static final String NAME = "cpu";
  private static final String LIMIT = "cpu.max";
  private static final String DEFAULT_PERIOD = "100000";
  private static final long MICRO_NANOS = 1000;

  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    CpuResources cpu = wanted.cpu();
    if (cpu.realtimeRuntime().isPresent() || cpu.realtimePeriod().isPresent()) {
      throw new PlanningException(
          "real-time scheduling cannot be limited: cgroup v2 has no such limit",
          "leave --cpu-rt-runtime and --cpu-rt-period out");
    }
    if (cpu.quota().isPresent() || cpu.period().isPresent()) {
      String value = quotaAndPeriod(cpu, limits);
      limits.write(NAME, LIMIT, value, "limit processor time to " + value + " µs");
    }
    cpu.shares()
        .ifPresent(
            shares ->
                limits.write(
                    NAME,
                    "cpu.weight",
                    Long.toString(weight(shares)),
                    "set the weight of processor time"));
    cpu.burst()
        .ifPresent(
            burst ->
                limits.write(
                    NAME, "cpu.max.burst", Long.toString(burst), "let processor time be saved up"));
    cpu.idle()
        .ifPresent(
            idle ->
                limits.write(
                    NAME, "cpu.idle", Long.toString(idle), "run only when nothing else does"));
  }

  /**
   * The quota and the period are one file: what is not asked for stays as it is in an existing
   * group.
   */
  private static String quotaAndPeriod(CpuResources cpu, LimitWriter limits) {
    String[] now = limits.text(LIMIT).split(" ");
    String quota = now.length == 2 ? now[0] : "max";
    String period = now.length == 2 ? now[1] : DEFAULT_PERIOD;
    if (cpu.quota().isPresent()) {
      quota = cpu.quota().getAsLong() <= 0 ? "max" : Long.toString(cpu.quota().getAsLong());
    }
    if (cpu.period().isPresent()) {
      period = Long.toString(cpu.period().getAsLong());
    }
    return quota + " " + period;
  }

  /** From 2..262144 to 1..10000, as the OCI runtimes do. */
  private static long weight(long shares) {
    return 1 + (Math.clamp(shares, 2L, 262_144L) - 2) * 9_999 / 262_142;
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
