package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.value.ByteSize;
import io.hardway.cli.value.CpuCount;
import io.hardway.cli.value.ProcessorList;
import io.hardway.cli.value.WholeNumber;
import io.hardway.spi.Limit;
import io.hardway.spi.spec.BlockIoResources;
import io.hardway.spi.spec.CpuResources;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.Resources;

/** The limits that the flags ask for. */
final class LimitFlags {
  private static final long LEAST_MEMORY = 6L << 20;
  private static final long SWAP_FACTOR = 2;

  /** In microseconds; scheduler/sched-bwc.rst. */
  private static final long LEAST_QUOTA = 1000;

  private LimitFlags() {}

  /** What is asked for; the rest is absent. */
  static Resources read(Arguments arguments) {
    Resources.Builder resources = Resources.builder();
    resources.memory(memory(arguments)).cpu(cpu(arguments));
    arguments
        .value("pids-limit", WholeNumber::parse)
        .ifPresent(value -> resources.pids(value <= 0 ? Limit.unlimited() : Limit.of(value)));
    arguments
        .value("blkio-weight", WholeNumber.between(10, 1000))
        .ifPresent(
            value ->
                resources.blockIo(BlockIoResources.builder().weight((int) (long) value).build()));
    return resources.build();
  }

  /** Whether any limit is asked for. */
  static boolean isAny(Arguments arguments) {
    for (String name : NAMES) {
      if (arguments.has(name)) {
        return true;
      }
    }
    return false;
  }

  /** The flags. */
  static final String[] NAMES = {
    "blkio-weight",
    "cpu-period",
    "cpu-quota",
    "cpu-rt-period",
    "cpu-rt-runtime",
    "cpu-shares",
    "cpus",
    "cpuset-cpus",
    "cpuset-mems",
    "memory",
    "memory-reservation",
    "memory-swap",
    "memory-swappiness",
    "oom-kill-disable",
    "pids-limit"
  };

  private static MemoryResources memory(Arguments arguments) {
    MemoryResources.Builder memory = MemoryResources.builder();
    long limit = arguments.value("memory", ByteSize::parse).orElse(0L);
    if (arguments.has("memory") && limit != 0 && limit < LEAST_MEMORY) {
      throw arguments.refuse(
          "memory", arguments.text("memory").orElse(""), "Minimum memory limit allowed is 6MB");
    }
    if (limit > 0) {
      memory.limit(Limit.of(limit));
    }
    reservation(arguments, limit, memory);
    if (arguments.has("memory-swap")) {
      long swap = arguments.value("memory-swap", ByteSize::parseOrUnlimited).orElse(0L);
      if (swap > 0 && limit == 0) {
        throw arguments.refuse(
            "You should always set the Memory limit when using Memoryswap limit");
      }
      if (swap > 0 && swap < limit) {
        throw arguments.refuse("Minimum memoryswap limit should be larger than memory limit");
      }
      if (swap != 0) {
        memory.swap(Limit.ofOci(swap));
      }
    } else if (limit > 0) {
      memory.swap(Limit.of(limit * SWAP_FACTOR));
    }
    arguments
        .value("memory-swappiness", WholeNumber.between(-1, 100))
        .ifPresent(
            value -> {
              if (value >= 0) {
                memory.swappiness((int) (long) value);
              }
            });
    return memory.oomKillDisabled(arguments.flag("oom-kill-disable")).build();
  }

  private static void reservation(Arguments arguments, long limit, MemoryResources.Builder memory) {
    long reservation = arguments.value("memory-reservation", ByteSize::parse).orElse(0L);
    if (reservation == 0) {
      return;
    }
    if (reservation < LEAST_MEMORY) {
      throw arguments.refuse(
          "memory-reservation",
          arguments.text("memory-reservation").orElse(""),
          "Minimum memory reservation allowed is 6MB");
    }
    if (limit > 0 && limit < reservation) {
      throw arguments.refuse(
          "Minimum memory limit can not be less than memory reservation limit, see usage");
    }
    memory.reservation(Limit.of(reservation));
  }

  private static CpuResources cpu(Arguments arguments) {
    CpuResources.Builder cpu = CpuResources.builder();
    if (arguments.has("cpus")) {
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
    arguments.value("cpu-rt-period", WholeNumber::parse).ifPresent(cpu::realtimePeriod);
    arguments.value("cpu-rt-runtime", WholeNumber::parse).ifPresent(cpu::realtimeRuntime);
    arguments.value("cpuset-cpus", ProcessorList::parse).ifPresent(cpu::cpus);
    arguments.value("cpuset-mems", ProcessorList::parse).ifPresent(cpu::mems);
    return cpu.build();
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
}
