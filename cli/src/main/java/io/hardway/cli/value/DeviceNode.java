package io.hardway.cli.value;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A device by the numbers of its node; inode(7).
 *
 * @param type {@code c} or {@code b}
 * @param major the major number
 * @param minor the minor number
 * @param permissions the node's permission bits
 */
public record DeviceNode(String type, long major, long minor, int permissions) {
  private static final int TYPE_MASK = 0170000;
  private static final int CHARACTER = 0020000;
  private static final int BLOCK = 0060000;
  private static final int PERMISSIONS = 07777;

  /**
   * What a path names, also through links; absent where that is no device.
   *
   * @throws IOException where there is nothing, or it cannot be reached
   */
  public static Optional<DeviceNode> at(Path path) throws IOException {
    int mode = (Integer) Files.getAttribute(path, "unix:mode");
    String type =
        switch (mode & TYPE_MASK) {
          case CHARACTER -> "c";
          case BLOCK -> "b";
          default -> "";
        };
    if (type.isEmpty()) {
      return Optional.empty();
    }
    long number = (Long) Files.getAttribute(path, "unix:rdev");
    return Optional.of(
        new DeviceNode(
            type,
            number >> 8 & 0xfff | number >> 32 & 0xfffff000L,
            number & 0xff | number >> 12 & 0xffffff00L,
            mode & PERMISSIONS));
  }

  /** Whether it is a block device. */
  public boolean isBlock() {
    return type.equals("b");
  }
}
