package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import java.io.IOException;

/** {@code delete}: mostly done by the native program. */
final class OciDeleteCommand implements OciCommand {
  @Override
  public OptionTable table() {
    return new OptionTable("delete", "[OPTIONS] CONTAINER", "Delete a container that has ended")
        .program(OciMain.PROGRAM)
        .flag("force", 'f', "Kill it first where it runs; one that is not there is no failure")
        .arguments(1, 1);
  }

  @Override
  public int run(OciSession session, Arguments arguments) throws IOException {
    return session.performLast(
        session.engine().delete(arguments.positional().get(0), arguments.flag("force")));
  }
}
