package io.hardway.core;

import io.hardway.spi.Limit;
import io.hardway.spi.spec.BlockIoResources;
import io.hardway.spi.spec.CpuResources;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.Resources;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * What a bundle's limits ask for. Engines write members they have nothing to say of as 0 or as an
 * empty text, and runtimes take such as not said, where no container could run with that.
 */
final class AskedLimits {
  private AskedLimits() {}

  /** The limits without those. */
  static Resources of(Resources said) {
    Resources.Builder asked =
        Resources.builder()
            .devices(said.devices())
            .memory(memory(said.memory()))
            .cpu(cpu(said.cpu()))
            .blockIo(blockIo(said.blockIo()))
            .hugepageLimits(said.hugepageLimits())
            .networkPriorities(said.networkPriorities())
            .rdma(said.rdma())
            .unified(said.unified());
    said.networkClassId().ifPresent(asked::networkClassId);
    asked(said.pids()).ifPresent(asked::pids);
    return asked.build();
  }

  private static Optional<Limit> asked(Optional<Limit> limit) {
    return limit.filter(value -> value.isUnlimited() || value.value() != 0);
  }

  private static MemoryResources memory(MemoryResources said) {
    MemoryResources.Builder memory =
        MemoryResources.builder()
            .oomKillDisabled(said.oomKillDisabled())
            .checkBeforeUpdate(said.checkBeforeUpdate());
    asked(said.limit()).ifPresent(memory::limit);
    asked(said.reservation()).ifPresent(memory::reservation);
    asked(said.swap()).ifPresent(memory::swap);
    asked(said.kernel()).ifPresent(memory::kernel);
    asked(said.kernelTcp()).ifPresent(memory::kernelTcp);
    said.swappiness().ifPresent(memory::swappiness);
    return memory.build();
  }

  private static CpuResources cpu(CpuResources said) {
    CpuResources.Builder cpu = CpuResources.builder();
    said.shares().ifPresent(value -> ifSaid(value, cpu::shares));
    said.quota().ifPresent(value -> ifSaid(value, cpu::quota));
    said.period().ifPresent(value -> ifSaid(value, cpu::period));
    said.burst().ifPresent(cpu::burst);
    said.realtimeRuntime().ifPresent(cpu::realtimeRuntime);
    said.realtimePeriod().ifPresent(value -> ifSaid(value, cpu::realtimePeriod));
    said.cpus().filter(text -> !text.isEmpty()).ifPresent(cpu::cpus);
    said.mems().filter(text -> !text.isEmpty()).ifPresent(cpu::mems);
    said.idle().ifPresent(cpu::idle);
    return cpu.build();
  }

  private static void ifSaid(long value, LongConsumer asked) {
    if (value != 0) {
      asked.accept(value);
    }
  }

  private static BlockIoResources blockIo(BlockIoResources said) {
    BlockIoResources.Builder blockIo =
        BlockIoResources.builder()
            .weightDevices(said.weightDevices())
            .throttleReadBps(said.throttleReadBps())
            .throttleWriteBps(said.throttleWriteBps())
            .throttleReadIops(said.throttleReadIops())
            .throttleWriteIops(said.throttleWriteIops());
    said.weight().ifPresent(value -> ifSaid(value, most -> blockIo.weight((int) most)));
    said.leafWeight().ifPresent(value -> ifSaid(value, most -> blockIo.leafWeight((int) most)));
    return blockIo.build();
  }
}
