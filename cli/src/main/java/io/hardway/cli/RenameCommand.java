package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import java.io.IOException;

/** {@code rename}: gives a container another name. */
final class RenameCommand implements Command {

  @Override
  public OptionTable table() {
    return new OptionTable("rename", "CONTAINER NAME", "Give a container another name")
        .arguments(2, 2);
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    session.reconcile();
    var container = session.engine().containers().find(arguments.positional().get(0));
    session.perform(
        session.engine().rename(container, arguments.positional().get(1), session.preparation()));
    return 0;
  }
}
