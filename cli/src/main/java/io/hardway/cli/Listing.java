package io.hardway.cli;

import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;
import java.io.PrintStream;
import java.util.List;

/**
 * Rows printed as docker's {@code --format} says: {@code json}, {@code table}, {@code table} with a
 * template whose columns are separated by tabs, or a template alone.
 */
final class Listing {
  private static final String TABLE = "table";

  private final String standard;
  private final JsonObject headings;

  /**
   * A list.
   *
   * @param standard the template of the columns that are printed without a format
   * @param headings the fields, each followed by the heading of its column
   */
  Listing(String standard, String... headings) {
    this.standard = standard;
    JsonWriter json = new JsonWriter().beginObject();
    for (int i = 0; i < headings.length; i += 2) {
      json.field(headings[i], headings[i + 1]);
    }
    this.headings = JsonObject.parse("headings", json.endObject().toString());
  }

  /**
   * Prints rows.
   *
   * @throws IllegalArgumentException where the template is wrong or asks for what there is not
   */
  void print(PrintStream out, String format, List<JsonObject> rows) {
    String asked = format.isEmpty() ? TABLE : format;
    if (asked.equals("json")) {
      rows.forEach(row -> out.println(json(row)));
    } else if (asked.equals(TABLE) || asked.startsWith(TABLE + " ")) {
      Template template =
          new Template(asked.equals(TABLE) ? standard : asked.substring(TABLE.length() + 1));
      Table table = new Table(template.fill(headings).split("\t", -1));
      rows.forEach(row -> table.add(template.fill(row).split("\t", -1)));
      table.print(out);
    } else {
      Template template = new Template(asked);
      rows.forEach(row -> out.println(template.fill(row)));
    }
  }

  private static String json(JsonObject row) {
    return new JsonWriter().any(row).toString();
  }
}
