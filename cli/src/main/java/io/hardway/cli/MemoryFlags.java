package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.value.ByteSize;
import io.hardway.cli.value.WholeNumber;
import io.hardway.spi.Limit;
import io.hardway.spi.spec.MemoryResources;

/** The limits of memory that the flags ask for. */
final class MemoryFlags {
  private static final long LEAST_MEMORY = 6L << 20;
  private static final long SWAP_FACTOR = 2;

  private MemoryFlags() {}

  /** What is asked for; the rest is absent. */
  static MemoryResources read(Arguments arguments) {
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
        .value("kernel-memory-tcp", ByteSize::parseOrUnlimited)
        .ifPresent(value -> memory.kernelTcp(Limit.ofOci(value)));
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
}
