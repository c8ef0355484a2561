package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.cli.value.SignalName;
import io.hardway.cli.value.WholeNumber;
import java.io.IOException;
import java.util.Optional;

/** {@code stop}: asks containers to end, and kills them when they have not. */
final class StopCommand implements Command {

  @Override
  public OptionTable table() {
    return new OptionTable(
            "stop",
            "[OPTIONS] CONTAINER [CONTAINER...]",
            "Ask containers to end, and kill them when they have not")
        .value("signal", 's', "signal", "The signal that asks; by default the container's own")
        .value(
            "timeout",
            't',
            "seconds",
            "Seconds until the kill; -1 for never; by default the container's own")
        .alias("time", "timeout")
        .arguments(1, Integer.MAX_VALUE);
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    int signal = arguments.value("signal", SignalName::parse).orElse(0);
    Optional<Integer> seconds =
        arguments.value("timeout", WholeNumber.between(-1, 1_000_000_000)).map(Long::intValue);
    return session.forEach(
        arguments.positional(), container -> session.engine().stop(container, signal, seconds));
  }
}
