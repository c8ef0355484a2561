package io.hardway.cgroup.v1;

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
  private FakeHierarchies hierarchies;

  @BeforeEach
  void mountBlkio() throws IOException {
    hierarchies = new FakeHierarchies(root, "blkio");
    for (String rate : List.of("read_bps", "write_bps", "read_iops", "write_iops")) {
      hierarchies.write("blkio/blkio.throttle." + rate + "_device", "");
    }
    hierarchies.write("blkio/blkio.bfq.io_service_bytes", "");
    hierarchies.file("sys/dev/block/8:0/uevent", "DEVNAME=sda");
    hierarchies.file("sys/dev/block/8:0/queue/scheduler", "none [bfq] mq-deadline");
    hierarchies.file("sys/dev/block/8:16/queue/scheduler", "none bfq [mq-deadline]");
    hierarchies.file("sys/dev/block/8:1/partition", "1");
    hierarchies.start("blkio");
  }

  private static List<BlockIoDevice> device(long minor, long value) {
    return List.of(BlockIoDevice.builder().major(8).minor(minor).value(value).build());
  }

  private static Resources blockIo(BlockIoResources.Builder blockIo) {
    return Resources.builder().blockIo(blockIo.build()).build();
  }

  private static BlockIoResources.Builder blockIo() {
    return BlockIoResources.builder();
  }

  @Test
  void aWeightIsWrittenAsItIs() {
    assertEquals(
        List.of("blkio.bfq.weight=10"), hierarchies.updated(blockIo(blockIo().weight(10))));
    assertEquals(
        List.of("blkio.bfq.weight=1000"), hierarchies.updated(blockIo(blockIo().weight(1000))));
    assertEquals(List.of(), hierarchies.updated(blockIo(blockIo().weight(0))));
  }

  @Test
  void aDeviceWithoutAWeightOfItsOwnHasThatOfTheGroup() {
    assertEquals(
        List.of("blkio.bfq.weight_device=8:0 20"),
        hierarchies.updated(blockIo(blockIo().weightDevices(device(0, 20)))));
    assertEquals(
        List.of("blkio.bfq.weight_device=8:0 default"),
        hierarchies.updated(blockIo(blockIo().weightDevices(device(0, 0)))));
  }

  @Test
  void aWeightThatIsOutOfRangeIsRefused() {
    hierarchies.isRefused(blockIo(blockIo().weight(9)), "weight of 9 is out of range");
    hierarchies.isRefused(
        blockIo(blockIo().weightDevices(device(0, 1001))), "weight of 1001 is out of range");
  }

  @Test
  void aSchedulerWithoutWeightsIsNamed() {
    hierarchies.isRefused(
        blockIo(blockIo().weightDevices(device(16, 20))),
        "for 8:16 cannot be set: its scheduler mq-deadline has no weights",
        "echo bfq > /sys/dev/block/8:16/queue/scheduler");
  }

  @Test
  void aKernelWithoutBfqIsNamed() throws IOException {
    hierarchies = new FakeHierarchies(root.resolve("other"), "blkio");
    hierarchies.isRefused(blockIo(blockIo().weight(10)), "no scheduler of this kernel", "BFQ");
  }

  @Test
  void everyRateHasAFileAndZeroLiftsIt() {
    assertEquals(
        List.of(
            "blkio.throttle.read_bps_device=8:0 1048576",
            "blkio.throttle.write_bps_device=8:0 0",
            "blkio.throttle.read_iops_device=8:16 10",
            "blkio.throttle.write_iops_device=8:16 4294967295"),
        hierarchies.updated(
            blockIo(
                blockIo()
                    .throttleReadBps(device(0, 1 << 20))
                    .throttleWriteBps(device(0, 0))
                    .throttleReadIops(device(16, 10))
                    .throttleWriteIops(device(16, 4294967295L)))));
  }

  @Test
  void whatTheKernelWouldCutOffIsRefused() {
    hierarchies.isRefused(
        blockIo(blockIo().throttleReadIops(device(0, 4294967296L))), "more than the kernel");
  }

  @Test
  void aPartitionAndADeviceThatIsNotThereAreRefused() {
    hierarchies.isRefused(blockIo(blockIo().throttleReadBps(device(1, 9))), "it is a partition");
    hierarchies.isRefused(blockIo(blockIo().throttleReadBps(device(99, 9))), "device 8:99");
  }
}
