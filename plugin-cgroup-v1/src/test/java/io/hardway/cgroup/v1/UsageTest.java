package io.hardway.cgroup.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.BlockDeviceUsage;
import io.hardway.spi.ControlGroup;
import io.hardway.spi.Hierarchy;
import io.hardway.spi.Limit;
import io.hardway.spi.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a group's files, as a kernel of this version writes them. */
class UsageTest {
  private static final String NO_LIMIT = "9223372036854771712\n";

  @TempDir private Path root;

  private void write(String file, String content) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }

  private Usage usage() {
    List<Hierarchy> hierarchies = new ArrayList<>();
    for (String controller : List.of("cpu", "cpuacct", "memory", "pids", "blkio")) {
      hierarchies.add(
          Hierarchy.builder()
              .name(controller)
              .controllers(List.of(controller))
              .directory(root.resolve(controller))
              .build());
    }
    return new CgroupV1Controller()
        .usage(ControlGroup.builder().version(1).hierarchies(hierarchies).build());
  }

  @Test
  void ticksOfTheProcessorAreNanoseconds() throws IOException {
    write("cpuacct/cpuacct.usage", "123456789\n");
    write("cpuacct/cpuacct.stat", "user 7\nsystem 5\n");
    write(
        "cpu/cpu.stat",
        "nr_periods 9\nnr_throttled 4\nthrottled_time 250\nnr_bursts 2\nburst_time 30\n");
    var cpu = usage().cpu();
    assertEquals(OptionalLong.of(123_456_789), cpu.nanos());
    assertEquals(OptionalLong.of(70_000_000), cpu.userNanos());
    assertEquals(OptionalLong.of(50_000_000), cpu.systemNanos());
    assertEquals(OptionalLong.of(9), cpu.periods());
    assertEquals(OptionalLong.of(4), cpu.throttledPeriods());
    assertEquals(OptionalLong.of(250), cpu.throttledNanos());
    assertEquals(OptionalLong.of(2), cpu.burstPeriods());
    assertEquals(OptionalLong.of(30), cpu.burstNanos());
  }

  @Test
  void kindsOfMemoryIncludeTheGroupsBelow() throws IOException {
    write("memory/memory.usage_in_bytes", "1000\n");
    write(
        "memory/memory.stat",
        "cache 1\nrss 2\ninactive_file 3\ntotal_cache 700\ntotal_rss 200\ntotal_shmem 40\n"
            + "total_mapped_file 50\ntotal_swap 60\ntotal_pgfault 70\ntotal_pgmajfault 8\n"
            + "total_inactive_file 300\n");
    write("memory/memory.kmem.usage_in_bytes", "90\n");
    write("memory/memory.kmem.tcp.usage_in_bytes", "10\n");
    var memory = usage().memory();
    assertEquals(OptionalLong.of(700), memory.fileBytes());
    assertEquals(OptionalLong.of(200), memory.anonBytes());
    assertEquals(OptionalLong.of(40), memory.sharedBytes());
    assertEquals(OptionalLong.of(50), memory.mappedBytes());
    assertEquals(OptionalLong.of(60), memory.swapBytes());
    assertEquals(OptionalLong.of(70), memory.pageFaults());
    assertEquals(OptionalLong.of(8), memory.majorPageFaults());
    assertEquals(OptionalLong.of(90), memory.kernelBytes());
    assertEquals(OptionalLong.of(10), memory.socketBytes());
    assertEquals(OptionalLong.of(700), memory.usedBytes());
  }

  @Test
  void theLimitOfSwapIsWhatTheSumLeaves() throws IOException {
    write("memory/memory.limit_in_bytes", "100\n");
    write("memory/memory.memsw.limit_in_bytes", "150\n");
    write("memory/memory.soft_limit_in_bytes", "80\n");
    write("memory/memory.failcnt", "11\n");
    write("memory/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
    var memory = usage().memory();
    assertEquals(Optional.of(Limit.of(100)), memory.limit());
    assertEquals(Optional.of(Limit.of(50)), memory.swapLimit());
    assertEquals(Optional.of(Limit.of(80)), memory.low());
    assertEquals(OptionalLong.of(11), memory.limitHits());
    assertEquals(OptionalLong.of(2), memory.oomKills());
  }

  @Test
  void theLargestNumberOfPagesIsNoLimit() throws IOException {
    write("memory/memory.limit_in_bytes", NO_LIMIT);
    write("memory/memory.memsw.limit_in_bytes", NO_LIMIT);
    write("memory/memory.soft_limit_in_bytes", NO_LIMIT);
    var memory = usage().memory();
    assertTrue(memory.limit().orElseThrow().isUnlimited());
    assertTrue(memory.swapLimit().orElseThrow().isUnlimited());
    assertTrue(memory.low().isEmpty());
  }

  @Test
  void everyBlockDeviceIsCountedOnce() throws IOException {
    write(
        "blkio/blkio.throttle.io_service_bytes_recursive",
        "8:0 Read 4096\n8:0 Write 512\n8:0 Sync 4608\n8:0 Async 0\n8:0 Discard 64\n8:0 Total 4672\n"
            + "7:3 Read 1\n7:3 Write 2\nTotal 4675\n");
    write(
        "blkio/blkio.throttle.io_serviced_recursive",
        "8:0 Read 3\n8:0 Write 2\n8:0 Sync 5\n8:0 Async 0\n8:0 Discard 1\n8:0 Total 6\nTotal 6\n");
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
    assertEquals(1, devices.get(1).readBytes());
  }

  @Test
  void tasksHaveALimitAndHowOftenItWasReached() throws IOException {
    write("pids/pids.current", "3\n");
    write("pids/pids.max", "32\n");
    write("pids/pids.events", "max 5\n");
    Usage usage = usage();
    assertEquals(OptionalLong.of(3), usage.pids());
    assertEquals(Optional.of(Limit.of(32)), usage.pidsLimit());
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
    assertTrue(usage.memoryPressure().isEmpty());
  }
}
