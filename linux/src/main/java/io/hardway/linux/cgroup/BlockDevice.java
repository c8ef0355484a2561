package io.hardway.linux.cgroup;

import io.hardway.spi.Host;
import io.hardway.spi.PlanningException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A block device by its numbers, as limits of block input and output name it; the kernel tells of
 * it in {@code /sys/dev/block}.
 *
 * @since 0.1
 */
public final class BlockDevice {
  private static final String KNOWN = "/sys/dev/block";
  private static final String NAME = "DEVNAME=";

  private final Path directory;
  private final String numbers;
  private final boolean hostKnowsDevices;

  private BlockDevice(Host host, long major, long minor) {
    this.numbers = major + ":" + minor;
    Path known = host.file(KNOWN);
    this.directory = known.resolve(numbers);
    this.hostKnowsDevices = Files.isDirectory(known);
  }

  /** The device with these numbers, there or not. */
  public static BlockDevice of(Host host, long major, long minor) {
    return new BlockDevice(host, major, minor);
  }

  /** How the files of a group name it: {@code 8:0}. */
  public String numbers() {
    return numbers;
  }

  /** Its node below {@code /dev}; absent where the device is not there. */
  public Optional<Path> node() {
    return node(directory);
  }

  private static Optional<Path> node(Path device) {
    for (String line : CgroupFile.text(device.resolve("uevent")).split("\n")) {
      if (line.startsWith(NAME)) {
        return Optional.of(Path.of("/dev", line.substring(NAME.length())));
      }
    }
    return Optional.empty();
  }

  /** How people name it: by its node, or by its numbers where it has none. */
  public String name() {
    return node().map(Path::toString).orElse(numbers);
  }

  /**
   * The input and output scheduler in use, like {@code mq-deadline}; empty where the kernel tells
   * none.
   */
  public String scheduler() {
    String schedulers = CgroupFile.text(directory.resolve("queue/scheduler"));
    int open = schedulers.indexOf('[');
    int close = schedulers.indexOf(']', open + 1);
    return open < 0 || close < 0 ? "" : schedulers.substring(open + 1, close);
  }

  /**
   * Makes sure that groups can have limits for it: the kernel takes whole disks only.
   *
   * @throws PlanningException where it is a partition, or not there
   */
  public void requireWholeDisk() {
    if (hostKnowsDevices && !Files.exists(directory)) {
      throw new PlanningException(
          "block input and output of device " + numbers + " cannot be limited: there is no such",
          "name a block device of this host");
    }
    if (Files.exists(directory.resolve("partition"))) {
      throw new PlanningException(
          "block input and output of "
              + name()
              + " cannot be limited: it is a partition, and the kernel counts whole disks",
          "name the disk" + disk().map(disk -> ", " + disk).orElse(""));
    }
  }

  private Optional<Path> disk() {
    try {
      return node(directory.toRealPath().getParent());
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return numbers;
  }
}
