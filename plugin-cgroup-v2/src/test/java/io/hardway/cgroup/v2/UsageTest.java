package io.hardway.cgroup.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.BlockDeviceUsage;
import io.hardway.spi.ControlGroup;
import io.hardway.spi.Hierarchy;
import io.hardway.spi.Limit;
import io.hardway.spi.Pressure;
import io.hardway.spi.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a group's files, as a kernel of this version writes them. */
class UsageTest {
  @TempDir private Path group;

  private void write(String file, String content) throws IOException {
    Files.writeString(group.resolve(file), content);
  }

  private Usage usage() {
    Hierarchy hierarchy =
        Hierarchy.builder()
            .name("unified")
            .controllers(List.of("cpu", "io", "memory", "pids"))
            .directory(group)
            .build();
    return new CgroupV2Controller()
        .usage(ControlGroup.builder().version(2).hierarchies(List.of(hierarchy)).build());
  }

  @Test
  void microsecondsOfTheProcessorAreNanoseconds() throws IOException {
    write(
        "cpu.stat",
        "usage_usec 1500\nuser_usec 1000\nsystem_usec 500\nnr_periods 9\nnr_throttled 4\n"
            + "throttled_usec 250\nnr_bursts 2\nburst_usec 30\n");
    var cpu = usage().cpu();
    assertEquals(OptionalLong.of(1_500_000), cpu.nanos());
    assertEquals(OptionalLong.of(1_000_000), cpu.userNanos());
    assertEquals(OptionalLong.of(500_000), cpu.systemNanos());
    assertEquals(OptionalLong.of(9), cpu.periods());
    assertEquals(OptionalLong.of(4), cpu.throttledPeriods());
    assertEquals(OptionalLong.of(250_000), cpu.throttledNanos());
    assertEquals(OptionalLong.of(2), cpu.burstPeriods());
    assertEquals(OptionalLong.of(30_000), cpu.burstNanos());
  }

  @Test
  void memoryIsToldByKind() throws IOException {
    write("memory.current", "1000\n");
    write("memory.peak", "2000\n");
    write("memory.swap.current", "60\n");
    write(
        "memory.stat",
        "anon 200\nfile 700\nkernel 90\nkernel_stack 1\nslab 20\nsock 10\nshmem 40\n"
            + "file_mapped 50\ninactive_file 300\npgfault 70\npgmajfault 8\n");
    var memory = usage().memory();
    assertEquals(OptionalLong.of(1000), memory.bytes());
    assertEquals(OptionalLong.of(2000), memory.peakBytes());
    assertEquals(OptionalLong.of(200), memory.anonBytes());
    assertEquals(OptionalLong.of(700), memory.fileBytes());
    assertEquals(OptionalLong.of(90), memory.kernelBytes());
    assertEquals(OptionalLong.of(20), memory.slabBytes());
    assertEquals(OptionalLong.of(10), memory.socketBytes());
    assertEquals(OptionalLong.of(40), memory.sharedBytes());
    assertEquals(OptionalLong.of(50), memory.mappedBytes());
    assertEquals(OptionalLong.of(60), memory.swapBytes());
    assertEquals(OptionalLong.of(70), memory.pageFaults());
    assertEquals(OptionalLong.of(8), memory.majorPageFaults());
    assertEquals(OptionalLong.of(700), memory.usedBytes());
  }

  @Test
  void limitsAndHowOftenTheyWereReached() throws IOException {
    write("memory.max", "100\n");
    write("memory.high", "max\n");
    write("memory.low", "80\n");
    write("memory.min", "0\n");
    write("memory.swap.max", "50\n");
    write("memory.events", "low 1\nhigh 2\nmax 3\noom 4\noom_kill 5\noom_group_kill 6\n");
    var memory = usage().memory();
    assertEquals(Optional.of(Limit.of(100)), memory.limit());
    assertEquals(Optional.of(Limit.unlimited()), memory.high());
    assertEquals(Optional.of(Limit.of(80)), memory.low());
    assertEquals(Optional.of(Limit.of(0)), memory.min());
    assertEquals(Optional.of(Limit.of(50)), memory.swapLimit());
    assertEquals(OptionalLong.of(2), memory.highHits());
    assertEquals(OptionalLong.of(3), memory.limitHits());
    assertEquals(OptionalLong.of(4), memory.oomEvents());
    assertEquals(OptionalLong.of(5), memory.oomKills());
  }

  @Test
  void aDeviceWithoutFiguresOnTheLineOfTheNextIsLeftOut() throws IOException {
    write(
        "io.stat",
        "8:16 8:0 rbytes=4096 wbytes=512 rios=3 wios=2 dbytes=64 dios=1\n254:1 \n"
            + "7:3 rbytes=1 wbytes=0 rios=1 wios=0 dbytes=0 dios=0 cost.usage=9\n");
    List<BlockDeviceUsage> devices = usage().blockDevices();
    assertEquals(2, devices.size());
    BlockDeviceUsage disk = devices.get(0);
    assertEquals(
        List.of(8L, 0L, 4096L, 512L, 64L, 3L, 2L, 1L),
        List.of(
            disk.major(),
            disk.minor(),
            disk.readBytes(),
            disk.writtenBytes(),
            disk.discardedBytes(),
            disk.reads(),
            disk.writes(),
            disk.discards()));
    assertEquals(7, devices.get(1).major());
    assertEquals(3, devices.get(1).minor());
  }

  @Test
  void pressureIsToldByResource() throws IOException {
    write(
        "memory.pressure",
        "some avg10=1.50 avg60=0.75 avg300=0.10 total=12345\n"
            + "full avg10=0.50 avg60=0.25 avg300=0.05 total=678\n");
    write("cpu.pressure", "some avg10=0.00 avg60=0.00 avg300=0.00 total=9\n");
    Usage usage = usage();
    Pressure memory = usage.memoryPressure().orElseThrow();
    assertEquals(1.5, memory.some().average10());
    assertEquals(0.75, memory.some().average60());
    assertEquals(0.1, memory.some().average300());
    assertEquals(12_345_000, memory.some().totalNanos());
    assertEquals(678_000, memory.full().orElseThrow().totalNanos());
    assertEquals(9_000, usage.cpuPressure().orElseThrow().some().totalNanos());
    assertTrue(usage.cpuPressure().orElseThrow().full().isEmpty());
    assertTrue(usage.ioPressure().isEmpty());
  }

  @Test
  void tasksHaveALimitAndHowOftenItWasReached() throws IOException {
    write("pids.current", "3\n");
    write("pids.max", "max\n");
    write("pids.events", "max 5\n");
    Usage usage = usage();
    assertEquals(OptionalLong.of(3), usage.pids());
    assertEquals(Optional.of(Limit.unlimited()), usage.pidsLimit());
    assertEquals(OptionalLong.of(5), usage.pidsLimitHits());
  }

  @Test
  void whatTheKernelDoesNotTellIsAbsent() {
    Usage usage = usage();
    assertTrue(usage.cpu().nanos().isEmpty());
    assertTrue(usage.memory().usedBytes().isEmpty());
    assertTrue(usage.memory().limit().isEmpty());
    assertTrue(usage.pidsLimit().isEmpty());
    assertEquals(List.of(), usage.blockDevices());
  }
}
