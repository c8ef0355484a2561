package io.hardway.cgroup.v2;

import io.hardway.linux.cgroup.CgroupFile;
import io.hardway.spi.BlockDeviceUsage;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Usage;
import io.hardway.spi.spec.BlockIoDevice;
import io.hardway.spi.spec.BlockIoResources;
import io.hardway.spi.spec.Resources;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Block devices; cgroup-v2.rst, "IO"; config-linux.md, "Block IO". */
final class BlockIoController implements Controller {

  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    BlockIoResources blockIo = wanted.blockIo();
    if (blockIo.leafWeight().isPresent()) {
      throw new PlanningException(
          "a block I/O leaf weight cannot be given: cgroup v2 has no such weight", "leave it out");
    }
    refuse(blockIo.weightDevices(), "weights of block devices", "io.weight");
    refuse(blockIo.throttleReadBps(), "limits of bytes read by device", "io.max");
    refuse(blockIo.throttleWriteBps(), "limits of bytes written by device", "io.max");
    refuse(blockIo.throttleReadIops(), "limits of reads by device", "io.max");
    refuse(blockIo.throttleWriteIops(), "limits of writes by device", "io.max");
    if (blockIo.weight().isPresent()) {
      // From 10..1000 to 1..10000, as the OCI runtimes do.
      long weight = 1 + (blockIo.weight().getAsInt() - 10L) * 9_999 / 990;
      limits.write("io", "io.weight", Long.toString(weight), "set the block I/O weight");
    }
  }

  private static void refuse(List<BlockIoDevice> devices, String what, String file) {
    if (!devices.isEmpty()) {
      BlockIoDevice first = devices.get(0);
      throw new PlanningException(
          what
              + " cannot be given by cgroup-v2 (device "
              + first.major()
              + ":"
              + first.minor()
              + ")",
          "use the unified limit " + file);
    }
  }

  @Override
  public void usage(Path group, Usage.Builder usage) {
    List<BlockDeviceUsage> devices = new ArrayList<>();
    for (String line : CgroupFile.text(group.resolve("io.stat")).split("\n")) {
      device(line).ifPresent(devices::add);
    }
    usage.blockDevices(devices);
    PressureFile.read(group.resolve("io.pressure")).ifPresent(usage::ioPressure);
  }

  /**
   * A line like {@code 8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6}. Kernels before 6.2 may
   * write a device without figures and then the next one on the same line.
   */
  private static Optional<BlockDeviceUsage> device(String line) {
    BlockDeviceUsage.Builder device = BlockDeviceUsage.builder();
    boolean used = false;
    for (String word : line.split(" ")) {
      int colon = word.indexOf(':');
      int equals = word.indexOf('=');
      if (colon > 0 && equals < 0) {
        device
            .major(Long.parseLong(word.substring(0, colon)))
            .minor(Long.parseLong(word.substring(colon + 1)));
      } else if (equals > 0) {
        used |= isFigure(device, word.substring(0, equals), word.substring(equals + 1));
      }
    }
    return used ? Optional.of(device.build()) : Optional.empty();
  }

  private static boolean isFigure(BlockDeviceUsage.Builder device, String key, String value) {
    switch (key) {
      case "rbytes" -> device.readBytes(Long.parseLong(value));
      case "wbytes" -> device.writtenBytes(Long.parseLong(value));
      case "dbytes" -> device.discardedBytes(Long.parseLong(value));
      case "rios" -> device.reads(Long.parseLong(value));
      case "wios" -> device.writes(Long.parseLong(value));
      case "dios" -> device.discards(Long.parseLong(value));
      default -> {
        return false; // what the cost and latency controllers add
      }
    }
    return true;
  }
}
