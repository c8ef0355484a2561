package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.ContainerConfig;
import io.hardway.core.RunOptions;
import java.io.IOException;
import java.nio.file.Path;

/** {@code create}: makes a container, to be started later. */
final class CreateCommand implements Command {

  @Override
  public OptionTable table() {
    return ContainerOptions.addTo(
            new OptionTable(
                "create",
                "[OPTIONS] --rootfs ROOT [--] COMMAND [ARG...]",
                "Make a container, to be started later"))
        .optionsFirst();
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    RunCommand.requireNoIdFile(session, arguments);
    ContainerConfig config = ContainerFlags.read(session, arguments);
    RunOptions.Builder options = RunOptions.builder();
    arguments
        .text("cidfile")
        .ifPresent(file -> options.idFile(Path.of(session.workingDirectory()).resolve(file)));
    return session.performLast(
        session
            .engine()
            .create(config, session.preparation(), config.id() + "\n", options.build()));
  }
}
