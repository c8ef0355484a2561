package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.ContainerConfig;
import io.hardway.core.RunOptions;
import java.io.IOException;
import java.nio.file.Path;

/** {@code run}: makes a container and starts it. */
final class RunCommand implements Command {

  @Override
  public OptionTable table() {
    OptionTable table =
        new OptionTable(
            "run",
            "[OPTIONS] --rootfs ROOT [--] COMMAND [ARG...]",
            "Make a container from a root file system and run a command in it");
    ContainerOptions.addTo(table);
    return table
        .flag("detach", 'd', "Run it in the background and print its id")
        .value("detach-keys", "keys", "The keys that let go of the terminal")
        .enabledFlag("sig-proxy", "Pass signals on to the container")
        .optionsFirst();
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    ContainerConfig config = ContainerFlags.read(session, arguments);
    RunOptions.Builder options = options(arguments, config);
    if (arguments.flag("detach")) {
      options.message(config.id() + "\n");
    }
    arguments
        .text("cidfile")
        .ifPresent(file -> options.idFile(Path.of(session.workingDirectory()).resolve(file)));
    return session.performLast(
        session.engine().run(config, session.preparation(), options.build()));
  }

  private static RunOptions.Builder options(Arguments arguments, ContainerConfig config) {
    boolean detached = arguments.flag("detach");
    return RunOptions.builder()
        .detached(detached)
        .attachInput(!detached && config.openStdin())
        .attachOutput(!detached)
        .forwardSignals(arguments.flag("sig-proxy"))
        .detachKeys(arguments.text("detach-keys").orElse(RunOptions.DETACH_KEYS));
  }
}
