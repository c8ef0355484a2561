package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.BundleOptions;
import java.io.IOException;
import java.util.Optional;

/** {@code restore}: makes a container from a checkpoint, which goes on where it was. */
final class OciRestoreCommand implements OciCommand {

  @Override
  public OptionTable table() {
    return OciCheckpointFlags.add(
            new OptionTable(
                    "restore",
                    "[OPTIONS] CONTAINER",
                    "Make a container from a checkpoint: it goes on where it was")
                .program(OciMain.PROGRAM)
                .value("bundle", 'b', "directory", "The bundle; the current directory by default"))
        .value("console-socket", "socket", "Send the terminal to this unix socket")
        .flag("detach", 'd', "Do not wait until it has ended")
        .value("lsm-mount-context", "context", "The label of mounts that have one")
        .value("lsm-profile", "TYPE:NAME", "The security label instead of the one it had")
        .flag("no-pivot", "Is refused: criu changes the root by pivot_root")
        .flag("no-subreaper", "Leave orphans to others: always so with --detach")
        .value("pid-file", "file", "Write the pid of the process to this file")
        .arguments(1, 1);
  }

  @Override
  public int run(OciSession session, Arguments arguments) throws IOException {
    if (arguments.flag("no-pivot")) {
      throw arguments.refuse(
          "--no-pivot cannot be had: criu changes the root by pivot_root; leave it out");
    }
    boolean detaches = arguments.flag("detach");
    if (arguments.flag("no-subreaper") && !detaches) {
      throw arguments.refuse(
          "--no-subreaper cannot be had without --detach: who waits for a container takes its orphans too");
    }
    BundleOptions options =
        new BundleOptions(
            OciCreateCommand.path(session, arguments, "pid-file"),
            OciCreateCommand.path(session, arguments, "console-socket"),
            Optional.empty(),
            0,
            session.groups());
    return session.performLast(
        session
            .engine()
            .restore(
                arguments.positional().get(0),
                session.absolute(arguments.text("bundle").orElse("")),
                options,
                detaches ? BundleOptions.Until.STARTED : BundleOptions.Until.ENDED,
                OciCheckpointFlags.read(session, arguments))
            .plan());
  }
}
