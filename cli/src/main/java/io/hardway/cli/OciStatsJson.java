package io.hardway.cli;

import io.hardway.core.BundleUsage;
import io.hardway.core.InterfaceCounters;
import io.hardway.core.json.JsonWriter;
import io.hardway.spi.BlockDeviceUsage;
import io.hardway.spi.CpuUsage;
import io.hardway.spi.HugepageUsage;
import io.hardway.spi.Limit;
import io.hardway.spi.MemoryUsage;
import io.hardway.spi.Pressure;
import io.hardway.spi.Usage;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a container uses, in the form of the {@code data} of runc's events: bytes, nanoseconds and
 * counts. What is not known is left out; no limit of memory is the kernel's largest number of
 * bytes, as cgroup version 1 says it.
 */
final class OciStatsJson {
  private static final long NO_LIMIT = Long.MAX_VALUE & -4096;
  private static final long NANOS_PER_MICRO = 1000;

  private final JsonWriter json;

  private OciStatsJson(JsonWriter json) {
    this.json = json;
  }

  /** Writes it as one object. */
  static void write(JsonWriter json, BundleUsage used) {
    OciStatsJson form = new OciStatsJson(json);
    Usage usage = used.usage();
    json.beginObject();
    form.cpu(usage.cpu(), usage.cpuPressure());
    form.memory(usage, used.groupVersion());
    json.name("pids").beginObject();
    form.field("current", usage.pids());
    form.limit("limit", usage.pidsLimit().filter(limit -> !limit.isUnlimited()));
    json.endObject();
    form.blockIo(usage.blockDevices(), usage.ioPressure());
    json.name("hugetlb").beginObject();
    usage.hugepages().forEach(form::hugepages);
    json.endObject();
    json.name("network_interfaces").beginArray();
    used.interfaces().forEach(form::networkInterface);
    json.endArray().endObject();
  }

  private void cpu(CpuUsage cpu, Optional<Pressure> pressure) {
    json.name("cpu").beginObject().name("usage").beginObject();
    field("total", cpu.nanos());
    field("kernel", cpu.systemNanos());
    field("user", cpu.userNanos());
    json.endObject().name("throttling").beginObject();
    field("periods", cpu.periods());
    field("throttledPeriods", cpu.throttledPeriods());
    field("throttledTime", cpu.throttledNanos());
    json.endObject();
    pressure(pressure);
    json.endObject();
  }

  private void memory(Usage usage, long groupVersion) {
    MemoryUsage memory = usage.memory();
    json.name("memory").beginObject();
    field("cache", memory.fileBytes());
    entry("usage", memory.limit(), memory.bytes(), memory.peakBytes(), memory.limitHits());
    // Both together, also where version 2 of control groups counts swap alone.
    entry(
        "swap",
        sum(memory.limit(), memory.swapLimit()),
        sum(memory.bytes(), memory.swapBytes()),
        OptionalLong.empty(),
        OptionalLong.empty());
    unlimited("kernel", memory.kernelBytes());
    unlimited("kernelTCP", memory.socketBytes());
    kinds(memory, groupVersion == 1 ? "total_" : "", groupVersion);
    pressure(usage.memoryPressure());
    json.endObject();
  }

  /** Under the names of {@code memory.stat}. */
  private void kinds(MemoryUsage memory, String prefix, long groupVersion) {
    boolean isOld = groupVersion == 1;
    json.name("raw").beginObject();
    field(isOld ? "total_rss" : "anon", memory.anonBytes());
    field(isOld ? "total_cache" : "file", memory.fileBytes());
    field(prefix + "inactive_file", memory.inactiveFileBytes());
    field(isOld ? "total_mapped_file" : "file_mapped", memory.mappedBytes());
    field(prefix + "shmem", memory.sharedBytes());
    field(prefix + "pgfault", memory.pageFaults());
    field(prefix + "pgmajfault", memory.majorPageFaults());
    if (isOld) {
      field("total_swap", memory.swapBytes());
    } else {
      field("slab", memory.slabBytes());
      field("sock", memory.socketBytes());
    }
    json.endObject();
  }

  private void unlimited(String name, OptionalLong bytes) {
    if (bytes.isPresent()) {
      entry(name, Optional.empty(), bytes, OptionalLong.empty(), OptionalLong.empty());
    }
  }

  private void entry(
      String name,
      Optional<Limit> limit,
      OptionalLong bytes,
      OptionalLong peak,
      OptionalLong limitHits) {
    json.name(name).beginObject();
    json.field(
        "limit", limit.filter(most -> !most.isUnlimited()).map(Limit::value).orElse(NO_LIMIT));
    field("usage", bytes);
    field("max", peak);
    field("failcnt", limitHits);
    json.endObject();
  }

  private static OptionalLong sum(OptionalLong one, OptionalLong other) {
    return one.isPresent() && other.isPresent()
        ? OptionalLong.of(one.getAsLong() + other.getAsLong())
        : OptionalLong.empty();
  }

  private static Optional<Limit> sum(Optional<Limit> one, Optional<Limit> other) {
    return one.isPresent()
            && other.isPresent()
            && !one.get().isUnlimited()
            && !other.get().isUnlimited()
        ? Optional.of(Limit.of(one.get().value() + other.get().value()))
        : Optional.empty();
  }

  private void blockIo(List<BlockDeviceUsage> devices, Optional<Pressure> pressure) {
    json.name("blkio").beginObject();
    if (!devices.isEmpty()) {
      json.name("ioServiceBytesRecursive").beginArray();
      for (BlockDeviceUsage device : devices) {
        operation(device, "Read", device.readBytes());
        operation(device, "Write", device.writtenBytes());
        operation(device, "Discard", device.discardedBytes());
      }
      json.endArray().name("ioServicedRecursive").beginArray();
      for (BlockDeviceUsage device : devices) {
        operation(device, "Read", device.reads());
        operation(device, "Write", device.writes());
        operation(device, "Discard", device.discards());
      }
      json.endArray();
    }
    pressure(pressure);
    json.endObject();
  }

  private void operation(BlockDeviceUsage device, String operation, long value) {
    json.beginObject().field("major", device.major()).field("minor", device.minor());
    json.field("op", operation).field("value", value).endObject();
  }

  private void hugepages(HugepageUsage pages) {
    json.name(pages.pageSize()).beginObject().field("usage", pages.bytes());
    field("max", pages.peakBytes());
    field("failcnt", pages.limitHits());
    json.endObject();
  }

  private void networkInterface(InterfaceCounters counters) {
    json.beginObject().field("Name", counters.name());
    json.field("RxBytes", counters.receivedBytes());
    json.field("RxPackets", counters.receivedPackets());
    json.field("RxErrors", counters.receivedErrors());
    json.field("RxDropped", counters.receivedDropped());
    json.field("TxBytes", counters.sentBytes());
    json.field("TxPackets", counters.sentPackets());
    json.field("TxErrors", counters.sentErrors());
    json.field("TxDropped", counters.sentDropped()).endObject();
  }

  private void pressure(Optional<Pressure> pressure) {
    if (pressure.isPresent()) {
      json.name("psi").beginObject();
      stall("some", pressure.get().some());
      pressure.get().full().ifPresent(full -> stall("full", full));
      json.endObject();
    }
  }

  private void stall(String name, Pressure.Stall stall) {
    json.name(name).beginObject();
    json.name("avg10").raw(Double.toString(stall.average10()));
    json.name("avg60").raw(Double.toString(stall.average60()));
    json.name("avg300").raw(Double.toString(stall.average300()));
    json.field("total", stall.totalNanos() / NANOS_PER_MICRO).endObject();
  }

  private void field(String name, OptionalLong value) {
    value.ifPresent(number -> json.field(name, number));
  }

  private void limit(String name, Optional<Limit> value) {
    value.ifPresent(limit -> json.field(name, limit.value()));
  }
}
