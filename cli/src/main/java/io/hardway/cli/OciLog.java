package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.core.json.JsonWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What is said to people, and to the log that a caller reads. */
final class OciLog {
  private final Arguments global;
  private final PrintStream err;

  OciLog(Arguments global, PrintStream err) {
    this.global = global;
    this.err = err;
  }

  /** Says why a command fails. */
  void error(String message) {
    err.println(OciMain.PROGRAM + ": " + message);
    if (isWanted()) {
      write("error", message);
    }
  }

  /** Says what a command does without; to people only where there is no log. */
  void warning(String message) {
    if (isWanted()) {
      write("warning", message);
    } else {
      err.println(OciMain.PROGRAM + ": warning: " + message);
    }
  }

  private boolean isWanted() {
    return !global.text("log").orElse("").isEmpty();
  }

  private void write(String level, String message) {
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    String line;
    if (global.text("log-format").orElse("").equals("json")) {
      line =
          new JsonWriter()
              .beginObject()
              .field("level", level)
              .field("msg", message)
              .field("time", now)
              .endObject()
              .toString();
    } else {
      line = "time=\"" + now + "\" level=" + level + " msg=" + new JsonWriter().text(message);
    }
    try {
      Files.writeString(
          Path.of(global.text("log").orElseThrow()),
          line + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException unwritable) {
      // Standard error has it, or the caller does without.
    }
  }
}
