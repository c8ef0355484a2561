package io.hardway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.core.InterfaceCounters;
import io.hardway.core.json.JsonObject;
import io.hardway.spi.BlockDeviceUsage;
import io.hardway.spi.CpuUsage;
import io.hardway.spi.Limit;
import io.hardway.spi.MemoryUsage;
import io.hardway.spi.Pressure;
import io.hardway.spi.Usage;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatsRowTest {
  private static final Usage USAGE =
      Usage.builder()
          .cpu(CpuUsage.builder().nanos(123_456).build())
          .memory(
              MemoryUsage.builder()
                  .bytes(3 << 20)
                  .inactiveFileBytes(1 << 20)
                  .limit(Limit.of(8 << 20))
                  .build())
          .pids(3)
          .pidsLimit(Limit.unlimited())
          .blockDevices(
              List.of(
                  BlockDeviceUsage.builder().readBytes(1000).writtenBytes(5).build(),
                  BlockDeviceUsage.builder().readBytes(500).build()))
          .memoryPressure(
              Pressure.builder()
                  .some(Pressure.Stall.builder().average10(1.5).totalNanos(7).build())
                  .build())
          .build();

  private static JsonObject row(Usage usage) {
    return StatsRow.of(
        StatsSamples.running(
            "web",
            "/srv/root",
            usage,
            List.of(
                new InterfaceCounters("lo", 9999, 0, 0, 0, 9999, 0, 0, 0),
                new InterfaceCounters("eth0", 2000, 0, 0, 0, 3, 0, 0, 0))),
        false);
  }

  @Test
  void columnsAreWordedAsDockerWordsThem() {
    JsonObject row = row(USAGE);
    assertEquals("4f4f4f4f4f4f", row.text("ID"));
    assertEquals(StatsSamples.ID, row.text("Container"));
    assertEquals("web", row.text("Name"));
    assertEquals("25.60%", row.text("CPUPerc"));
    assertEquals("2MiB / 8MiB", row.text("MemUsage"));
    assertEquals("25.00%", row.text("MemPerc"));
    assertEquals("2kB / 3B", row.text("NetIO"));
    assertEquals("1.5kB / 5B", row.text("BlockIO"));
    assertEquals("3", row.text("PIDs"));
  }

  @Test
  void withoutALimitTheHostsMemoryIsTheLimit() {
    JsonObject row =
        row(
            Usage.builder()
                .memory(MemoryUsage.builder().bytes(0).limit(Limit.unlimited()).build())
                .build());
    assertTrue(row.text("MemUsage").matches("0B / [0-9.]+[GT]iB"), row.text("MemUsage"));
    assertEquals("0.00%", row.text("MemPerc"));
  }

  @Test
  void everyFigureIsANumberUnderUsage() {
    JsonObject usage = row(USAGE).object("Usage");
    assertEquals(123_456, usage.object("cpu").number("nanos"));
    assertEquals(2 << 20, usage.object("memory").number("usedBytes"));
    assertEquals(8 << 20, usage.object("memory").number("limit"));
    assertEquals(-1, usage.number("pidsLimit"));
    assertEquals(1000, usage.objects("blockDevices").get(0).number("readBytes"));
    assertEquals(9999, usage.objects("interfaces").get(0).number("receivedBytes"));
    JsonObject some = usage.object("pressure").object("memory").object("some");
    assertEquals(1.5, some.get("average10"));
    assertEquals(7, some.number("totalNanos"));
    assertFalse(usage.object("memory").has("oomEvents"));
  }

  @Test
  void ofAContainerThatDoesNotRunNothingIsKnown() {
    JsonObject row = StatsRow.of(StatsSamples.ended("web"), true);
    assertEquals(StatsSamples.ID, row.text("ID"));
    for (String column : List.of("CPUPerc", "MemPerc", "PIDs")) {
      assertEquals("--", row.text(column));
    }
    for (String column : List.of("MemUsage", "NetIO", "BlockIO")) {
      assertEquals("-- / --", row.text(column));
    }
  }
}
