package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.cli.value.WholeNumber;
import io.hardway.core.BundleOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** {@code create} and {@code run}: makes a container from a bundle. */
final class OciCreateCommand implements OciCommand {
  private static final int MOST_DESCRIPTORS = 1024;

  private final String name;
  private final BundleOptions.Until until;

  OciCreateCommand(String name, BundleOptions.Until until) {
    this.name = name;
    this.until = until;
  }

  private boolean isRun() {
    return until == BundleOptions.Until.ENDED;
  }

  @Override
  public OptionTable table() {
    OptionTable table =
        streams(
            new OptionTable(
                    name,
                    "[OPTIONS] CONTAINER",
                    isRun()
                        ? "Make a container and start it"
                        : "Make a container, which waits for start")
                .program(OciMain.PROGRAM)
                .value("bundle", 'b', "directory", "The bundle; the current directory by default"));
    if (isRun()) {
      table.flag("detach", 'd', "Do not wait until it has ended");
    }
    return table.arguments(1, 1);
  }

  /** Adds what is said of a process's streams and descriptors. */
  static OptionTable streams(OptionTable table) {
    return table
        .value("console-socket", "socket", "Send the terminal to this unix socket")
        .value("pid-file", "file", "Write the pid of the process to this file")
        .value("pidfd-socket", "socket", "Send a pidfd of the process to this unix socket")
        .value("preserve-fds", "count", "Pass so many descriptors from 3 on to the process");
  }

  /** What is said with {@link #streams}. */
  static BundleOptions options(OciSession session, Arguments arguments) {
    long preserved =
        arguments.value("preserve-fds", WholeNumber.between(0, MOST_DESCRIPTORS)).orElse(0L);
    return new BundleOptions(
        path(session, arguments, "pid-file"),
        path(session, arguments, "console-socket"),
        path(session, arguments, "pidfd-socket"),
        (int) preserved,
        session.groups());
  }

  @Override
  public int run(OciSession session, Arguments arguments) throws IOException {
    BundleOptions options = options(session, arguments);
    boolean detaches = isRun() && arguments.flag("detach");
    return session.performLast(
        session
            .engine()
            .create(
                arguments.positional().get(0),
                session.absolute(arguments.text("bundle").orElse("")),
                options,
                detaches ? BundleOptions.Until.STARTED : until)
            .plan());
  }

  /** The path an option names. */
  static Optional<Path> path(OciSession session, Arguments arguments, String name) {
    return arguments.text(name).filter(text -> !text.isEmpty()).map(session::absolute);
  }
}
