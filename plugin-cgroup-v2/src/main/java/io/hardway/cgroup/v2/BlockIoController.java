package io.hardway.cgroup.v2;

import io.hardway.linux.cgroup.CgroupFile;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Usage;
import io.hardway.spi.spec.BlockIoDevice;
import io.hardway.spi.spec.BlockIoResources;
import io.hardway.spi.spec.Resources;
import java.nio.file.Path;
import java.util.List;

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
    long read = 0;
    long written = 0;
    for (String line : CgroupFile.text(group.resolve("io.stat")).split("\n")) {
      for (String word : line.split(" ")) {
        if (word.startsWith("rbytes=")) {
          read += Long.parseLong(word.substring(7));
        } else if (word.startsWith("wbytes=")) {
          written += Long.parseLong(word.substring(7));
        }
      }
    }
    usage.blockReadBytes(read).blockWriteBytes(written);
  }
}
