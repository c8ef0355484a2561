package io.hardway.cli;

import io.hardway.cli.TraceRecording.Timed;
import io.hardway.core.explain.ErrorNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A trace as one page without scripts or anything from elsewhere: a bar for each step where it lies
 * in time, the program's own time cut out, and totals. Every step opens to its details.
 */
final class TracePage {
  private static final int COLOURS = 8;
  private static final int TICKS = 5;

  private final TraceRecording recording;
  private final List<String> plugins;
  private final StringBuilder page = new StringBuilder();
  private long begin;
  private long total;

  TracePage(TraceRecording recording) {
    this.recording = recording;
    Set<String> names = new TreeSet<>();
    for (Timed timed : recording.steps()) {
      names.add(timed.step().plugin());
    }
    this.plugins = new ArrayList<>(names);
  }

  /** The page. */
  String write() {
    long end = Long.MIN_VALUE;
    begin = Long.MAX_VALUE;
    long waited = 0;
    for (Timed timed : recording.steps()) {
      begin = Math.min(begin, timed.start());
      end = Math.max(end, timed.start() + timed.duration());
      waited += timed.isWaiting() ? timed.duration() : 0;
    }
    total = recording.steps().isEmpty() ? 1 : Math.max(1, end - begin - waited);
    page.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.append("<meta http-equiv=\"Content-Security-Policy\"");
    page.append(" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
    page.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.append("<title>").append(escape(recording.command())).append("</title>\n<style>\n");
    page.append(style()).append("</style>\n</head>\n<body>\n<header>\n<h1><code>");
    page.append(escape(recording.command())).append("</code></h1>\n");
    page.append("<p><strong>")
        .append(millis(total))
        .append("</strong> in ")
        .append(recording.steps().size())
        .append(" steps");
    if (waited > 0) {
      page.append(", without the <strong>")
          .append(millis(waited))
          .append("</strong> that were the program's own");
    }
    page.append(".</p>\n");
    failure();
    page.append("</header>\n<div class=\"totals\">\n");
    totals("Time by plugin", true);
    totals("Time by phase", false);
    page.append("</div>\n");
    waterfall();
    return page.append("</body>\n</html>\n").toString();
  }

  private void failure() {
    for (Timed timed : recording.steps()) {
      if (timed.isFailure()) {
        page.append("<p class=\"failure\">Step ")
            .append(timed.index())
            .append(" failed: ")
            .append(escape(timed.step().label()))
            .append(": ")
            .append(ErrorNames.of(timed.errno()))
            .append("</p>\n");
      }
    }
  }

  private void totals(String title, boolean byPlugin) {
    Map<String, long[]> sums = new LinkedHashMap<>();
    long longest = 1;
    for (Timed timed : recording.steps()) {
      if (!timed.isWaiting()) {
        long[] sum =
            sums.computeIfAbsent(
                byPlugin ? timed.step().plugin() : timed.phase(), key -> new long[2]);
        sum[0] += timed.duration();
        sum[1]++;
        longest = Math.max(longest, sum[0]);
      }
    }
    page.append("<table>\n<caption>").append(title).append("</caption>\n");
    page.append("<thead><tr><th scope=\"col\">").append(byPlugin ? "plugin" : "phase");
    page.append("</th><th scope=\"col\">steps</th><th scope=\"col\">time</th>");
    page.append(
        "<th scope=\"col\"><span class=\"hidden\">share</span></th></tr></thead>\n<tbody>\n");
    for (Map.Entry<String, long[]> entry : sums.entrySet()) {
      page.append("<tr><th scope=\"row\">").append(escape(entry.getKey())).append("</th><td>");
      page.append(entry.getValue()[1]).append("</td><td>").append(millis(entry.getValue()[0]));
      page.append("</td><td class=\"share\"><i class=\"");
      page.append(byPlugin ? colour(entry.getKey()) : "phase");
      page.append("\" style=\"width:").append(percent(entry.getValue()[0], longest));
      page.append("\"></i></td></tr>\n");
    }
    page.append("</tbody>\n</table>\n");
  }

  private String colour(String plugin) {
    return "c" + plugins.indexOf(plugin) % COLOURS;
  }

  private void waterfall() {
    page.append("<main>\n<h2>Steps over time</h2>\n<div class=\"axis\" aria-hidden=\"true\">");
    for (int i = 0; i <= TICKS; i++) {
      page.append("<span style=\"left:")
          .append(percent(i, TICKS))
          .append("\">")
          .append(millis(total * i / TICKS))
          .append("</span>");
    }
    page.append("</div>\n");
    String group = "";
    long cut = 0;
    for (Timed timed : recording.steps()) {
      String actor = timed.step().actor().number() == 0 ? "outside" : "inside the container";
      String here = timed.step().plugin() + ", " + actor;
      if (!here.equals(group)) {
        page.append(group.isEmpty() ? "" : "</section>\n");
        page.append("<section>\n<h3><i class=\"")
            .append(colour(timed.step().plugin()))
            .append("\"></i>")
            .append(escape(here))
            .append("</h3>\n");
        group = here;
      }
      step(timed, timed.start() - begin - cut, actor);
      cut += timed.isWaiting() ? timed.duration() : 0;
    }
    page.append(group.isEmpty() ? "" : "</section>\n").append("</main>\n");
  }

  private void step(Timed timed, long at, String actor) {
    String error = timed.errno() == 0 ? "" : ErrorNames.of(timed.errno());
    page.append("<details")
        .append(timed.isFailure() ? " class=\"failed\" open" : "")
        .append("><summary title=\"")
        .append(escape(timed.step().plugin() + ", " + timed.phase()))
        .append(": ")
        .append(escape(timed.step().operation().keyword()))
        .append(error.isEmpty() ? "" : ", " + error)
        .append("\"><span class=\"number\">")
        .append(timed.index())
        .append("</span><span class=\"label\">")
        .append(escape(timed.step().label()))
        .append("</span><span class=\"time\">")
        .append(micros(timed.duration()))
        .append("</span><span class=\"lane\"><i class=\"")
        .append(timed.isWaiting() ? "wait" : colour(timed.step().plugin()))
        .append("\" style=\"left:")
        .append(percent(at, total));
    if (!timed.isWaiting()) {
      page.append(";width:").append(percent(timed.duration(), total));
    }
    page.append("\"></i></span></summary>\n<dl>");
    row("plugin", timed.step().plugin());
    row("phase", timed.phase());
    row("who", actor);
    row("operation", timed.step().operation().keyword());
    row("began", "after " + micros(at));
    row("took", micros(timed.duration()) + (timed.isWaiting() ? ", the program's own time" : ""));
    if (!error.isEmpty()) {
      row("errno", error + (timed.isFailure() ? "" : ", which is fine here"));
    }
    if (timed.isFailure() && !timed.step().hint().isEmpty()) {
      row("what to do", timed.step().hint());
    }
    page.append("</dl></details>\n");
  }

  private void row(String name, String value) {
    page.append("<div><dt>").append(name).append("</dt><dd>").append(escape(value));
    page.append("</dd></div>");
  }

  private static String percent(long part, long whole) {
    long hundredths = Math.max(0, Math.min(10_000, part * 10_000 / whole));
    return hundredths / 100 + "." + (hundredths % 100 < 10 ? "0" : "") + hundredths % 100 + "%";
  }

  private static String millis(long nanos) {
    return thousandths(nanos / 1000) + " ms";
  }

  private static String micros(long nanos) {
    return nanos >= 1_000_000 ? millis(nanos) : thousandths(nanos) + " µs";
  }

  private static String thousandths(long value) {
    String digits = Long.toString(1000 + Math.floorMod(value, 1000L)).substring(1);
    return value / 1000 + "." + digits;
  }

  /** Text that cannot be taken for markup, whatever it holds. */
  static String escape(String text) {
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> safe.append("&amp;");
        case '<' -> safe.append("&lt;");
        case '>' -> safe.append("&gt;");
        case '"' -> safe.append("&quot;");
        case '\'' -> safe.append("&#39;");
        default -> safe.append(c < ' ' && c != '\n' && c != '\t' ? '\ufffd' : c);
      }
    }
    return safe.toString();
  }

  private static String style() {
    try (InputStream in = TracePage.class.getResourceAsStream("trace.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
