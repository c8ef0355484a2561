package io.hardway.cli;

import io.hardway.spi.BlockDeviceUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The names of block devices, which the kernel's accounting knows by number: {@code sda}. */
final class BlockDeviceNames {
  private static final Map<String, String> FOUND = new HashMap<>();

  private BlockDeviceNames() {}

  /** The name; the numbers where the device is gone. */
  static synchronized String of(BlockDeviceUsage device) {
    return FOUND.computeIfAbsent(device.major() + ":" + device.minor(), BlockDeviceNames::read);
  }

  private static String read(String number) {
    try {
      return Files.readSymbolicLink(Path.of("/sys/dev/block", number)).getFileName().toString();
    } catch (IOException gone) {
      return number;
    }
  }
}
