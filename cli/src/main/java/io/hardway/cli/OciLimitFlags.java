package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.cli.value.ByteSize;
import io.hardway.cli.value.ProcessorList;
import io.hardway.cli.value.WholeNumber;
import io.hardway.spi.Limit;
import io.hardway.spi.spec.BlockIoResources;
import io.hardway.spi.spec.CpuResources;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.Resources;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** The limits that flags of the OCI runtime's {@code update} ask for; runc-update(8). */
final class OciLimitFlags {
  private static final String[][] FLAGS = {
    {"blkio-weight", "weight", "Weight of block I/O, 10 to 1000"},
    {
      "cpu-burst",
      "microseconds",
      "Processor time that may be saved up, of quotas that were not used"
    },
    {"cpu-idle", "0|1", "1: run only when nothing else does"},
    {"cpu-period", "microseconds", "Period of the quota of processor time"},
    {"cpu-quota", "microseconds", "Processor time in each period; -1: no limit"},
    {"cpu-rt-period", "microseconds", "Period of the time for real-time tasks"},
    {"cpu-rt-runtime", "microseconds", "Time for real-time tasks in each period"},
    {"cpu-share", "weight", "Weight of processor time, 2 to 262144"},
    {"cpuset-cpus", "list", "The processors it may use, like 0-2,7"},
    {"cpuset-mems", "list", "The memory nodes it may use"},
    {"memory", "size", "Limit of memory; -1: none, of swap neither"},
    {"memory-reservation", "size", "What it may hold when memory is short; -1: no limit"},
    {"memory-swap", "size", "Limit of memory and swap together; -1: none"},
    {"pids-limit", "count", "How many tasks there may be; -1: no limit"},
    {"l3-cache-schema", "schema", "Its share of the last level cache"},
    {"mem-bw-schema", "schema", "Its share of the bandwidth of memory"},
  };

  private static final String[] MISSING = {"l3-cache-schema", "mem-bw-schema"};
  private static final long MOST_MICROS = Long.MAX_VALUE / 1000;

  private OciLimitFlags() {}

  /** Adds the flags. */
  static OptionTable add(OptionTable table) {
    for (String[] flag : FLAGS) {
      table.value(flag[0], flag[1], flag[2]);
    }
    return table;
  }

  /** One that was given; empty where none was. */
  static String first(Arguments arguments) {
    for (String[] flag : FLAGS) {
      if (arguments.has(flag[0])) {
        return flag[0];
      }
    }
    return "";
  }

  /** What they ask for; 0 is nothing asked for, but of what can be 0. */
  static Resources read(Arguments arguments) {
    for (String flag : MISSING) {
      if (arguments.has(flag)) {
        throw arguments.refuse(
            "--" + flag + " is not there yet: shares of caches and of bandwidth cannot be given");
      }
    }
    Resources.Builder resources = Resources.builder();
    resources.memory(memory(arguments)).cpu(cpu(arguments));
    arguments
        .value("pids-limit", WholeNumber::parse)
        .filter(value -> value != 0)
        .ifPresent(value -> resources.pids(Limit.ofOci(value)));
    BlockIoResources.Builder blockIo = BlockIoResources.builder();
    arguments
        .value("blkio-weight", WholeNumber.between(0, 1000))
        .filter(value -> value != 0)
        .ifPresent(value -> blockIo.weight((int) (long) value));
    return resources.blockIo(blockIo.build()).build();
  }

  private static MemoryResources memory(Arguments arguments) {
    MemoryResources.Builder memory = MemoryResources.builder();
    size(arguments, "memory", memory::limit);
    size(arguments, "memory-reservation", memory::reservation);
    size(arguments, "memory-swap", memory::swap);
    return memory.build();
  }

  private static void size(Arguments arguments, String flag, Consumer<Limit> asked) {
    arguments
        .value(flag, ByteSize::parseOrUnlimited)
        .filter(value -> value != 0)
        .ifPresent(value -> asked.accept(Limit.ofOci(value)));
  }

  private static CpuResources cpu(Arguments arguments) {
    CpuResources.Builder cpu = CpuResources.builder();
    number(arguments, "cpu-share", 0, MOST_MICROS, cpu::shares);
    number(arguments, "cpu-period", 0, MOST_MICROS, cpu::period);
    number(arguments, "cpu-quota", -1, MOST_MICROS, cpu::quota);
    number(arguments, "cpu-rt-period", 0, MOST_MICROS, cpu::realtimePeriod);
    arguments
        .value("cpu-rt-runtime", WholeNumber.between(0, MOST_MICROS))
        .ifPresent(cpu::realtimeRuntime);
    arguments.value("cpu-burst", WholeNumber.between(0, MOST_MICROS)).ifPresent(cpu::burst);
    arguments.value("cpu-idle", WholeNumber.between(0, 1)).ifPresent(cpu::idle);
    arguments.value("cpuset-cpus", ProcessorList::parse).ifPresent(cpu::cpus);
    arguments.value("cpuset-mems", ProcessorList::parse).ifPresent(cpu::mems);
    return cpu.build();
  }

  private static void number(
      Arguments arguments, String flag, long least, long most, LongConsumer asked) {
    arguments
        .value(flag, WholeNumber.between(least, most))
        .filter(value -> value != 0)
        .ifPresent(asked::accept);
  }
}
