package io.hardway.cli;

import io.hardway.spi.spec.BlockIoDevice;
import io.hardway.spi.spec.BlockIoResources;
import io.hardway.spi.spec.CpuResources;
import io.hardway.spi.spec.HugepageLimit;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.RdmaLimit;
import io.hardway.spi.spec.Resources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The limits of a container that an update changes: what is not asked for stays. */
final class UpdatedLimits {
  private final Resources before;
  private Resources changed;

  UpdatedLimits(Resources before, Resources changed) {
    this.before = before;
    this.changed = withSharesBack(before, changed);
  }

  /** The kernel forgets the weight of a group that is idle. */
  private static Resources withSharesBack(Resources before, Resources changed) {
    CpuResources cpu = changed.cpu();
    if (cpu.idle().isEmpty()
        || cpu.idle().getAsLong() != 0
        || cpu.shares().isPresent()
        || before.cpu().shares().isEmpty()) {
      return changed;
    }
    return changed.toBuilder()
        .cpu(cpu.toBuilder().shares(before.cpu().shares().getAsLong()).build())
        .build();
  }

  /** Swap that was asked for without a limit stays so where only memory is changed. */
  void keepUnlimitedSwap() {
    if (before.memory().swap().isEmpty() || !before.memory().swap().get().isUnlimited()) {
      return;
    }
    MemoryResources memory = changed.memory();
    MemoryResources.Builder kept =
        MemoryResources.builder().oomKillDisabled(memory.oomKillDisabled());
    memory.limit().ifPresent(kept::limit);
    memory.reservation().ifPresent(kept::reservation);
    memory.kernelTcp().ifPresent(kept::kernelTcp);
    memory.swappiness().ifPresent(kept::swappiness);
    changed = changed.toBuilder().memory(kept.build()).build();
  }

  /** What is to be changed. */
  Resources changed() {
    return changed;
  }

  /** All limits afterwards. */
  Resources after() {
    Resources.Builder after =
        before.toBuilder()
            .memory(memory(before.memory(), changed.memory()))
            .cpu(cpu(before.cpu(), changed.cpu()))
            .blockIo(blockIo(before.blockIo(), changed.blockIo()))
            .hugepageLimits(hugepages(before.hugepageLimits(), changed.hugepageLimits()))
            .rdma(rdma(before.rdma(), changed.rdma()))
            .networkPriorities(union(before.networkPriorities(), changed.networkPriorities()))
            .unified(union(before.unified(), changed.unified()));
    changed.pids().ifPresent(after::pids);
    changed.networkClassId().ifPresent(after::networkClassId);
    return after.build();
  }

  private static MemoryResources memory(MemoryResources before, MemoryResources changed) {
    MemoryResources.Builder memory = before.toBuilder();
    changed.limit().ifPresent(memory::limit);
    changed.reservation().ifPresent(memory::reservation);
    changed.swap().ifPresent(memory::swap);
    changed.kernelTcp().ifPresent(memory::kernelTcp);
    changed.swappiness().ifPresent(memory::swappiness);
    return memory.oomKillDisabled(before.oomKillDisabled() || changed.oomKillDisabled()).build();
  }

  private static CpuResources cpu(CpuResources before, CpuResources changed) {
    CpuResources.Builder cpu = before.toBuilder();
    changed.shares().ifPresent(cpu::shares);
    changed.quota().ifPresent(cpu::quota);
    changed.period().ifPresent(cpu::period);
    changed.burst().ifPresent(cpu::burst);
    changed.realtimeRuntime().ifPresent(cpu::realtimeRuntime);
    changed.realtimePeriod().ifPresent(cpu::realtimePeriod);
    changed.cpus().ifPresent(cpu::cpus);
    changed.mems().ifPresent(cpu::mems);
    changed.idle().ifPresent(cpu::idle);
    return cpu.build();
  }

  private static BlockIoResources blockIo(BlockIoResources before, BlockIoResources changed) {
    BlockIoResources.Builder blockIo =
        before.toBuilder()
            .weightDevices(devices(before.weightDevices(), changed.weightDevices()))
            .throttleReadBps(devices(before.throttleReadBps(), changed.throttleReadBps()))
            .throttleWriteBps(devices(before.throttleWriteBps(), changed.throttleWriteBps()))
            .throttleReadIops(devices(before.throttleReadIops(), changed.throttleReadIops()))
            .throttleWriteIops(devices(before.throttleWriteIops(), changed.throttleWriteIops()));
    changed.weight().ifPresent(blockIo::weight);
    changed.leafWeight().ifPresent(blockIo::leafWeight);
    return blockIo.build();
  }

  /** 0 lifts what was there. */
  private static List<BlockIoDevice> devices(
      List<BlockIoDevice> before, List<BlockIoDevice> changed) {
    Map<String, BlockIoDevice> devices = new LinkedHashMap<>();
    for (BlockIoDevice device : both(before, changed)) {
      String numbers = device.major() + ":" + device.minor();
      if (device.value() == 0) {
        devices.remove(numbers);
      } else {
        devices.put(numbers, device);
      }
    }
    return List.copyOf(devices.values());
  }

  private static List<HugepageLimit> hugepages(
      List<HugepageLimit> before, List<HugepageLimit> changed) {
    Map<String, HugepageLimit> limits = new LinkedHashMap<>();
    for (HugepageLimit limit : both(before, changed)) {
      limits.put(limit.pageSize(), limit);
    }
    return List.copyOf(limits.values());
  }

  private static List<RdmaLimit> rdma(List<RdmaLimit> before, List<RdmaLimit> changed) {
    Map<String, RdmaLimit> limits = new LinkedHashMap<>();
    for (RdmaLimit limit : both(before, changed)) {
      RdmaLimit present = limits.get(limit.device());
      RdmaLimit.Builder merged = present == null ? limit.toBuilder() : present.toBuilder();
      limit.hcaHandles().ifPresent(merged::hcaHandles);
      limit.hcaObjects().ifPresent(merged::hcaObjects);
      limits.put(limit.device(), merged.build());
    }
    return List.copyOf(limits.values());
  }

  private static <T> List<T> both(List<T> first, List<T> second) {
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  private static <V> Map<String, V> union(Map<String, V> first, Map<String, V> second) {
    Map<String, V> all = new LinkedHashMap<>(first);
    all.putAll(second);
    return all;
  }
}
