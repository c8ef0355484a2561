package io.hardway.cgroup.v1;

import io.hardway.linux.cgroup.FlatKeyedFile;
import io.hardway.spi.CpuUsage;
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
