package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.BundleEngine;
import java.io.IOException;

/** {@code pause}. */
final class OciPauseCommand implements OciCommand {
  @Override
  public OptionTable table() {
    return new OptionTable("pause", "CONTAINER", "Make all processes of a container stand still")
        .program(OciMain.PROGRAM)
        .arguments(1, 1);
  }

  @Override
  public int run(OciSession session, Arguments arguments) throws IOException {
    BundleEngine engine = session.engine();
    return session.performLast(engine.pause(engine.find(arguments.positional().get(0))));
  }
}
