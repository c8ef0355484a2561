package io.hardway.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process for all time: pid, start time and boot; {@code docs/plan-format.md}, "identity". */
public final class ProcessIdentity {
  private static final ProcessIdentity NONE = new ProcessIdentity(0, "", "");
  private static final int START_TIME_AFTER_NAME = 20;

  private final long pid;
  private final String startTime;
  private final String bootId;

  private ProcessIdentity(long pid, String startTime, String bootId) {
    this.pid = pid;
    this.startTime = startTime;
    this.bootId = bootId;
  }

  /** What an identity file says; nobody where there is none. */
  public static ProcessIdentity read(Path file) {
    String text;
    try {
      text = Files.readString(file).strip();
    } catch (IOException none) {
      return NONE;
    }
    int first = text.indexOf(' ');
    int second = text.indexOf(' ', first + 1);
    if (first <= 0 || second < 0) {
      return NONE;
    }
    try {
      return new ProcessIdentity(
          Long.parseLong(text.substring(0, first)),
          text.substring(first + 1, second),
          text.substring(second + 1));
    } catch (NumberFormatException damaged) {
      return NONE;
    }
  }

  /** The boot id of this boot. */
  static String currentBoot() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    } catch (IOException e) {
      throw new HardwayException(
          "/proc/sys/kernel/random/boot_id cannot be read: is /proc mounted?", e);
    }
  }

  /** Its pid. */
  public long pid() {
    return pid;
  }

  /** Whether it still lives. A process that has ended and has not been waited for is gone. */
  public boolean isAlive() {
    if (pid <= 0) {
      return false;
    }
    String stat;
    try {
      stat =
          Files.readString(
              Path.of("/proc/" + pid + "/stat"), java.nio.charset.StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return false;
    }
    // proc_pid_stat(5): field 2 is the name in parentheses, which may hold anything; 3 is the
    // state, 22 the start time.
    int at = stat.lastIndexOf(')') + 2;
    if (at < 2 || at >= stat.length() || stat.charAt(at) == 'Z' || stat.charAt(at) == 'X') {
      return false;
    }
    for (int field = 1; field < START_TIME_AFTER_NAME; field++) {
      at = stat.indexOf(' ', at) + 1;
    }
    return stat.startsWith(startTime + " ", at) && bootId.equals(currentBoot());
  }
}
