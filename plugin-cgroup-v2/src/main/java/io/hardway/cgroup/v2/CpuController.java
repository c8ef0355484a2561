package io.hardway.cgroup.v2;

import io.hardway.linux.cgroup.CgroupFile;
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
    Path stat = group.resolve("cpu.stat");
    CgroupFile.number(stat, "usage_usec").ifPresent(micros -> usage.cpuNanos(micros * MICRO_NANOS));
    CgroupFile.number(stat, "user_usec")
        .ifPresent(micros -> usage.cpuUserNanos(micros * MICRO_NANOS));
    CgroupFile.number(stat, "system_usec")
        .ifPresent(micros -> usage.cpuSystemNanos(micros * MICRO_NANOS));
    CgroupFile.number(stat, "nr_throttled").ifPresent(usage::throttledPeriods);
    CgroupFile.number(stat, "throttled_usec")
        .ifPresent(micros -> usage.throttledNanos(micros * MICRO_NANOS));
  }
}
