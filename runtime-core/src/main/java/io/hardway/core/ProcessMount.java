package io.hardway.core;

import io.hardway.spi.Host;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A mount as a process sees it; proc_pid_mountinfo(5).
 *
 * @param id its number
 * @param target where it is, from the root of the process
 * @param type of the file system
 */
record ProcessMount(int id, String target, String type) {
  private static final int TARGET = 4;
  private static final int OCTAL_DIGITS = 3;

  /**
   * All that a process sees.
   *
   * @throws HardwayException where that cannot be told
   */
  static List<ProcessMount> of(Host host, long pid) {
    Path file = host.file("/proc/" + pid + "/mountinfo");
    try {
      List<ProcessMount> mounts = new ArrayList<>();
      for (String line : Files.readString(file, StandardCharsets.ISO_8859_1).split("\n")) {
        String[] fields = line.split(" ");
        int dash = List.of(fields).indexOf("-");
        if (dash > TARGET && fields.length > dash + 1) {
          mounts.add(
              new ProcessMount(
                  Integer.parseInt(fields[0]), unescaped(fields[TARGET]), fields[dash + 1]));
        }
      }
      return mounts;
    } catch (IOException e) {
      throw new HardwayException(file + ": " + e.getMessage(), e);
    }
  }

  /** Blanks and the like are octal there. */
  private static String unescaped(String text) {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && i + OCTAL_DIGITS < text.length()) {
        plain.write(Integer.parseInt(text.substring(i + 1, i + 1 + OCTAL_DIGITS), 8));
        i += OCTAL_DIGITS;
      } else {
        plain.write(text.charAt(i));
      }
    }
    return plain.toString(StandardCharsets.UTF_8);
  }
}
