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

  /**
   * What is asked for; the rest is absent.
   *
   * @param before the limits that the container has already
   */
  static MemoryResources read(Arguments arguments, MemoryResources before) {
    MemoryResources.Builder memory = MemoryResources.builder();
    long asked = arguments.value("memory", ByteSize::parse).orElse(0L);
    if (arguments.has("memory") && asked != 0 && asked < LEAST_MEMORY) {
      throw arguments.refuse(
          "memory", arguments.text("memory").orElse(""), "Minimum memory limit allowed is 6MB");
    }
    long limit = asked;
    if (asked > 0) {
      memory.limit(Limit.of(asked));
    } else if (before.limit().isPresent() && !before.limit().get().isUnlimited()) {
      limit = before.limit().get().value();
    }
    reservation(arguments, limit, memory);
    if (arguments.has("memory-swap")) {
      swap(arguments, limit, memory);
    } else if (asked > 0) {
      memory.swap(Limit.of(asked * SWAP_FACTOR));
    }
    if (arguments.has("kernel-memory-tcp")) {
      memory.kernelTcp(
          Limit.ofOci(arguments.value("kernel-memory-tcp", ByteSize::parseOrUnlimited).orElse(0L)));
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

  private static void swap(Arguments arguments, long limit, MemoryResources.Builder memory) {
    long swap = arguments.value("memory-swap", ByteSize::parseOrUnlimited).orElse(0L);
    if (swap > 0 && limit == 0) {
      throw arguments.refuse("You should always set the Memory limit when using Memoryswap limit");
    }
    if (swap > 0 && swap < limit) {
      throw arguments.refuse("Minimum memoryswap limit should be larger than memory limit");
    }
    if (swap != 0) {
      memory.swap(Limit.ofOci(swap));
    }
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
