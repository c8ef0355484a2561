package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.cli.value.DetachKeys;
import io.hardway.core.RunOptions;
import java.io.IOException;

/** {@code attach}: connects the terminal to a running container. The planner is gone meanwhile. */
final class AttachCommand implements Command {

  @Override
  public OptionTable table() {
    return new OptionTable(
            "attach",
            "[OPTIONS] CONTAINER",
            "Connect standard input, output and error to a running container")
        .value("detach-keys", "keys", "The keys that let go of the terminal")
        .flag("no-stdin", "Do not pass standard input on")
        .enabledFlag("sig-proxy", "Pass signals on to the container")
        .arguments(1, 1);
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    session.reconcile();
    var container = session.engine().containers().find(arguments.positional().get(0));
    RunOptions options =
        RunOptions.builder()
            .attachInput(!arguments.flag("no-stdin") && container.config().openStdin())
            .forwardSignals(arguments.flag("sig-proxy"))
            .detachKeys(
                arguments.value("detach-keys", DetachKeys::parse).orElse(RunOptions.DETACH_KEYS))
            .build();
    return session.performLast(session.engine().attach(container, options));
  }
}
