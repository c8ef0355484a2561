package io.hardway.core.explain;

import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A plan for a reader: by phase and plugin, each step with its number (the one errors name), what
 * it is for, and the shell command that does the same.
 *
 * @since 0.1
 */
public final class TextExplanation {
  private static final int LABEL = 44;
  private static final int INDENT = 4;

  private final Colours colours;
  private final int columns;
  private final List<String> plugins = new ArrayList<>();

  /**
   * A renderer.
   *
   * @param columns the width of the terminal; commands that are longer go on in the next line. 0:
   *     lines as long as they are
   */
  public TextExplanation(Colours colours, int columns) {
    this.colours = colours;
    this.columns = columns;
  }

  /** Writes the explanation. */
  public void write(Explanation explanation, Appendable out) throws IOException {
    ShellWords words =
        new ShellWords(explanation.plan(), explanation.container(), ShellWords.Length.SHORTENED);
    out.append(colours.bold(explanation.command())).append('\n');
    if (explanation.container().isPresent()) {
      out.append('\n');
      for (String line : words.assignments(explanation.container().get())) {
        out.append("  ").append(colours.faint(line)).append('\n');
      }
    }
    write(explanation.plan(), words, "", out);
    if (explanation.teardown().isPresent()) {
      write(explanation.teardown().get(), words, "undo, when it has ended or is found dead", out);
    }
    if (explanation.removal().isPresent()) {
      write(explanation.removal().get(), words, "undo, when it is removed", out);
    }
  }

  private void write(Plan plan, ShellWords words, String title, Appendable out) throws IOException {
    ShellCommands commands = new ShellCommands(words);
    List<Step> steps = plan.steps();
    int digits = Integer.toString(steps.size()).length();
    int width = labelWidth(steps);
    String phase = "";
    String plugin = "";
    if (!title.isEmpty()) {
      out.append('\n').append(heading(title, steps.size())).append('\n');
    }
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (title.isEmpty() && !step.phase().equals(phase)) {
        phase = step.phase();
        plugin = "";
        out.append('\n').append(heading(phase + ", " + PhaseTexts.of(phase), 0)).append('\n');
      }
      if (!step.plugin().equals(plugin)) {
        plugin = step.plugin();
        out.append("  ").append(colours.plugin(index(plugin), plugin)).append('\n');
      }
      writeStep(i + 1, digits, width, step, commands.of(step.operation()), out);
    }
  }

  private String heading(String text, int steps) {
    return colours.bold(text)
        + (steps == 0 ? "" : colours.faint(" (" + steps + (steps == 1 ? " step)" : " steps)")));
  }

  private int index(String plugin) {
    if (!plugins.contains(plugin)) {
      plugins.add(plugin);
    }
    return plugins.indexOf(plugin);
  }

  private static int labelWidth(List<Step> steps) {
    int width = 0;
    for (Step step : steps) {
      width = Math.max(width, Math.min(LABEL, label(step).length()));
    }
    return width;
  }

  private static String label(Step step) {
    return step.label().replace('\n', ' ');
  }

  private void writeStep(
      int number, int digits, int width, Step step, String command, Appendable out)
      throws IOException {
    String digitsOf = Integer.toString(number);
    String label = label(step);
    out.append(" ".repeat(INDENT + digits - digitsOf.length()))
        .append(colours.faint(digitsOf))
        .append("  ")
        .append(label);
    int column = INDENT + digits + 2 + width + 2;
    if (label.length() > width) {
      out.append('\n').append(" ".repeat(column));
    } else {
      out.append(" ".repeat(width - label.length() + 2));
    }
    List<String> lines =
        wrap(command, columns == 0 ? Integer.MAX_VALUE : Math.max(24, columns - column - 2));
    for (int i = 0; i < lines.size(); i++) {
      if (i > 0) {
        out.append(colours.faint(" \\")).append('\n').append(" ".repeat(column + 2));
      }
      out.append(colours.command(lines.get(i)));
    }
    String tolerance = Tolerance.of(step);
    if (!tolerance.isEmpty()) {
      out.append("  ").append(colours.faint("# " + tolerance));
    }
    out.append('\n');
  }

  /** Breaks at spaces, where nothing is too long to be broken. */
  private static List<String> wrap(String command, int width) {
    List<String> lines = new ArrayList<>();
    String rest = command;
    while (rest.length() > width) {
      int space = rest.lastIndexOf(' ', width);
      if (space <= 0) {
        space = rest.indexOf(' ', width);
      }
      if (space <= 0 || rest.startsWith("#")) {
        break;
      }
      lines.add(rest.substring(0, space));
      rest = rest.substring(space + 1);
    }
    lines.add(rest);
    return lines;
  }
}
