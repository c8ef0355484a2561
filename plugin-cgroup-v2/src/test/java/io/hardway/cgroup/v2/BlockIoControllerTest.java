package io.hardway.cgroup.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardway.spi.spec.BlockIoDevice;
import io.hardway.spi.spec.BlockIoResources;
import io.hardway.spi.spec.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockIoControllerTest {
  @TempDir Path root;
  private FakeGroups groups;

  @BeforeEach
  void mount() throws IOException {
    groups = new FakeGroups(root);
    groups.write("io.cost.qos", "");
    groups.host("sys/dev/block/8:0/queue/scheduler", "[mq-deadline] none");
    groups.host("sys/dev/block/8:16/queue/scheduler", "mq-deadline [bfq] none");
    groups.host("sys/dev/block/8:1/partition", "1");
  }

  private static BlockIoDevice device(long minor, long value) {
    return BlockIoDevice.builder().major(8).minor(minor).value(value).build();
  }

  private static Resources of(BlockIoResources.Builder blockIo) {
    return Resources.builder().blockIo(blockIo.build()).build();
  }

  private static Resources weight(int weight) {
    return of(BlockIoResources.builder().weight(weight));
  }

  private static Resources weightOf(long minor, long weight) {
    return of(BlockIoResources.builder().weightDevices(List.of(device(minor, weight))));
  }

  @Test
  void everySchedulerWithWeightsGetsIts() throws IOException {
    groups.group("hardway", "io");
    groups.write("hardway/io.bfq.weight", "default 100");
    assertEquals(List.of("io.bfq.weight=500"), groups.updated(weight(500)));
    groups.write("hardway/io.weight", "default 100");
    assertEquals(List.of("io.bfq.weight=500", "io.weight=4950"), groups.updated(weight(500)));
  }

  @Test
  void aKernelWithoutWeightsIsNamed() throws IOException {
    groups.group("hardway", "io");
    groups.isRefused(weight(500), "no scheduler of this kernel has weights");
  }

  @Test
  void beforeThereIsAGroupTheModuleTellsOfBfq() throws IOException {
    assertEquals(List.of("io.weight=10000"), groups.updated(weight(1000)));
    groups.host("sys/module/bfq/refcnt", "0");
    assertEquals(List.of("io.bfq.weight=1000", "io.weight=10000"), groups.updated(weight(1000)));
  }

  @Test
  void weightsOutOfRangeAreRefusedAndNoneIsNone() {
    groups.isRefused(weight(9), "a block I/O weight of 9 is out of range");
    groups.isRefused(weight(1001), "a block I/O weight of 1001 is out of range");
    assertEquals(List.of(), groups.updated(weight(0)));
  }

  @Test
  void theDisksSchedulerTakesItsWeight() throws IOException {
    assertEquals(List.of("io.bfq.weight=8:16 300"), groups.updated(weightOf(16, 300)));
    assertEquals(List.of("io.bfq.weight=8:16 default"), groups.updated(weightOf(16, 0)));
    groups.isRefused(weightOf(16, 9), "a block I/O weight of 9 is out of range");
    groups.isRefused(weightOf(0, 300), "its scheduler mq-deadline has no weights");
    groups.write("io.cost.qos", "8:16 enable=0 ctrl=auto\n8:0 enable=1 ctrl=auto rpct=95.00");
    assertEquals(List.of("io.weight=8:0 2930"), groups.updated(weightOf(0, 300)));
    assertEquals(List.of("io.weight=8:0 default"), groups.updated(weightOf(0, 0)));
  }

  @Test
  void allRatesOfADiskAreOneWrite() {
    Resources wanted =
        of(
            BlockIoResources.builder()
                .throttleReadBps(List.of(device(0, 100), device(16, 200)))
                .throttleWriteBps(List.of(device(0, 300)))
                .throttleReadIops(List.of(device(0, 0)))
                .throttleWriteIops(List.of(device(16, 2), device(16, 400))));
    assertEquals(
        List.of("io.max=8:0 rbps=100 wbps=300 riops=max", "io.max=8:16 rbps=200 wiops=400"),
        groups.updated(wanted));
  }

  @Test
  void aRateOfOneIsRefused() {
    groups.isRefused(
        of(BlockIoResources.builder().throttleReadBps(List.of(device(0, 1)))), "(rbps) is too low");
  }

  @Test
  void moreOperationsThanTheKernelCountsAreRefused() {
    assertEquals(
        List.of("io.max=8:0 riops=4294967295"),
        groups.updated(
            of(BlockIoResources.builder().throttleReadIops(List.of(device(0, 4_294_967_295L))))));
    groups.isRefused(
        of(BlockIoResources.builder().throttleReadIops(List.of(device(0, 4_294_967_296L)))),
        "(riops) is more than the kernel can count");
  }

  @Test
  void onlyWholeDisksAreLimited() {
    groups.isRefused(
        of(BlockIoResources.builder().throttleReadBps(List.of(device(1, 5)))), "partition");
    groups.isRefused(weightOf(7, 300), "there is no such");
  }
}
