package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import java.io.IOException;

/** {@code unpause}: lets the processes of containers go on. */
final class UnpauseCommand implements Command {

  @Override
  public OptionTable table() {
    return new OptionTable(
            "unpause", "CONTAINER [CONTAINER...]", "Let the processes of paused containers go on")
        .arguments(1, Integer.MAX_VALUE);
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    return session.forEach(
        arguments.positional(), container -> session.engine().unpause(container));
  }
}
