package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.value.CpuCount;
import io.hardway.cli.value.ProcessorList;
import io.hardway.cli.value.WholeNumber;
import io.hardway.spi.spec.CpuResources;

/** The limits of processors that the flags ask for; times in microseconds. */
final class CpuFlags {
  /** scheduler/sched-bwc.rst. */
  private static final long LEAST_QUOTA = 1000;

  /** The kernel counts nanoseconds in 64 bits. */
  private static final long MOST = Long.MAX_VALUE / 1000;

  private CpuFlags() {}

  /** What is asked for; the rest is absent. */
  static CpuResources read(Arguments arguments) {
    CpuResources.Builder cpu = CpuResources.builder();
    if (arguments.has("cpus")) {
      count(arguments, cpu);
    }
    arguments
        .value("cpu-quota", WholeNumber::parse)
        .ifPresent(value -> quota(arguments, value, cpu));
    arguments.value("cpu-period", WholeNumber.between(1000, 1_000_000)).ifPresent(cpu::period);
    arguments
        .value("cpu-shares", WholeNumber.between(0, 262_144))
        .ifPresent(
            value -> {
              if (value > 0) {
                cpu.shares(Math.max(2, value));
              }
            });
    if (arguments.has("cpu-burst")) {
      burst(arguments, cpu);
    }
    if (arguments.has("cpu-idle")) {
      cpu.idle(arguments.flag("cpu-idle") ? 1 : 0);
    }
    if (arguments.has("cpu-rt-period") || arguments.has("cpu-rt-runtime")) {
      realtime(arguments, cpu);
    }
    arguments.value("cpuset-cpus", ProcessorList::parse).ifPresent(cpu::cpus);
    arguments.value("cpuset-mems", ProcessorList::parse).ifPresent(cpu::mems);
    return cpu.build();
  }

  private static void count(Arguments arguments, CpuResources.Builder cpu) {
    if (arguments.has("cpu-quota") || arguments.has("cpu-period")) {
      throw arguments.refuse(
          "Conflicting options: --cpus and --cpu-quota or --cpu-period cannot both be set");
    }
    long quota = arguments.value("cpus", CpuCount::parseQuota).orElse(0L);
    int processors = Runtime.getRuntime().availableProcessors();
    if (quota > processors * CpuCount.PERIOD) {
      throw arguments.refuse(
          "cpus",
          arguments.text("cpus").orElse(""),
          "range of CPUs is from 0.01 to "
              + processors
              + ".00, as there are only "
              + processors
              + " CPUs available");
    }
    if (quota > 0) {
      cpu.quota(quota).period(CpuCount.PERIOD);
    }
  }

  private static void quota(Arguments arguments, long quota, CpuResources.Builder cpu) {
    if (quota > 0 && quota < LEAST_QUOTA) {
      throw arguments.refuse(
          "cpu-quota", Long.toString(quota), "CPU cfs quota can not be less than 1ms (i.e. 1000)");
    }
    if (quota != 0) {
      cpu.quota(quota);
    }
  }

  /** As the kernel checks it: no more can be saved up than a period gives. */
  private static void burst(Arguments arguments, CpuResources.Builder cpu) {
    long burst = arguments.value("cpu-burst", WholeNumber.between(0, MOST)).orElse(0L);
    long quota = cpu.build().quota().orElse(Long.MAX_VALUE);
    if (quota > 0 && burst > quota) {
      throw arguments.refuse(
          "cpu-burst",
          Long.toString(burst),
          "it is more than the processor time of a period, " + quota);
    }
    cpu.burst(burst);
  }

  private static void realtime(Arguments arguments, CpuResources.Builder cpu) {
    arguments.value("cpu-rt-period", WholeNumber.between(1, MOST)).ifPresent(cpu::realtimePeriod);
    arguments.value("cpu-rt-runtime", WholeNumber.between(0, MOST)).ifPresent(cpu::realtimeRuntime);
    CpuResources asked = cpu.build();
    if (asked.realtimeRuntime().orElse(0) > asked.realtimePeriod().orElse(Long.MAX_VALUE)) {
      throw arguments.refuse("cpu real-time runtime cannot be higher than cpu real-time period");
    }
  }
}
