package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.CommandLine;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.PlannedCommand;
import io.hardway.core.explain.Colours;
import io.hardway.core.explain.Explanation;
import io.hardway.core.explain.JsonExplanation;
import io.hardway.core.explain.ShellScript;
import io.hardway.core.explain.TextExplanation;
import io.hardway.spi.plan.Plan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code explain}: shows what a command would do, step by step, and does nothing. */
final class ExplainCommand implements Command {

  @Override
  public OptionTable table() {
    return new OptionTable(
            "explain",
            "[OPTIONS] COMMAND [ARG...]",
            "Show what a command would do, step by step, and do nothing")
        .value(
            "format",
            (char) 0,
            "format",
            "text",
            "text, json, or shell: a script that does it by hand")
        .arguments(1, Integer.MAX_VALUE)
        .optionsFirst();
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    List<String> words = arguments.positional();
    Command command = Commands.find(words);
    if (command == null) {
      throw arguments.refuse("'" + words.get(0) + "' is no command that can be explained");
    }
    if (!Commands.isPlanned(command)) {
      throw arguments.refuse(
          "'" + command.table().command() + "' has no plan of its own that could be explained");
    }
    String format = arguments.text("format").orElse("text");
    if (!format.equals("text") && !format.equals("json") && !format.equals("shell")) {
      throw arguments.refuse("format", format, "there are text, json and shell");
    }
    String line = "hardway " + String.join(" ", words);
    List<Explanation> asData = new ArrayList<>();
    session.intercept(
        (from, planned) -> {
          Explanation explanation = explanation(line, planned);
          switch (format) {
            case "json" -> asData.add(explanation);
            case "shell" -> new ShellScript().write(explanation, from.out());
            default -> new TextExplanation(Colours.NONE, 0).write(explanation, from.out());
          }
        });
    int code =
        command.run(
            session,
            CommandLine.parse(
                command.table(), words.subList(Commands.words(command), words.size())));
    if (format.equals("json")) {
      write(asData, session);
    }
    return code;
  }

  /** Many plans, or none, are one document too. */
  private static void write(List<Explanation> explanations, Session session) throws IOException {
    PrintWriter writer = new PrintWriter(session.out());
    if (explanations.size() == 1) {
      new JsonExplanation().write(explanations.get(0), writer);
    } else {
      new JsonExplanation().write(explanations, writer);
    }
    writer.flush();
  }

  private static Explanation explanation(String command, PlannedCommand planned) {
    Explanation explanation = Explanation.of(command, planned.plan());
    if (planned.container().isPresent()) {
      explanation = explanation.withContainer(planned.container().get());
    }
    for (Map.Entry<Path, Plan> stored : planned.stored().entrySet()) {
      String name = stored.getKey().getFileName().toString();
      if (name.equals("update.plan")) {
        continue; // it undoes no container, and only where a step fails
      }
      explanation =
          name.equals("removal.plan")
              ? explanation.withRemoval(stored.getValue())
              : explanation.withTeardown(stored.getValue());
    }
    return explanation;
  }
}
