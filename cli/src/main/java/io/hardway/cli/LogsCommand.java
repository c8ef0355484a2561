package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.cli.value.PointInTime;
import io.hardway.cli.value.WholeNumber;
import io.hardway.core.ContainerRecord;
import io.hardway.core.HardwayException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;

/** {@code logs}: prints what a container has printed. */
final class LogsCommand implements Command {
  private static final long PAUSE_MILLIS = 100;

  @Override
  public OptionTable table() {
    return new OptionTable("logs", "[OPTIONS] CONTAINER", "Print what a container has printed")
        .flag("follow", 'f', "Go on until it ends")
        .value("since", "time", "Only from then on: a time, or a duration before now")
        .value("tail", 'n', "lines", "all", "Only so many lines from the end")
        .flag("timestamps", 't', "Print the time before each line")
        .value("until", "time", "Only until then")
        .arguments(1, 1);
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    session.reconcile();
    ContainerRecord container = session.engine().containers().find(arguments.positional().get(0));
    if (!container.config().logged()) {
      throw new HardwayException(
          "container "
              + container.config().name()
              + " keeps no log: it was made with --log-driver none",
          1);
    }
    String from =
        arguments
            .value("since", text -> PointInTime.parse(text, Instant.now(), ZoneId.systemDefault()))
            .map(Instant::toString)
            .orElse("");
    String to =
        arguments
            .value("until", text -> PointInTime.parse(text, Instant.now(), ZoneId.systemDefault()))
            .map(Instant::toString)
            .orElse("");
    String tail = arguments.text("tail").orElse("all");
    long most =
        tail.equals("all")
            ? Long.MAX_VALUE
            : arguments.value("tail", WholeNumber::parse).orElse(0L);
    Path file = session.engine().directories().logFile(container.config().id());
    ArrayDeque<String> last = new ArrayDeque<>();
    boolean isAll = most < 0 || most == Long.MAX_VALUE;
    try (RotatedLines log = new RotatedLines(file)) {
      log.read(
          line -> {
            if (line.isEmpty() || !isWithin(line, from, to)) {
              return;
            }
            if (isAll) {
              print(session, arguments, line);
              return;
            }
            last.add(line);
            if (last.size() > most) {
              last.removeFirst();
            }
          });
      for (String line : last) {
        print(session, arguments, line);
      }
      boolean isUnread = session.out().checkError();
      if (arguments.flag("follow") && !isUnread) {
        follow(session, arguments, container, log, to);
      }
    }
    return 0;
  }

  private static boolean isWithin(String line, String from, String to) {
    int space = line.indexOf(' ');
    String time = space < 0 ? "" : line.substring(0, space);
    return (from.isEmpty() || compare(time, from) >= 0) && (to.isEmpty() || compare(time, to) < 0);
  }

  private static int compare(String time, String other) {
    try {
      return Instant.parse(time).compareTo(Instant.parse(other));
    } catch (java.time.format.DateTimeParseException damaged) {
      return 0;
    }
  }

  /** A line is TIME STREAM TAG TEXT; the tag P means that the line goes on. */
  private static void print(Session session, Arguments arguments, String line) {
    int first = line.indexOf(' ');
    int second = line.indexOf(' ', first + 1);
    int third = line.indexOf(' ', second + 1);
    if (third < 0) {
      return;
    }
    boolean isError = line.startsWith("stderr", first + 1);
    var out = isError ? session.err() : session.out();
    if (isError) {
      session.out().flush(); // both may be the same file: the order is the container's
    }
    String text =
        (arguments.flag("timestamps") ? line.substring(0, first + 1) : "")
            + line.substring(third + 1);
    byte[] printed = LogLines.bytes(line.startsWith("P", second + 1) ? text : text + "\n");
    out.write(printed, 0, printed.length);
  }

  private static void follow(
      Session session, Arguments arguments, ContainerRecord container, RotatedLines log, String to)
      throws IOException {
    boolean goesOn = true;
    while (goesOn) {
      String id = container.config().id();
      goesOn =
          session.engine().containers().has(id)
              && session.engine().containers().find(id).status().isAlive()
              && (to.isEmpty() || compare(Instant.now().toString(), to) < 0);
      log.read(
          line -> {
            if (!line.isEmpty() && isWithin(line, "", to)) {
              print(session, arguments, line);
            }
          });
      if (session.out().checkError()) {
        return; // nobody reads it any more
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
