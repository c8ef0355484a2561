package io.hardway.cgroup.v1;

import io.hardway.spi.Usage;
import io.hardway.spi.spec.CpuResources;
import io.hardway.spi.spec.Resources;

/**
 * Processor time: {@code cpu} limits it, {@code cpuacct} counts it; scheduler/sched-bwc.rst;
 * cgroup-v1/cpuacct.rst; config-linux.md, "CPU".
 */
final class CpuController implements Controller {
  private static final String NAME = "cpu";
  private static final String ACCOUNTING = "cpuacct";

  /** The unit of {@code cpuacct.stat}: USER_HZ is 100 on every architecture. */
  private static final long TICK_NANOS = 10_000_000;

  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    CpuResources cpu = wanted.cpu();
    cpu.shares()
        .ifPresent(
            value ->
                limits.write(
                    NAME, "cpu.shares", Long.toString(value), "set the weight of processor time"));
    cpu.realtimePeriod()
        .ifPresent(
            value ->
                limits.writeIfKnown(
                    NAME, "cpu.rt_period_us", Long.toString(value), "set the real-time period"));
    cpu.realtimeRuntime()
        .ifPresent(
            value ->
                limits.writeIfKnown(
                    NAME, "cpu.rt_runtime_us", Long.toString(value), "set the real-time share"));
    cpu.period()
        .ifPresent(
            value ->
                limits.write(
                    NAME,
                    "cpu.cfs_period_us",
                    Long.toString(value),
                    "set the period of the processor limit"));
    cpu.quota()
        .ifPresent(
            value ->
                limits.write(
                    NAME, "cpu.cfs_quota_us", Long.toString(value), "limit processor time"));
    cpu.burst()
        .ifPresent(
            value ->
                limits.writeIfKnown(
                    NAME,
                    "cpu.cfs_burst_us",
                    Long.toString(value),
                    "let processor time be saved up"));
    cpu.idle()
        .ifPresent(
            value ->
                limits.writeIfKnown(
                    NAME, "cpu.idle", Long.toString(value), "run only when nothing else does"));
  }

  @Override
  public void usage(GroupFiles group, Usage.Builder usage) {
    group.number(ACCOUNTING, "cpuacct.usage").ifPresent(usage::cpuNanos);
    group
        .number(ACCOUNTING, "cpuacct.stat", "user")
        .ifPresent(ticks -> usage.cpuUserNanos(ticks * TICK_NANOS));
    group
        .number(ACCOUNTING, "cpuacct.stat", "system")
        .ifPresent(ticks -> usage.cpuSystemNanos(ticks * TICK_NANOS));
    group.number(NAME, "cpu.stat", "nr_throttled").ifPresent(usage::throttledPeriods);
    group.number(NAME, "cpu.stat", "throttled_time").ifPresent(usage::throttledNanos);
  }
}
