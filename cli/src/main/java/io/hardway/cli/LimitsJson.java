package io.hardway.cli;

import io.hardway.core.json.JsonWriter;
import io.hardway.linux.cgroup.BlockDevice;
import io.hardway.spi.Host;
import io.hardway.spi.Limit;
import io.hardway.spi.spec.BlockIoDevice;
import io.hardway.spi.spec.BlockIoResources;
import io.hardway.spi.spec.CpuResources;
import io.hardway.spi.spec.HugepageLimit;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.Resources;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The limits of a container under docker's names, those that docker has not under names of their
 * kind.
 */
final class LimitsJson {
  private static final long NANOS_PER_CPU = 1_000_000_000L;

  private final JsonWriter json;
  private final Host host;

  LimitsJson(JsonWriter json, Host host) {
    this.json = json;
    this.host = host;
  }

  /** Writes the fields of an object that is open. */
  void write(Resources resources) {
    memory(resources.memory());
    json.field("PidsLimit", number(resources.pids()));
    cpu(resources.cpu());
    blockIo(resources.blockIo());
    json.name("HugepageLimits").beginArray();
    for (HugepageLimit limit : resources.hugepageLimits()) {
      json.beginObject();
      json.field("PageSize", limit.pageSize()).field("Limit", limit.limit());
      json.endObject();
    }
    json.endArray();
    json.name("CgroupConf").texts(resources.unified());
  }

  private void memory(MemoryResources memory) {
    json.field("Memory", number(memory.limit()));
    json.field("MemoryReservation", number(memory.reservation()));
    json.field("MemorySwap", number(memory.swap()));
    json.field("KernelMemoryTCP", number(memory.kernelTcp()));
    json.name("MemorySwappiness");
    if (memory.swappiness().isPresent()) {
      json.raw(Integer.toString(memory.swappiness().getAsInt()));
    } else {
      json.nothing();
    }
    json.field("OomKillDisable", memory.oomKillDisabled());
  }

  private void cpu(CpuResources cpu) {
    long period = cpu.period().orElse(0);
    long quota = cpu.quota().orElse(0);
    json.field("NanoCpus", period > 0 && quota > 0 ? quota * NANOS_PER_CPU / period : 0);
    json.field("CpuPeriod", period).field("CpuQuota", quota);
    json.field("CpuBurst", cpu.burst().orElse(0)).field("CpuIdle", cpu.idle().orElse(0) == 1);
    json.field("CpuRealtimePeriod", cpu.realtimePeriod().orElse(0));
    json.field("CpuRealtimeRuntime", cpu.realtimeRuntime().orElse(0));
    json.field("CpuShares", cpu.shares().orElse(0));
    json.field("CpusetCpus", cpu.cpus().orElse("")).field("CpusetMems", cpu.mems().orElse(""));
  }

  private void blockIo(BlockIoResources blockIo) {
    json.field("BlkioWeight", blockIo.weight().orElse(0));
    devices("BlkioWeightDevice", "Weight", blockIo.weightDevices());
    devices("BlkioDeviceReadBps", "Rate", blockIo.throttleReadBps());
    devices("BlkioDeviceWriteBps", "Rate", blockIo.throttleWriteBps());
    devices("BlkioDeviceReadIOps", "Rate", blockIo.throttleReadIops());
    devices("BlkioDeviceWriteIOps", "Rate", blockIo.throttleWriteIops());
  }

  private void devices(String name, String unit, List<BlockIoDevice> devices) {
    json.name(name).beginArray();
    for (BlockIoDevice device : devices) {
      BlockDevice known = BlockDevice.of(host, device.major(), device.minor());
      json.beginObject();
      json.field("Path", known.node().map(Path::toString).orElse("/dev/block/" + known.numbers()));
      json.field(unit, device.value());
      json.endObject();
    }
    json.endArray();
  }

  private static long number(Optional<Limit> limit) {
    return limit.map(Limit::toOci).orElse(0L);
  }
}
