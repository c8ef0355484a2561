package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.spi.FileChange;
import java.io.IOException;

/** {@code diff}: shows what a container has changed in its root. */
final class DiffCommand implements Command {

  @Override
  public OptionTable table() {
    return new OptionTable(
            "diff",
            "CONTAINER",
            "Show what a container has changed in its root: A added, C changed, D deleted")
        .arguments(1, 1);
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    session.reconcile();
    var container = session.engine().containers().find(arguments.positional().get(0));
    for (FileChange change : session.engine().changes(container.config())) {
      session.out().println(letter(change.kind()) + " " + change.path());
    }
    return 0;
  }

  private static String letter(String kind) {
    return kind.substring(0, 1).toUpperCase(java.util.Locale.ROOT);
  }
}
