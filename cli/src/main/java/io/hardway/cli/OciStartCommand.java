package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import java.io.IOException;

/** {@code start}: mostly done by the native program. */
final class OciStartCommand implements OciCommand {
  @Override
  public OptionTable table() {
    return new OptionTable("start", "CONTAINER", "Let a container that was made run its program")
        .program(OciMain.PROGRAM)
        .arguments(1, 1);
  }

  @Override
  public int run(OciSession session, Arguments arguments) throws IOException {
    var engine = session.engine();
    return session.performLast(engine.start(engine.find(arguments.positional().get(0))));
  }
}
