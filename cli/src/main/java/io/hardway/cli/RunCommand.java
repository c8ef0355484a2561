package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.cli.value.DetachKeys;
import io.hardway.core.ContainerConfig;
import io.hardway.core.HardwayException;
import io.hardway.core.PlannedCommand;
import io.hardway.core.RunOptions;
import java.io.IOException;
import java.nio.file.Files;
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

  /** Refuses a file of the id that is there already, before anything is made. */
  static void requireNoIdFile(Session session, Arguments arguments) {
    String file = arguments.text("cidfile").orElse("");
    if (!file.isEmpty() && Files.exists(Path.of(session.workingDirectory()).resolve(file))) {
      throw new HardwayException(
          "container ID file found, make sure the other container isn't running or delete " + file);
    }
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    requireNoIdFile(session, arguments);
    ContainerConfig config = ContainerFlags.read(session, arguments);
    RunOptions.Builder options = options(arguments, config);
    if (arguments.flag("detach")) {
      options.message(config.id() + "\n");
    }
    arguments
        .text("cidfile")
        .ifPresent(file -> options.idFile(Path.of(session.workingDirectory()).resolve(file)));
    PlannedCommand planned = session.engine().run(config, session.preparation(), options.build());
    if (arguments.flag("tty") && arguments.flag("interactive") && !arguments.flag("detach")) {
      session.requireTerminal();
    }
    return session.performLast(planned);
  }

  private static RunOptions.Builder options(Arguments arguments, ContainerConfig config) {
    boolean detached = arguments.flag("detach");
    return RunOptions.builder()
        .detached(detached)
        .attachInput(!detached && config.openStdin())
        .attachOutput(!detached)
        .forwardSignals(arguments.flag("sig-proxy"))
        .detachKeys(
            arguments.value("detach-keys", DetachKeys::parse).orElse(RunOptions.DETACH_KEYS));
  }
}
