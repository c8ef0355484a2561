package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import java.io.IOException;
import java.nio.file.Files;

/** {@code state}: mostly answered by the native program. */
final class OciStateCommand implements OciCommand {
  @Override
  public OptionTable table() {
    return new OptionTable("state", "CONTAINER", "Print the state of a container as JSON")
        .program(OciMain.PROGRAM)
        .arguments(1, 1);
  }

  @Override
  public int run(OciSession session, Arguments arguments) throws IOException {
    var engine = session.engine();
    var container = engine.find(arguments.positional().get(0));
    String kept = Files.readString(engine.directories().stateFile(container.config().id()));
    session
        .out()
        .print(
            "{\n  \"status\": \""
                + container.status()
                + "\",\n  \"pid\": "
                + container.pid()
                + ","
                + kept.substring(kept.indexOf('\n')));
    return 0;
  }
}
