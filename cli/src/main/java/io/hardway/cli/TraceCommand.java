package io.hardway.cli;

import io.hardway.cli.TraceRecording.Timed;
import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.CommandLine;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.PlannedCommand;
import io.hardway.core.explain.ErrorNames;
import io.hardway.core.json.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code trace}: does what a command does, and shows where the time went. */
final class TraceCommand implements Command {
  private static final int BAR = 40;

  @Override
  public OptionTable table() {
    return new OptionTable(
            "trace",
            "[OPTIONS] COMMAND [ARG...]",
            "Do what a command does, and show where the time went")
        .value(
            "format",
            (char) 0,
            "format",
            "text",
            "text, html for a page, or json for Chrome's trace viewer")
        .value("output", 'o', "file", "Write it to this file in place of standard error")
        .value(
            "show",
            "directory",
            "Show a trace that has been taken: what the command does by itself at its end")
        .arguments(0, Integer.MAX_VALUE)
        .optionsFirst();
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    String format = arguments.text("format").orElse("text");
    if (!List.of("text", "json", "html").contains(format)) {
      throw arguments.refuse("format", format, "there are text, json and html");
    }
    if (arguments.has("show")) {
      Path directory = Path.of(arguments.text("show").orElseThrow());
      return show(session, arguments, TraceRecording.take(directory), format);
    }
    List<String> words = arguments.positional();
    Command command = words.isEmpty() ? null : Commands.find(words);
    if (command == null || command instanceof TraceCommand || command instanceof ExplainCommand) {
      throw arguments.refuse("say which command to trace, like run");
    }
    if (arguments.has("output")) {
      Path folder =
          Path.of(session.workingDirectory())
              .resolve(arguments.text("output").orElseThrow())
              .toAbsolutePath()
              .getParent();
      if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
        throw arguments.refuse(
            "output",
            arguments.text("output").orElseThrow(),
            "there is no directory " + folder + " that you can write to");
      }
    }
    session.intercept(new Recording("hardway " + String.join(" ", words), arguments, format));
    return command.run(
        session,
        CommandLine.parse(command.table(), words.subList(Commands.words(command), words.size())));
  }

  /** Performs plans with a trace: the last one is shown by another planner, when this is gone. */
  private static final class Recording implements Session.Performing {
    private final String command;
    private final Arguments arguments;
    private final String format;
    private final List<Timed> shown = new ArrayList<>();

    Recording(String command, Arguments arguments, String format) {
      this.command = command;
      this.arguments = arguments;
      this.format = format;
    }

    @Override
    public void take(Session from, PlannedCommand planned) throws IOException {
      Path directory = TraceRecording.prepare(command, planned.plan());
      Path trace = directory.resolve("trace");
      try {
        from.performer().perform(planned.plan().traced(trace));
      } finally {
        if (Files.exists(trace)) {
          showNow(from, TraceRecording.take(directory));
        } else {
          TraceRecording.discard(directory);
        }
      }
    }

    /** Of several plans a file has all, one behind the other. */
    private void showNow(Session session, TraceRecording recording) throws IOException {
      if (!arguments.has("output")) {
        TraceCommand.show(session, arguments, recording, format);
        return;
      }
      long from = 0;
      for (Timed timed : shown) {
        from = Math.max(from, timed.start() + timed.duration());
      }
      for (Timed timed : recording.steps()) {
        shown.add(
            new Timed(
                timed.step(),
                timed.index(),
                timed.phase(),
                timed.start() + from,
                timed.duration(),
                timed.errno()));
      }
      TraceCommand.show(session, arguments, new TraceRecording(command, shown), format);
    }

    @Override
    public void takeLast(Session from, PlannedCommand planned) throws IOException {
      if (!shown.isEmpty()) {
        take(from, planned); // the file has the others too
        return;
      }
      Path directory = TraceRecording.prepare(command, planned.plan());
      List<String> afterwards =
          new ArrayList<>(List.of("trace", "--format", format, "--show", directory.toString()));
      arguments
          .text("output")
          .ifPresent(
              file ->
                  afterwards.addAll(
                      List.of(
                          "--output", Path.of(from.workingDirectory()).resolve(file).toString())));
      try {
        from.performer().performLast(planned.plan().traced(directory.resolve("trace")), afterwards);
      } catch (IOException | RuntimeException e) {
        TraceRecording.discard(directory);
        throw e;
      }
    }
  }

  private static int show(
      Session session, Arguments arguments, TraceRecording recording, String format)
      throws IOException {
    String text =
        switch (format) {
          case "json" -> json(recording.steps());
          case "html" -> new TracePage(recording).write();
          default -> bars(recording.steps());
        };
    if (arguments.has("output")) {
      Files.writeString(Path.of(arguments.text("output").orElseThrow()), text);
    } else {
      session.err().print(text);
    }
    return 0;
  }

  /** Chrome's trace events: complete events in microseconds, a thread for each actor. */
  private static String json(List<Timed> steps) {
    JsonWriter json = new JsonWriter().beginObject();
    json.name("traceEvents").beginArray();
    for (Timed timed : steps) {
      json.beginObject();
      json.field("name", timed.step().label()).field("cat", timed.step().plugin()).field("ph", "X");
      json.name("ts").raw(micros(timed.start())).name("dur").raw(micros(timed.duration()));
      json.field("pid", 1).field("tid", timed.step().actor().number());
      json.endObject();
    }
    return json.endArray().endObject() + "\n";
  }

  private static String micros(long nanos) {
    long thousandths = nanos % 1000;
    return nanos / 1000
        + "."
        + (thousandths < 100 ? "0" : "")
        + (thousandths < 10 ? "0" : "")
        + thousandths;
  }

  /**
   * A line for each step, with a bar as long as its share; what waits for the program is not
   * counted.
   */
  private static String bars(List<Timed> steps) {
    long longest = 1;
    long total = 0;
    for (Timed timed : steps) {
      if (!timed.isWaiting()) {
        longest = Math.max(longest, timed.duration());
        total += timed.duration();
      }
    }
    StringBuilder text = new StringBuilder();
    for (Timed timed : steps) {
      String time = micros(timed.duration());
      text.append(" ".repeat(Math.max(0, 12 - time.length()))).append(time).append(" µs  ");
      int length = timed.isWaiting() ? 0 : (int) (timed.duration() * BAR / longest);
      text.append("█".repeat(length)).append(" ".repeat(BAR - length)).append("  ");
      text.append(timed.index())
          .append(' ')
          .append(timed.step().plugin())
          .append(": ")
          .append(timed.step().label());
      text.append(timed.isWaiting() ? " (the program's own time)" : "");
      text.append(timed.isFailure() ? ": " + ErrorNames.of(timed.errno()) : "").append('\n');
    }
    return text.append("        all ")
        .append(micros(total))
        .append(" µs without the program's own time\n")
        .toString();
  }
}
