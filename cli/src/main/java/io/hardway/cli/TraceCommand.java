package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.CommandLine;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.HardwayException;
import io.hardway.core.PlannedCommand;
import io.hardway.core.json.JsonWriter;
import io.hardway.init.PlanCodec;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.Step;
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
        .value("format", (char) 0, "format", "text", "text, or json for Chrome's trace viewer")
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
    if (!format.equals("text") && !format.equals("json")) {
      throw arguments.refuse("format", format, "there are text and json");
    }
    if (arguments.has("show")) {
      return show(session, arguments, Path.of(arguments.text("show").orElseThrow()), format);
    }
    List<String> words = arguments.positional();
    Command command = words.isEmpty() ? null : Commands.find(words);
    if (command == null || command instanceof TraceCommand || command instanceof ExplainCommand) {
      throw arguments.refuse("say which command to trace, like run");
    }
    Path directory = Files.createTempDirectory("hardway-trace-");
    session.intercept(
        new Session.Performing() {
          @Override
          public void take(Session from, PlannedCommand planned) throws IOException {
            Files.write(directory.resolve("plan"), PlanCodec.encode(planned.plan()));
            List<String> afterwards =
                new ArrayList<>(
                    List.of("trace", "--format", format, "--show", directory.toString()));
            arguments
                .text("output")
                .ifPresent(
                    file ->
                        afterwards.addAll(
                            List.of(
                                "--output",
                                Path.of(from.workingDirectory()).resolve(file).toString())));
            from.performer()
                .performLast(planned.plan().traced(directory.resolve("trace")), afterwards);
          }
        });
    return command.run(
        session,
        CommandLine.parse(command.table(), words.subList(Commands.words(command), words.size())));
  }

  private record Timed(Step step, int index, long start, long duration) {}

  private static int show(Session session, Arguments arguments, Path directory, String format)
      throws IOException {
    List<Timed> steps = new ArrayList<>();
    try {
      Plan plan = PlanCodec.decode(Files.readAllBytes(directory.resolve("plan")));
      for (String line : Files.readAllLines(directory.resolve("trace"))) {
        String[] words = line.split(" ");
        int index = Integer.parseInt(words[0]);
        steps.add(
            new Timed(
                plan.steps().get(index - 1),
                index,
                Long.parseLong(words[2]),
                Long.parseLong(words[3])));
      }
    } catch (IOException e) {
      throw new HardwayException("there is no trace in " + directory + ": " + e.getMessage(), e);
    }
    Files.deleteIfExists(directory.resolve("plan"));
    Files.deleteIfExists(directory.resolve("trace"));
    Files.deleteIfExists(directory);
    String text = format.equals("json") ? json(steps) : bars(steps);
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
      if (!isWaiting(timed)) {
        longest = Math.max(longest, timed.duration());
        total += timed.duration();
      }
    }
    StringBuilder text = new StringBuilder();
    for (Timed timed : steps) {
      String time = micros(timed.duration());
      text.append(" ".repeat(Math.max(0, 12 - time.length()))).append(time).append(" µs  ");
      int length = isWaiting(timed) ? 0 : (int) (timed.duration() * BAR / longest);
      text.append("█".repeat(length)).append(" ".repeat(BAR - length)).append("  ");
      text.append(timed.index())
          .append(' ')
          .append(timed.step().plugin())
          .append(": ")
          .append(timed.step().label());
      text.append(isWaiting(timed) ? " (the program's own time)" : "").append('\n');
    }
    return text.append("        all ")
        .append(micros(total))
        .append(" µs without the program's own time\n")
        .toString();
  }

  private static boolean isWaiting(Timed timed) {
    return timed.step().operation().keyword().equals("supervise")
        || timed.step().operation().keyword().equals("await-record");
  }
}
