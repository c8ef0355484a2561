package io.hardway.cli;

import io.hardway.core.HardwayException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The host's ps(1), of some processes. */
final class PsProgram {
  private PsProgram() {}

  /** What the host's ps tells, of these processes: the heading, and the lines with their pids. */
  static String print(List<String> options, List<Long> pids) throws IOException {
    List<String> command = new ArrayList<>(options);
    command.add(0, "ps");
    Process ps =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .start();
    String printed = new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = 0;
    try {
      code = ps.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (code != 0) {
      throw new HardwayException("ps: " + printed.strip(), 1);
    }
    String[] lines = printed.split("\n");
    int column = List.of(lines[0].strip().split("\\s+")).indexOf("PID");
    if (column < 0) {
      throw new HardwayException(
          "Couldn't find PID field in ps output: give options that print it, like -o pid,cmd", 1);
    }
    StringBuilder wanted = new StringBuilder(lines[0]).append('\n');
    for (String line : lines) {
      String[] fields = line.strip().split("\\s+", column + 2);
      if (fields.length > column && isOneOf(pids, fields[column])) {
        wanted.append(printable(line)).append('\n');
      }
    }
    return wanted.toString();
  }

  private static boolean isOneOf(List<Long> pids, String field) {
    for (Long pid : pids) {
      if (field.equals(pid.toString())) {
        return true;
      }
    }
    return false;
  }

  /** What runs in a container may not talk to the terminal. */
  static String printable(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      plain.append(Character.isISOControl(text.charAt(i)) ? '?' : text.charAt(i));
    }
    return plain.toString();
  }
}
