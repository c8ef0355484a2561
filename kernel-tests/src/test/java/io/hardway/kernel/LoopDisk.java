package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A block device of the test's own: a file behind a loop device, given back at the end. */
final class LoopDisk implements AutoCloseable {
  private final String device;
  private final String numbers;

  private LoopDisk(String device, String numbers) {
    this.device = device;
    this.numbers = numbers;
  }

  /** Makes one with this many bytes, whose file is in the directory. */
  static LoopDisk in(Path directory, long bytes) throws IOException {
    Conditions.require(Files.exists(Path.of("/dev/loop-control")), "needs loop devices");
    Path file = directory.resolve("disk");
    try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
      disk.setLength(bytes);
    }
    Product.Outcome made =
        Product.perform(List.of("losetup", "--find", "--show", file.toString()), "");
    assertEquals(0, made.exitCode(), made::toString);
    String device = made.out().strip();
    String name = Path.of(device).getFileName().toString();
    return new LoopDisk(device, Files.readString(Path.of("/sys/block", name, "dev")).strip());
  }

  /** Its path below /dev. */
  String device() {
    return device;
  }

  /** Its numbers, like 7:0. */
  String numbers() {
    return numbers;
  }

  @Override
  public void close() {
    Product.Outcome outcome = Product.perform(List.of("losetup", "--detach", device), "");
    assertEquals(0, outcome.exitCode(), outcome::toString);
  }
}
