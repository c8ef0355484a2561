package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import java.io.IOException;

/** {@code pause}: makes all processes of containers stand still. */
final class PauseCommand implements Command {

  @Override
  public OptionTable table() {
    return new OptionTable(
            "pause", "CONTAINER [CONTAINER...]", "Make all processes of containers stand still")
        .arguments(1, Integer.MAX_VALUE);
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    return session.forEach(arguments.positional(), container -> session.engine().pause(container));
  }
}
