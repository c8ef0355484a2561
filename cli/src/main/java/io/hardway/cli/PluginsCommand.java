package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.PluginEntry;
import io.hardway.core.json.JsonWriter;
import io.hardway.spi.Support;

/** {@code plugins}: lists the plugins there are, and whether they work here. */
final class PluginsCommand implements Command {

  @Override
  public OptionTable table() {
    return new OptionTable(
            "plugins", "[OPTIONS]", "List the plugins there are, and whether they work here")
        .value("format", "format", "json or table")
        .arguments(0, 0);
  }

  @Override
  public int run(Session session, Arguments arguments) {
    String format = arguments.text("format").orElse("table");
    if (!format.equals("table") && !format.equals("json")) {
      throw arguments.refuse("format", format, "there are json and table");
    }
    Table table = new Table("KIND", "NAME", "ORIGIN", "USABLE", "DESCRIPTION");
    for (PluginEntry entry : session.engine().plugins().all()) {
      Support support = entry.probe(session.host());
      if (format.equals("json")) {
        JsonWriter json = new JsonWriter().beginObject();
        json.field("Kind", entry.kind().label())
            .field("Name", entry.name())
            .field("Origin", entry.origin());
        json.field("Usable", support.isUsable())
            .field("Score", support.score())
            .field("Reason", support.reason())
            .field("Description", entry.description());
        session.out().println(json.endObject());
      } else {
        table.add(
            entry.kind().label(),
            entry.name(),
            entry.origin(),
            support.isUsable() ? "yes" : "no",
            support.isUsable() ? entry.description() : support.reason());
      }
    }
    if (format.equals("table")) {
      table.print(session.out());
    }
    for (String complaint : session.engine().plugins().complaints()) {
      session.err().println("hardway: " + complaint);
    }
    return 0;
  }
}
