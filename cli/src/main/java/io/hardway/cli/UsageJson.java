package io.hardway.cli;

import io.hardway.core.InterfaceCounters;
import io.hardway.core.json.JsonWriter;
import io.hardway.spi.BlockDeviceUsage;
import io.hardway.spi.CpuUsage;
import io.hardway.spi.HugepageUsage;
import io.hardway.spi.Limit;
import io.hardway.spi.MemoryUsage;
import io.hardway.spi.Pressure;
import io.hardway.spi.Usage;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * All that is known of what a container uses, as JSON: bytes, nanoseconds and counts. What is not
 * known is left out; a limit of -1 is none, as the OCI specification writes it.
 */
final class UsageJson {
  private UsageJson() {}

  static void write(JsonWriter json, StatsSample sample) {
    Usage usage = sample.usage();
    json.beginObject();
    cpu(json.name("cpu"), usage.cpu());
    memory(json.name("memory"), usage.memory());
    field(json, "pids", usage.pids());
    field(json, "pidsLimit", usage.pidsLimit());
    field(json, "pidsLimitHits", usage.pidsLimitHits());
    json.name("blockDevices").beginArray();
    usage.blockDevices().forEach(device -> device(json, device));
    json.endArray().name("hugepages").beginArray();
    usage.hugepages().forEach(pages -> hugepages(json, pages));
    json.endArray().name("pressure").beginObject();
    pressure(json, "cpu", usage.cpuPressure());
    pressure(json, "memory", usage.memoryPressure());
    pressure(json, "io", usage.ioPressure());
    json.endObject().name("interfaces").beginArray();
    sample.interfaces().forEach(counters -> interfaces(json, counters));
    json.endArray().endObject();
  }

  private static void cpu(JsonWriter json, CpuUsage cpu) {
    json.beginObject();
    field(json, "nanos", cpu.nanos());
    field(json, "userNanos", cpu.userNanos());
    field(json, "systemNanos", cpu.systemNanos());
    field(json, "periods", cpu.periods());
    field(json, "throttledPeriods", cpu.throttledPeriods());
    field(json, "throttledNanos", cpu.throttledNanos());
    field(json, "burstPeriods", cpu.burstPeriods());
    field(json, "burstNanos", cpu.burstNanos());
    json.endObject();
  }

  private static void memory(JsonWriter json, MemoryUsage memory) {
    json.beginObject();
    field(json, "bytes", memory.bytes());
    field(json, "usedBytes", memory.usedBytes());
    field(json, "peakBytes", memory.peakBytes());
    field(json, "limit", memory.limit());
    field(json, "high", memory.high());
    field(json, "low", memory.low());
    field(json, "min", memory.min());
    field(json, "limitHits", memory.limitHits());
    field(json, "highHits", memory.highHits());
    field(json, "oomEvents", memory.oomEvents());
    field(json, "oomKills", memory.oomKills());
    field(json, "anonBytes", memory.anonBytes());
    field(json, "fileBytes", memory.fileBytes());
    field(json, "inactiveFileBytes", memory.inactiveFileBytes());
    field(json, "mappedBytes", memory.mappedBytes());
    field(json, "sharedBytes", memory.sharedBytes());
    field(json, "kernelBytes", memory.kernelBytes());
    field(json, "slabBytes", memory.slabBytes());
    field(json, "socketBytes", memory.socketBytes());
    field(json, "swapBytes", memory.swapBytes());
    field(json, "swapLimit", memory.swapLimit());
    field(json, "pageFaults", memory.pageFaults());
    field(json, "majorPageFaults", memory.majorPageFaults());
    json.endObject();
  }

  private static void device(JsonWriter json, BlockDeviceUsage device) {
    json.beginObject().field("name", BlockDeviceNames.of(device));
    json.field("major", device.major()).field("minor", device.minor());
    json.field("readBytes", device.readBytes()).field("writtenBytes", device.writtenBytes());
    json.field("discardedBytes", device.discardedBytes()).field("reads", device.reads());
    json.field("writes", device.writes()).field("discards", device.discards()).endObject();
  }

  private static void hugepages(JsonWriter json, HugepageUsage pages) {
    json.beginObject().field("pageSize", pages.pageSize()).field("bytes", pages.bytes());
    field(json, "peakBytes", pages.peakBytes());
    field(json, "limit", pages.limit());
    field(json, "limitHits", pages.limitHits());
    json.endObject();
  }

  private static void pressure(JsonWriter json, String resource, Optional<Pressure> pressure) {
    if (pressure.isPresent()) {
      json.name(resource).beginObject();
      stall(json.name("some"), pressure.get().some());
      pressure.get().full().ifPresent(full -> stall(json.name("full"), full));
      json.endObject();
    }
  }

  private static void stall(JsonWriter json, Pressure.Stall stall) {
    json.beginObject();
    json.name("average10").raw(Double.toString(stall.average10()));
    json.name("average60").raw(Double.toString(stall.average60()));
    json.name("average300").raw(Double.toString(stall.average300()));
    json.field("totalNanos", stall.totalNanos()).endObject();
  }

  private static void interfaces(JsonWriter json, InterfaceCounters counters) {
    json.beginObject().field("name", counters.name());
    json.field("receivedBytes", counters.receivedBytes());
    json.field("receivedPackets", counters.receivedPackets());
    json.field("receivedErrors", counters.receivedErrors());
    json.field("receivedDropped", counters.receivedDropped());
    json.field("sentBytes", counters.sentBytes());
    json.field("sentPackets", counters.sentPackets());
    json.field("sentErrors", counters.sentErrors());
    json.field("sentDropped", counters.sentDropped()).endObject();
  }

  private static void field(JsonWriter json, String name, OptionalLong value) {
    value.ifPresent(number -> json.field(name, number));
  }

  private static void field(JsonWriter json, String name, Optional<Limit> value) {
    value.ifPresent(limit -> json.field(name, limit.toOci()));
  }
}
