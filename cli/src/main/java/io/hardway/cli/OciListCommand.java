package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.BundleEngine;
import io.hardway.core.BundleRecord;
import io.hardway.core.HardwayException;
import io.hardway.core.json.JsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code list}: the containers there are. */
final class OciListCommand implements OciCommand {
  private static final String OWNER = "root";
  private static final int COLUMNS = 6;
  private static final int LEAST_WIDTH = 12;

  @Override
  public OptionTable table() {
    return new OptionTable("list", "[OPTIONS]", "List containers")
        .program(OciMain.PROGRAM)
        .value("format", 'f', "format", "table", "What the list looks like: table or json")
        .flag("quiet", 'q', "Print the ids alone")
        .arguments(0, 0);
  }

  @Override
  public int run(OciSession session, Arguments arguments) throws IOException {
    BundleEngine engine = session.engine();
    String format = arguments.text("format").orElse("table");
    if (!format.equals("table") && !format.equals("json")) {
      throw arguments.refuse("format", format, "use table or json");
    }
    List<BundleRecord> containers = new ArrayList<>();
    for (String id : engine.ids()) {
      if (arguments.flag("quiet")) {
        session.out().println(id);
        continue;
      }
      try {
        containers.add(engine.find(id));
      } catch (HardwayException incomplete) {
        session.err().println(OciMain.PROGRAM + ": " + incomplete.getMessage());
      }
    }
    if (!arguments.flag("quiet")) {
      session.out().print(format.equals("json") ? json(containers) + "\n" : table(containers));
    }
    return 0;
  }

  private static String json(List<BundleRecord> containers) {
    JsonWriter json = new JsonWriter().beginArray();
    for (BundleRecord container : containers) {
      json.beginObject()
          .field("ociVersion", container.config().spec().ociVersion())
          .field("id", container.config().id())
          .field("pid", container.pid())
          .field("status", container.status())
          .field("bundle", container.config().bundle().toString())
          .field("rootfs", container.config().spec().root().path())
          .field("created", container.config().created());
      if (!container.config().spec().annotations().isEmpty()) {
        json.name("annotations").texts(container.config().spec().annotations());
      }
      json.field("owner", OWNER).endObject();
    }
    return json.endArray().toString();
  }

  private static String table(List<BundleRecord> containers) {
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"});
    for (BundleRecord container : containers) {
      rows.add(
          new String[] {
            container.config().id(),
            Long.toString(container.pid()),
            container.status(),
            container.config().bundle().toString(),
            container.config().created(),
            OWNER
          });
    }
    StringBuilder text = new StringBuilder();
    int[] widths = new int[COLUMNS];
    for (String[] row : rows) {
      for (int i = 0; i < COLUMNS - 1; i++) {
        widths[i] = Math.max(Math.max(widths[i], row[i].length()), LEAST_WIDTH - 3);
      }
    }
    for (String[] row : rows) {
      for (int i = 0; i < COLUMNS - 1; i++) {
        text.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 3));
      }
      text.append(row[COLUMNS - 1]).append('\n');
    }
    return text.toString();
  }
}
