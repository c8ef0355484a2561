package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** {@code stats}: shows what containers use, once or again and again. */
final class StatsCommand implements Command {
  private static final long INTERVAL_MILLIS = 1000;
  private static final long FIRST_INTERVAL_MILLIS = 500;
  private static final String PROMETHEUS = "prometheus";

  /** Terminal control: to the upper left corner; the rest of the line, or of the screen, empty. */
  private static final String HOME = "\u001b[H";

  private static final String CLEAR_LINE = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";

  private static final Listing LISTING =
      new Listing(
          "{{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}\t{{.BlockIO}}\t{{.PIDs}}",
          "ID",
          "CONTAINER ID",
          "Container",
          "CONTAINER",
          "Name",
          "NAME",
          "CPUPerc",
          "CPU %",
          "CPUNanos",
          "CPU TIME",
          "MemUsage",
          "MEM USAGE / LIMIT",
          "MemBytes",
          "MEM",
          "MemPerc",
          "MEM %",
          "NetIO",
          "NET I/O",
          "BlockIO",
          "BLOCK I/O",
          "PIDs",
          "PIDS");

  @Override
  public OptionTable table() {
    return new OptionTable("stats", "[OPTIONS] [CONTAINER...]", "Show what containers use")
        .flag("all", 'a', "Also those that do not run")
        .value(
            "format",
            "format",
            "table, json, prometheus, or a template like '{{.Name}} {{.MemUsage}}'")
        .flag("no-stream", "Once")
        .flag("no-trunc", "Print ids in full");
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    session.reconcile();
    StatsSampler sampler =
        new StatsSampler(session.engine(), arguments.positional(), arguments.flag("all"));
    String format = arguments.text("format").orElse("");
    if (format.equals(PROMETHEUS)) {
      session.out().print(PrometheusText.of(sampler.sample()));
      return 0;
    }
    boolean once = arguments.flag("no-stream");
    if (!once || tellsShares(format)) {
      sampler.sample();
      pause(FIRST_INTERVAL_MILLIS);
    }
    if (once) {
      print(session.out(), format, rows(sampler.sample(), arguments));
      return 0;
    }
    return stream(session, arguments, sampler, format);
  }

  /** What is asked for takes two looks: a share of time is told by what is between them. */
  private static boolean tellsShares(String format) {
    boolean isTemplate = format.contains("{{");
    return !isTemplate || format.contains("CPUPerc") || format.contains("json");
  }

  /** Until the terminal is closed, the user interrupts, or all that were named are gone. */
  private static int stream(
      Session session, Arguments arguments, StatsSampler sampler, String format) {
    boolean terminal = Session.isTerminal(1);
    boolean inPlace = terminal && !format.equals("json");
    if (inPlace) {
      session.out().print(HOME + CLEAR_BELOW);
    }
    while (true) {
      long began = System.nanoTime();
      List<StatsSample> samples = sampler.sample();
      if (samples.isEmpty() && !arguments.positional().isEmpty()) {
        return 0;
      }
      ByteArrayOutputStream frame = new ByteArrayOutputStream();
      print(
          new PrintStream(frame, false, StandardCharsets.UTF_8), format, rows(samples, arguments));
      String text = frame.toString(StandardCharsets.UTF_8);
      session
          .out()
          .print(inPlace ? HOME + text.replace("\n", CLEAR_LINE + "\n") + CLEAR_BELOW : text);
      if (session.out().checkError()) {
        return 0; // nobody reads it any more
      }
      pause(INTERVAL_MILLIS - (System.nanoTime() - began) / 1_000_000);
    }
  }

  private static List<JsonObject> rows(List<StatsSample> samples, Arguments arguments) {
    List<JsonObject> rows = new ArrayList<>();
    for (StatsSample sample : samples) {
      rows.add(StatsRow.of(sample, arguments.flag("no-trunc")));
    }
    return rows;
  }

  private static void print(PrintStream out, String format, List<JsonObject> rows) {
    LISTING.print(out, format, rows);
    out.flush();
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(Math.max(0, millis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
