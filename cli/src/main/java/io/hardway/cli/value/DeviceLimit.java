package io.hardway.cli.value;

import io.hardway.spi.spec.BlockIoDevice;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A figure for one block device as docker writes it: {@code /dev/sda:1mb}. A colon may be part of
 * the path, as below {@code /dev/disk/by-path}.
 *
 * @param path the device's node, below {@code /dev}
 * @param value a weight, or bytes or operations a second; 0 for none
 */
public record DeviceLimit(String path, long value) {
  /** The kernel keeps operations a second in 32 bits, and would cut off what is above. */
  private static final long MOST_OPERATIONS = 0xFFFFFFFFL;

  private static final int LEAST_WEIGHT = 10;
  private static final int MOST_WEIGHT = 1000;

  /**
   * Reads a weight, 10 to 1000, or 0 for that of the container.
   *
   * @throws IllegalArgumentException where it does not have that form
   */
  public static DeviceLimit parseWeight(String text) {
    DeviceLimit limit = parse(text, number -> Integer.parseInt(plain(number)), weightOf(text));
    if (limit.value() != 0 && (limit.value() < LEAST_WEIGHT || limit.value() > MOST_WEIGHT)) {
      throw new IllegalArgumentException(weightOf(text));
    }
    return limit;
  }

  private static String weightOf(String text) {
    return "invalid weight for device: " + text + "; weights are from 10 to 1000";
  }

  /**
   * Reads bytes a second, which may have a unit.
   *
   * @throws IllegalArgumentException where it does not have that form
   */
  public static DeviceLimit parseBytes(String text) {
    return parse(
        text,
        ByteSize::parse,
        "invalid rate for device: "
            + text
            + ". The correct format is <device-path>:<number>[<unit>]. Number must be a positive"
            + " integer. Unit is optional and can be kb, mb, or gb");
  }

  /**
   * Reads operations a second, at most 2^32 - 1.
   *
   * @throws IllegalArgumentException where it does not have that form
   */
  public static DeviceLimit parseOperations(String text) {
    DeviceLimit limit =
        parse(
            text,
            number -> Long.parseLong(plain(number)),
            "invalid rate for device: "
                + text
                + ". The correct format is <device-path>:<number>. Number must be a positive"
                + " integer");
    if (limit.value() > MOST_OPERATIONS) {
      throw new IllegalArgumentException(
          "invalid rate for device: " + text + ": the most are " + MOST_OPERATIONS + " a second");
    }
    return limit;
  }

  /** A number in its text. */
  private interface Figure {
    long of(String number);
  }

  private static DeviceLimit parse(String text, Figure figure, String refusal) {
    int colon = text.lastIndexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("bad format: " + text + "; write it like /dev/sda:100");
    }
    String path = text.substring(0, colon);
    if (!path.startsWith("/dev/")) {
      throw new IllegalArgumentException(
          "bad format for device path: " + text + "; it is below /dev");
    }
    try {
      return new DeviceLimit(path, figure.of(text.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(refusal, e);
    }
  }

  /** Digits alone, no sign. */
  private static String plain(String number) {
    for (int i = 0; i < number.length(); i++) {
      if (number.charAt(i) < '0' || number.charAt(i) > '9') {
        throw new NumberFormatException(number);
      }
    }
    return number;
  }

  /**
   * The figure for the device that the path names.
   *
   * @throws IllegalArgumentException where there is no block device
   */
  public BlockIoDevice resolve() {
    DeviceNode node;
    try {
      node =
          DeviceNode.at(Path.of(path))
              .filter(DeviceNode::isBlock)
              .orElseThrow(() -> new IllegalArgumentException(path + " is not a block device"));
    } catch (NoSuchFileException missing) {
      throw new IllegalArgumentException("stat " + path + ": no such file or directory", missing);
    } catch (IOException e) {
      throw new IllegalArgumentException("stat " + path + ": " + e.getMessage(), e);
    }
    return BlockIoDevice.builder().major(node.major()).minor(node.minor()).value(value).build();
  }
}
