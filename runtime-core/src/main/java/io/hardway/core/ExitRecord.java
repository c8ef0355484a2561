package io.hardway.core;

import io.hardway.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** How a container ended: {@code exit.json}, written by the native program. */
public final class ExitRecord {
  private static final int UNKNOWN = 137;

  /** It has not. */
  static final ExitRecord NONE = new ExitRecord(false, 0, false, "", "");

  private final boolean present;
  private final int exitCode;
  private final boolean oomKilled;
  private final String startedAt;
  private final String finishedAt;

  private ExitRecord(
      boolean present, int exitCode, boolean oomKilled, String startedAt, String finishedAt) {
    this.present = present;
    this.exitCode = exitCode;
    this.oomKilled = oomKilled;
    this.startedAt = startedAt;
    this.finishedAt = finishedAt;
  }

  /** The record in a file. */
  static ExitRecord read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException none) {
      return NONE;
    } catch (IOException e) {
      throw new HardwayException(file + ": " + e.getMessage(), e);
    }
    if (text.isBlank()) {
      // It has ended, on a disk too full to say how.
      return new ExitRecord(true, UNKNOWN, false, "", "");
    }
    JsonObject json = JsonObject.parse(file.toString(), text);
    long before = count(json.text("oomKillsBefore", "0"));
    boolean oomKilled = count(json.text("oomKills", "")) > Math.max(before, 0);
    return new ExitRecord(
        true,
        (int) json.number("exitCode"),
        oomKilled,
        json.text("startedAt", ""),
        json.text("finishedAt", ""));
  }

  private static long count(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException absent) {
      return -1;
    }
  }

  /** Whether it has ended. */
  public boolean isPresent() {
    return present;
  }

  /** The exit code, or 128 and the signal. */
  public int exitCode() {
    return exitCode;
  }

  /** Whether the kernel killed one of its processes for lack of memory. */
  public boolean oomKilled() {
    return oomKilled;
  }

  /** When it was started, RFC 3339. */
  public String startedAt() {
    return startedAt;
  }

  /** When it ended, RFC 3339. */
  public String finishedAt() {
    return finishedAt;
  }
}
