package io.hardway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.cli.option.CommandLine;
import io.hardway.cli.option.UsageException;
import io.hardway.core.json.JsonWriter;
import io.hardway.core.json.SpecJson;
import io.hardway.spi.Limit;
import io.hardway.spi.spec.BlockIoDevice;
import io.hardway.spi.spec.BlockIoResources;
import io.hardway.spi.spec.CpuResources;
import io.hardway.spi.spec.HugepageLimit;
import io.hardway.spi.spec.LinuxSettings;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.RdmaLimit;
import io.hardway.spi.spec.Resources;
import io.hardway.spi.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class UpdatedLimitsTest {
  private static final Resources NOTHING = Resources.builder().build();

  /** Everything that a flag asks for, with this number in it. */
  private static Resources all(int number) {
    return Resources.builder()
        .memory(
            MemoryResources.builder()
                .limit(Limit.of(number))
                .reservation(Limit.of(number))
                .swap(Limit.of(number))
                .kernelTcp(Limit.of(number))
                .swappiness(number)
                .oomKillDisabled(true)
                .build())
        .cpu(
            CpuResources.builder()
                .shares(number)
                .quota(number)
                .period(number)
                .burst(number)
                .realtimePeriod(number)
                .realtimeRuntime(number)
                .cpus("0-" + number)
                .mems("0-" + number)
                .idle(1)
                .build())
        .pids(Limit.of(number))
        .blockIo(
            BlockIoResources.builder()
                .weight(number)
                .weightDevices(devices(number))
                .throttleReadBps(devices(number))
                .throttleWriteBps(devices(number))
                .throttleReadIops(devices(number))
                .throttleWriteIops(devices(number))
                .build())
        .hugepageLimits(List.of(HugepageLimit.builder().pageSize("2MB").limit(number).build()))
        .rdma(
            List.of(RdmaLimit.builder().device("a").hcaHandles(number).hcaObjects(number).build()))
        .networkClassId(number)
        .networkPriorities(Map.of("lo", (long) number))
        .unified(Map.of("memory.high", "" + number))
        .build();
  }

  private static List<BlockIoDevice> devices(long value) {
    return List.of(BlockIoDevice.builder().major(8).minor(0).value(value).build());
  }

  private static String text(Resources resources) {
    JsonWriter json = new JsonWriter();
    SpecJson.write(
        json, Spec.builder().linux(LinuxSettings.builder().resources(resources).build()).build());
    return json.toString();
  }

  @Test
  void whatIsNotAskedForStays() {
    assertEquals(text(all(20)), text(new UpdatedLimits(all(20), NOTHING).after()));
  }

  @Test
  void everythingCanBeChanged() {
    assertEquals(text(all(30)), text(new UpdatedLimits(NOTHING, all(30)).after()));
    assertEquals(text(all(30)), text(new UpdatedLimits(all(20), all(30)).after()));
  }

  @Test
  void aRateOfNothingLiftsTheLimit() {
    Resources lifted =
        Resources.builder()
            .blockIo(BlockIoResources.builder().throttleReadBps(devices(0)).build())
            .build();
    UpdatedLimits limits = new UpdatedLimits(all(20), lifted);
    assertEquals(List.of(), limits.after().blockIo().throttleReadBps());
    assertEquals(1, limits.after().blockIo().throttleWriteBps().size());
    assertEquals(1, limits.changed().blockIo().throttleReadBps().size());
  }

  @Test
  void handlesOfRdmaStayWhereObjectsChange() {
    Resources objects =
        Resources.builder()
            .rdma(List.of(RdmaLimit.builder().device("a").hcaObjects(5).build()))
            .build();
    RdmaLimit after = new UpdatedLimits(all(20), objects).after().rdma().get(0);
    assertEquals(OptionalLong.of(20), after.hcaHandles());
    assertEquals(OptionalLong.of(5), after.hcaObjects());
  }

  @Test
  void whatIsNoLongerIdleGetsItsWeightBack() {
    Resources busy = Resources.builder().cpu(CpuResources.builder().idle(0).build()).build();
    assertEquals(OptionalLong.of(20), new UpdatedLimits(all(20), busy).changed().cpu().shares());
    assertEquals(OptionalLong.empty(), new UpdatedLimits(NOTHING, busy).changed().cpu().shares());
  }

  private static MemoryResources changes(long limitBefore, String... flags) {
    List<String> words = new ArrayList<>(List.of(flags));
    words.add("some");
    return LimitFlags.readChanges(
            CommandLine.parse(new UpdateCommand().table(), words),
            Resources.builder()
                .memory(MemoryResources.builder().limit(Limit.of(limitBefore)).build())
                .build())
        .memory();
  }

  @Test
  void theLimitOfMemoryThatIsThereCountsWhereOnlySwapIsChanged() {
    long before = 64 << 20;
    assertEquals(
        Limit.of(100 << 20), changes(before, "--memory-swap", "100m").swap().orElseThrow());
    assertTrue(changes(before, "--memory-swap", "100m").limit().isEmpty());
    assertThrows(UsageException.class, () -> changes(before, "--memory-swap", "32m"));
    assertThrows(UsageException.class, () -> changes(before, "--memory-reservation", "65m"));
  }

  @Test
  void swapWithoutALimitStaysSo() {
    Resources before =
        Resources.builder()
            .memory(MemoryResources.builder().limit(Limit.of(8)).swap(Limit.unlimited()).build())
            .build();
    UpdatedLimits limits = new UpdatedLimits(before, all(30));
    limits.keepUnlimitedSwap();
    assertTrue(limits.after().memory().swap().orElseThrow().isUnlimited());
    assertTrue(limits.changed().memory().swap().isEmpty());
    assertFalse(limits.changed().memory().kernelTcp().isEmpty());
  }
}
