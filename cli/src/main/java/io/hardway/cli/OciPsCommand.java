package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.BundleEngine;
import io.hardway.core.json.JsonWriter;
import java.io.IOException;
import java.util.List;

/** {@code ps}: the processes of a container. */
final class OciPsCommand implements OciCommand {
  private static final List<String> USUAL = List.of("-ef");

  @Override
  public OptionTable table() {
    return new OptionTable("ps", "[OPTIONS] CONTAINER [ps OPTIONS]", "List a container's processes")
        .program(OciMain.PROGRAM)
        .value("format", 'f', "format", "table", "What the list looks like: table or json")
        .arguments(1, Integer.MAX_VALUE)
        .optionsFirst();
  }

  @Override
  public int run(OciSession session, Arguments arguments) throws IOException {
    String format = arguments.text("format").orElse("table");
    if (!format.equals("table") && !format.equals("json")) {
      throw arguments.refuse("format", format, "use table or json");
    }
    BundleEngine engine = session.engine();
    List<String> words = arguments.positional();
    List<Long> pids = engine.processes(engine.find(words.get(0)));
    if (format.equals("json")) {
      session.out().println(new JsonWriter().numbers(pids));
    } else {
      List<String> options = words.size() > 1 ? words.subList(1, words.size()) : USUAL;
      session.out().print(PsProgram.print(options, pids));
    }
    return 0;
  }
}
