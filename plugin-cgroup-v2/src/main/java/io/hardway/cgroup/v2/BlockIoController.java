package io.hardway.cgroup.v2;

import io.hardway.linux.cgroup.BlockDevice;
import io.hardway.linux.cgroup.CgroupConversions;
import io.hardway.linux.cgroup.CgroupFile;
import io.hardway.spi.BlockDeviceUsage;
import io.hardway.spi.Errno;
import io.hardway.spi.PlanningException;
import io.hardway.spi.StepOptions;
import io.hardway.spi.Usage;
import io.hardway.spi.spec.BlockIoDevice;
import io.hardway.spi.spec.BlockIoResources;
import io.hardway.spi.spec.Resources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/**
 * Block devices; cgroup-v2.rst, "IO"; block/bfq-iosched.rst; config-linux.md, "Block IO".
 *
 * <p>Two schedulers know weights, each by a file of its own: BFQ {@code io.bfq.weight}, and the one
 * by cost, which works above any other scheduler, {@code io.weight}. Which one counts is decided
 * for each disk, and may change while the container runs, so both get the weight where the kernel
 * has both, as systemd does it; runc and crun write the second only where there is no first.
 */
final class BlockIoController implements Controller {
  private static final String NAME = "io";
  private static final String BFQ = "io.bfq.weight";
  private static final String COST = "io.weight";
  private static final String MOST = "io.max";

  /** The kernel keeps operations a second in 32 bits. */
  private static final long MOST_OPERATIONS = 0xFFFFFFFFL;

  /** A weight of 0 is what the specification's runtimes take as none asked for. */
  private static boolean hasWeight(BlockIoResources blockIo) {
    return blockIo.weight().orElse(0) != 0;
  }

  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    BlockIoResources blockIo = wanted.blockIo();
    if (blockIo.leafWeight().isPresent()) {
      throw new PlanningException(
          "a block I/O leaf weight cannot be given: cgroup v2 has no such weight", "leave it out");
    }
    if (hasWeight(blockIo)) {
      weight(blockIo.weight().getAsInt(), limits);
    }
    for (BlockIoDevice device : blockIo.weightDevices()) {
      weight(device, limits);
    }
    throttle(blockIo, limits);
  }

  private static void weight(int weight, LimitWriter limits) {
    limits.require(NAME, COST);
    Presence bfq = limits.presence(NAME, BFQ);
    Presence cost = limits.presence(NAME, COST);
    if (bfq == Presence.MISSING && cost == Presence.MISSING) {
      throw new PlanningException(
          "a block I/O weight cannot be set: no scheduler of this kernel has weights",
          "leave it out, or use a kernel with BFQ or the cost model of block I/O");
    }
    boolean hasBfq =
        bfq == Presence.THERE
            || bfq == Presence.UNKNOWN && Files.exists(limits.host().file("/sys/module/bfq"));
    if (hasBfq) {
      limits.write(
          NAME,
          BFQ,
          Long.toString(CgroupConversions.bfqWeight(weight)),
          "set the block I/O weight, for disks with BFQ");
    }
    if (cost != Presence.MISSING) {
      StepOptions step =
          limits.write(
              NAME,
              COST,
              Long.toString(CgroupConversions.ioWeight(weight)),
              "set the block I/O weight, for disks with a cost model");
      if (hasBfq && cost == Presence.UNKNOWN) {
        step.ignoring(Errno.ENOENT);
      }
    }
  }

  /** The disk's scheduler decides: the kernel takes a weight of it in no other file. */
  private static void weight(BlockIoDevice wanted, LimitWriter limits) {
    limits.require(NAME, COST);
    BlockDevice device = device(wanted, limits);
    String label = "set the block I/O weight for " + device.name();
    if (device.scheduler().equals("bfq")) {
      limits.write(NAME, BFQ, device + " " + weight(wanted, CgroupConversions::bfqWeight), label);
      return;
    }
    if (!hasCostModel(limits.above("io.cost.qos"), device)) {
      throw new PlanningException(
          "the block I/O weight for "
              + device.name()
              + " cannot be set: its scheduler "
              + device.scheduler()
              + " has no weights",
          "choose BFQ for it (/sys/dev/block/"
              + device
              + "/queue/scheduler), or turn its cost model on (io.cost.qos)");
    }
    limits.write(NAME, COST, device + " " + weight(wanted, CgroupConversions::ioWeight), label);
  }

  /** No weight, 0, is that of the group. */
  private static String weight(BlockIoDevice wanted, LongUnaryOperator conversion) {
    return wanted.value() == 0 ? "default" : Long.toString(conversion.applyAsLong(wanted.value()));
  }

  /** The root alone has the list of cost models: where it is not seen, the kernel decides. */
  private static boolean hasCostModel(Optional<Path> models, BlockDevice device) {
    if (models.isEmpty()) {
      return true;
    }
    for (String line : CgroupFile.text(models.get()).split("\n")) {
      if (line.startsWith(device + " ") && line.contains(" enable=1")) {
        return true;
      }
    }
    return false;
  }

  private static BlockDevice device(BlockIoDevice wanted, LimitWriter limits) {
    BlockDevice device = BlockDevice.of(limits.host(), wanted.major(), wanted.minor());
    device.requireWholeDisk();
    return device;
  }

  /** One write a device, with all its rates: the kernel keeps what a line does not say. */
  private static void throttle(BlockIoResources blockIo, LimitWriter limits) {
    Map<String, Map<String, String>> rates = new LinkedHashMap<>();
    throttle(blockIo.throttleReadBps(), "rbps", limits, rates);
    throttle(blockIo.throttleWriteBps(), "wbps", limits, rates);
    throttle(blockIo.throttleReadIops(), "riops", limits, rates);
    throttle(blockIo.throttleWriteIops(), "wiops", limits, rates);
    for (Map.Entry<String, Map<String, String>> device : rates.entrySet()) {
      StringBuilder line = new StringBuilder(device.getKey());
      for (Map.Entry<String, String> rate : device.getValue().entrySet()) {
        line.append(' ').append(rate.getKey()).append('=').append(rate.getValue());
      }
      limits.write(NAME, MOST, line.toString(), "limit block I/O of " + line);
    }
  }

  private static void throttle(
      List<BlockIoDevice> wanted,
      String key,
      LimitWriter limits,
      Map<String, Map<String, String>> rates) {
    for (BlockIoDevice one : wanted) {
      limits.require(NAME, MOST);
      rates
          .computeIfAbsent(device(one, limits).numbers(), device -> new LinkedHashMap<>())
          .put(key, rate(one, key));
    }
  }

  /** No rate is no limit, as version 1 has it; the kernel takes no rate of 1 here. */
  private static String rate(BlockIoDevice wanted, String key) {
    if (wanted.value() == 1) {
      throw new PlanningException(
          "a limit of block I/O of 1 a second (" + key + ") is too low: cgroup v2 takes 2 or more",
          "give at least 2, or 0 for no limit");
    }
    if (key.endsWith("iops") && wanted.value() > MOST_OPERATIONS) {
      throw new PlanningException(
          "a limit of block I/O of "
              + wanted.value()
              + " a second ("
              + key
              + ") is more than the kernel can count",
          "give at most " + MOST_OPERATIONS + ", or 0 for no limit");
    }
    return wanted.value() <= 0 ? "max" : Long.toString(wanted.value());
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
