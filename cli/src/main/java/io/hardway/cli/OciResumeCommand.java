package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.BundleEngine;
import java.io.IOException;

/** {@code resume}. */
final class OciResumeCommand implements OciCommand {
  @Override
  public OptionTable table() {
    return new OptionTable("resume", "CONTAINER", "Let all processes of a paused container go on")
        .program(OciMain.PROGRAM)
        .arguments(1, 1);
  }

  @Override
  public int run(OciSession session, Arguments arguments) throws IOException {
    BundleEngine engine = session.engine();
    return session.performLast(engine.resume(engine.find(arguments.positional().get(0))));
  }
}
