package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.PluginEntry;
import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;
import io.hardway.spi.Support;
import java.util.ArrayList;
import java.util.List;

/** {@code plugins}: lists the plugins there are, and whether they work here. */
final class PluginsCommand implements Command {
  private static final Listing LISTING =
      new Listing(
          "",
          "Kind",
          "KIND",
          "Name",
          "NAME",
          "Origin",
          "ORIGIN",
          "Usable",
          "USABLE",
          "Score",
          "SCORE",
          "Reason",
          "REASON",
          "Description",
          "DESCRIPTION");

  @Override
  public OptionTable table() {
    return new OptionTable(
            "plugins", "[OPTIONS]", "List the plugins there are, and whether they work here")
        .value("format", "format", "json, table, or a template like '{{.Name}}'")
        .arguments(0, 0);
  }

  @Override
  public int run(Session session, Arguments arguments) {
    String format = arguments.text("format").orElse("table");
    List<JsonObject> rows = new ArrayList<>();
    Table table = new Table("KIND", "NAME", "ORIGIN", "USABLE", "DESCRIPTION");
    for (PluginEntry entry : session.engine().plugins().all()) {
      Support support = entry.probe(session.host());
      rows.add(row(entry, support));
      table.add(
          entry.kind().label(),
          entry.name(),
          entry.origin(),
          support.isUsable() ? "yes" : "no",
          support.isUsable() ? entry.description() : support.reason());
    }
    if (format.equals("table")) {
      table.print(session.out());
    } else {
      LISTING.print(session.out(), format, rows);
    }
    for (String complaint : session.engine().plugins().complaints()) {
      session.err().println("hardway: " + complaint);
    }
    return 0;
  }

  private static JsonObject row(PluginEntry entry, Support support) {
    JsonWriter json = new JsonWriter().beginObject();
    json.field("Kind", entry.kind().label())
        .field("Name", entry.name())
        .field("Origin", entry.origin());
    json.field("Usable", support.isUsable())
        .field("Score", support.score())
        .field("Reason", support.reason())
        .field("Description", entry.description());
    return JsonObject.parse(entry.name(), json.endObject().toString());
  }
}
