package io.hardway.cgroup.v1;

import io.hardway.spi.BlockDeviceUsage;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Usage;
import io.hardway.spi.spec.BlockIoDevice;
import io.hardway.spi.spec.BlockIoResources;
import io.hardway.spi.spec.Resources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Block devices; cgroup-v1/blkio-controller.rst; config-linux.md, "Block IO". */
final class BlockIoController implements Controller {
  private static final String NAME = "blkio";

  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    BlockIoResources blockIo = wanted.blockIo();
    if (blockIo.leafWeight().isPresent()) {
      throw new PlanningException(
          "a block I/O leaf weight cannot be given: no kernel has had it since 5.0",
          "leave it out");
    }
    refuse(blockIo.weightDevices(), "weights of block devices");
    refuse(blockIo.throttleReadBps(), "limits of bytes read by device");
    refuse(blockIo.throttleWriteBps(), "limits of bytes written by device");
    refuse(blockIo.throttleReadIops(), "limits of reads by device");
    refuse(blockIo.throttleWriteIops(), "limits of writes by device");
    if (blockIo.weight().isPresent()) {
      String file =
          limits.group().has(NAME, "blkio.bfq.weight") ? "blkio.bfq.weight" : "blkio.weight";
      if (limits.group().directory(NAME).isPresent() && !limits.group().has(NAME, file)) {
        throw new PlanningException(
            "a block I/O weight cannot be set: no scheduler of this kernel has weights",
            "leave it out, or use a kernel with BFQ");
      }
      limits.write(
          NAME, file, Integer.toString(blockIo.weight().getAsInt()), "set the block I/O weight");
    }
  }

  private static void refuse(List<BlockIoDevice> devices, String what) {
    if (!devices.isEmpty()) {
      BlockIoDevice first = devices.get(0);
      throw new PlanningException(
          what
              + " cannot be given by cgroup-v1 (device "
              + first.major()
              + ":"
              + first.minor()
              + ")",
          "leave them out");
    }
  }

  /**
   * The figures of the throttling layer: it sees all that goes to a device, whatever the scheduler.
   */
  @Override
  public void usage(GroupFiles group, Usage.Builder usage) {
    Map<String, BlockDeviceUsage.Builder> devices = new LinkedHashMap<>();
    for (String line : group.text(NAME, "blkio.throttle.io_service_bytes_recursive").split("\n")) {
      String[] words = line.split(" ");
      if (words.length == 3) {
        bytes(device(devices, words[0]), words[1], Long.parseLong(words[2]));
      }
    }
    for (String line : group.text(NAME, "blkio.throttle.io_serviced_recursive").split("\n")) {
      String[] words = line.split(" ");
      if (words.length == 3) {
        operations(device(devices, words[0]), words[1], Long.parseLong(words[2]));
      }
    }
    List<BlockDeviceUsage> used = new ArrayList<>();
    devices.values().forEach(device -> used.add(device.build()));
    usage.blockDevices(used);
  }

  private static BlockDeviceUsage.Builder device(
      Map<String, BlockDeviceUsage.Builder> devices, String number) {
    return devices.computeIfAbsent(
        number,
        text -> {
          int colon = text.indexOf(':');
          return BlockDeviceUsage.builder()
              .major(Long.parseLong(text.substring(0, colon)))
              .minor(Long.parseLong(text.substring(colon + 1)));
        });
  }

  private static void bytes(BlockDeviceUsage.Builder device, String what, long value) {
    switch (what) {
      case "Read" -> device.readBytes(value);
      case "Write" -> device.writtenBytes(value);
      case "Discard" -> device.discardedBytes(value);
      default -> {} // Sync and Async are the same once more
    }
  }

  private static void operations(BlockDeviceUsage.Builder device, String what, long value) {
    switch (what) {
      case "Read" -> device.reads(value);
      case "Write" -> device.writes(value);
      case "Discard" -> device.discards(value);
      default -> {}
    }
  }
}
