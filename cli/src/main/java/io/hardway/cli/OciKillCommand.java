package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.cli.value.SignalName;
import java.io.IOException;

/** {@code kill}: mostly done by the native program. */
final class OciKillCommand implements OciCommand {
  @Override
  public OptionTable table() {
    return new OptionTable(
            "kill", "[OPTIONS] CONTAINER [SIGNAL]", "Send a container a signal; TERM by default")
        .program(OciMain.PROGRAM)
        .flag("all", 'a', "Send it to every process of the container")
        .arguments(1, 2);
  }

  @Override
  public int run(OciSession session, Arguments arguments) throws IOException {
    var words = arguments.positional();
    String signal = words.size() > 1 ? words.get(1) : "TERM";
    int number;
    try {
      number = SignalName.parse(signal);
    } catch (IllegalArgumentException e) {
      throw arguments.refuse(e.getMessage());
    }
    var engine = session.engine();
    return session.performLast(
        engine.kill(engine.find(words.get(0)), number, arguments.flag("all")));
  }
}
