package io.hardway.cgroup.v2;

import io.hardway.linux.cgroup.CgroupFile;
import io.hardway.spi.Pressure;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The files {@code cpu.pressure}, {@code memory.pressure} and {@code io.pressure}: lines like
 * {@code some avg10=0.00 avg60=0.00 avg300=0.00 total=0}; accounting/psi.rst.
 */
final class PressureFile {
  private static final long MICRO_NANOS = 1000;

  private PressureFile() {}

  /** What a file says; empty where the kernel keeps no such figures. */
  static Optional<Pressure> read(Path file) {
    Pressure.Builder pressure = Pressure.builder();
    boolean hasSome = false;
    for (String line : CgroupFile.text(file).split("\n")) {
      if (line.startsWith("some ")) {
        pressure.some(stall(line));
        hasSome = true;
      } else if (line.startsWith("full ")) {
        pressure.full(stall(line));
      }
    }
    return hasSome ? Optional.of(pressure.build()) : Optional.empty();
  }

  private static Pressure.Stall stall(String line) {
    Pressure.Stall.Builder stall = Pressure.Stall.builder();
    for (String word : line.split(" ")) {
      String value = word.substring(word.indexOf('=') + 1);
      switch (word.substring(0, Math.max(0, word.indexOf('=')))) {
        case "avg10" -> stall.average10(Double.parseDouble(value));
        case "avg60" -> stall.average60(Double.parseDouble(value));
        case "avg300" -> stall.average300(Double.parseDouble(value));
        case "total" -> stall.totalNanos(Long.parseLong(value) * MICRO_NANOS);
        default -> {} // the word in front
      }
    }
    return stall.build();
  }
}
