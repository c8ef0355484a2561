package io.hardway.cgroup.v1;

import io.hardway.linux.cgroup.BlockDevice;
import io.hardway.linux.cgroup.CgroupConversions;
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

/**
 * Block devices; cgroup-v1/blkio-controller.rst; block/bfq-iosched.rst; config-linux.md, "Block
 * IO".
 */
final class BlockIoController implements Controller {
  private static final String NAME = "blkio";
  private static final String WEIGHT = "blkio.bfq.weight";

  /** Of the files of BFQ the one that also the uppermost group has. */
  private static final String BFQ = "blkio.bfq.io_service_bytes";

  /** The kernel keeps operations a second in 32 bits, and cuts off what is above. */
  private static final long MOST_OPERATIONS = 0xFFFFFFFFL;

  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    BlockIoResources blockIo = wanted.blockIo();
    if (blockIo.leafWeight().isPresent()) {
      throw new PlanningException(
          "a block I/O leaf weight cannot be given: no kernel has had it since 5.0",
          "leave it out");
    }
    // A weight of 0 is what the specification's runtimes take as none asked for.
    int weight = blockIo.weight().orElse(0);
    if (weight != 0) {
      requireBfq(limits);
      limits.write(
          NAME,
          WEIGHT,
          Long.toString(CgroupConversions.bfqWeight(weight)),
          "set the block I/O weight");
    }
    for (BlockIoDevice device : blockIo.weightDevices()) {
      weight(device, limits);
    }
    throttle(blockIo.throttleReadBps(), "read_bps", "bytes a second read from", limits);
    throttle(blockIo.throttleWriteBps(), "write_bps", "bytes a second written to", limits);
    throttle(blockIo.throttleReadIops(), "read_iops", "reads a second from", limits);
    throttle(blockIo.throttleWriteIops(), "write_iops", "writes a second to", limits);
  }

  private static void requireBfq(LimitWriter limits) {
    limits.require(NAME, WEIGHT);
    if (!limits.group().has(NAME, BFQ)) {
      throw new PlanningException(
          "a block I/O weight cannot be set: no scheduler of this kernel has weights",
          "leave it out, or use a kernel with BFQ (modprobe bfq)");
    }
  }

  private static void weight(BlockIoDevice wanted, LimitWriter limits) {
    requireBfq(limits);
    BlockDevice device = device(wanted, limits);
    String scheduler = device.scheduler();
    if (!scheduler.isEmpty() && !scheduler.equals("bfq")) {
      throw new PlanningException(
          "the block I/O weight for "
              + device.name()
              + " cannot be set: its scheduler "
              + scheduler
              + " has no weights",
          "choose BFQ for it: echo bfq > /sys/dev/block/" + device + "/queue/scheduler");
    }
    String value =
        wanted.value() == 0
            ? "default"
            : Long.toString(CgroupConversions.bfqWeight(wanted.value()));
    limits.write(
        NAME,
        "blkio.bfq.weight_device",
        device + " " + value,
        "set the block I/O weight for " + device.name());
  }

  /** No rate, 0, lifts the limit. */
  private static void throttle(
      List<BlockIoDevice> rates, String what, String words, LimitWriter limits) {
    String file = "blkio.throttle." + what + "_device";
    for (BlockIoDevice wanted : rates) {
      limits.require(NAME, file);
      BlockDevice device = device(wanted, limits);
      if (what.endsWith("iops") && wanted.value() > MOST_OPERATIONS) {
        throw new PlanningException(
            wanted.value()
                + " "
                + words
                + " "
                + device.name()
                + " are more than the kernel can count",
            "give at most " + MOST_OPERATIONS + ", or 0 for no limit");
      }
      limits.writeIfKnown(
          NAME,
          file,
          device + " " + Math.max(0, wanted.value()),
          wanted.value() <= 0
              ? "lift the limit of " + words + " " + device.name()
              : "limit " + words + " " + device.name() + " to " + wanted.value());
    }
  }

  private static BlockDevice device(BlockIoDevice wanted, LimitWriter limits) {
    BlockDevice device = BlockDevice.of(limits.host(), wanted.major(), wanted.minor());
    device.requireWholeDisk();
    return device;
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
