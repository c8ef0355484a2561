package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.cli.value.SignalName;
import java.io.IOException;
import java.util.List;

/** {@code kill}: sends containers a signal. */
final class KillCommand implements Command {
  private static final int SIGKILL = 9;

  @Override
  public OptionTable table() {
    return new OptionTable(
            "kill", "[OPTIONS] CONTAINER [CONTAINER...]", "Send running containers a signal")
        .value("signal", 's', "signal", "The signal; KILL by default")
        .arguments(1, Integer.MAX_VALUE);
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    int signal = arguments.value("signal", SignalName::parse).orElse(SIGKILL);
    return session.forEach(
        arguments.positional(), container -> session.engine().kill(List.of(container), signal));
  }
}
