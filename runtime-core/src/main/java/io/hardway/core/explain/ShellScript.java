package io.hardway.core.explain;

import io.hardway.spi.Container;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.Step;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A plan as one script that does the same by hand: run as root it makes the container, with {@code
 * undo} it takes everything back. The steps are the plan's, in its order; what no tool of a shell
 * can do is said at its place and at the top.
 *
 * <p>The script keeps none of the engine's books about a new container (locks, names, records), so
 * that no other command takes it for one of its own. What is done in a container that the engine
 * has, like {@code update}, is noted where the engine looks for it.
 *
 * @since 0.1
 */
public final class ShellScript {

  /** Writes the script. */
  public void write(Explanation explanation, Appendable out) throws IOException {
    boolean makes = ScriptBody.makesContainer(explanation.plan());
    Set<String> omitted = new LinkedHashSet<>();
    ScriptBody body = new ScriptBody(explanation, omitted);
    body.add(explanation.plan(), explanation.teardown());
    StringBuilder undo = makes ? body.undo(explanation) : new StringBuilder();
    out.append("#!/bin/bash\n# ").append(comment(explanation.command())).append("\n#\n");
    out.append("# The same by hand, to be run as root: `sh FILE` does it");
    out.append(makes ? ", `sh FILE undo` takes everything back.\n" : ".\n");
    out.append("# Paths in the container are looked up by the host's programs: use a root file\n");
    out.append("# system that you trust.\n");
    if (!omitted.isEmpty()) {
      out.append("#\n# Left out, since a shell cannot do it or needs it not:\n");
      for (String line : omitted) {
        out.append("# * ").append(comment(line)).append('\n');
      }
    }
    out.append('\n').append(prelude()).append('\n');
    Optional<Container> container = explanation.container();
    if (container.isPresent()) {
      Container shown = makes ? byHand(container.get(), explanation.plan()) : container.get();
      for (String line :
          new ShellWords(explanation.plan(), container, ShellWords.Length.WHOLE)
              .assignments(shown)) {
        out.append(line).append('\n');
      }
    }
    out.append('\n').append(body.functions());
    if (makes) {
      out.append("undo() {\n  set +e\n").append(undo).append("}\n\n");
    }
    out.append(main(body, makes));
  }

  private static String main(ScriptBody body, boolean undoes) {
    StringBuilder text = new StringBuilder("case ${1-} in\n");
    text.append("  '') outside ;;\n");
    if (undoes) {
      text.append("  undo) undo ;;\n");
    }
    if (body.stages() > 0) {
      text.append("  inside_*) \"$1\" ;;\n");
    }
    return text.append("  *) die \"usage: sh $0")
        .append(undoes ? " [undo]" : "")
        .append("\" ;;\nesac\n")
        .toString();
  }

  /** A new container's directories are not where the engine looks for its own. */
  private static Container byHand(Container container, Plan plan) {
    Container.Builder builder = container.toBuilder().state(beside(container.state()));
    for (Step step : plan.steps()) {
      if (step.operation() instanceof Operation.Mkdir mkdir
          && mkdir.path().toString().equals(container.data().toString())) {
        builder.data(beside(container.data()));
      }
    }
    return builder.build();
  }

  private static Path beside(Path directory) {
    Path parent = directory.getParent();
    return parent == null || parent.getParent() == null
        ? directory
        : parent.getParent().resolve("by-hand").resolve(directory.getFileName());
  }

  /** A text that cannot leave the comment it stands in. */
  static String comment(String text) {
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      safe.append(c < ' ' || c == 0x7f ? ' ' : c);
    }
    return safe.toString();
  }

  private static String prelude() {
    try (InputStream in = ShellScript.class.getResourceAsStream("prelude.sh")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
