package io.hardway.cli;

import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;
import java.util.List;

/** JSON with a line for each member, four spaces deep, as docker's inspect prints it. */
final class PrettyJson {
  private static final String INDENT = "    ";

  private PrettyJson() {}

  static String of(Object value) {
    StringBuilder out = new StringBuilder();
    append(value, "", out);
    return out.toString();
  }

  private static void append(Object value, String indent, StringBuilder out) {
    if (value instanceof JsonObject object && !object.names().isEmpty()) {
      String separator = "{\n";
      for (String name : object.names()) {
        out.append(separator)
            .append(indent)
            .append(INDENT)
            .append(new JsonWriter().text(name))
            .append(": ");
        append(object.get(name), indent + INDENT, out);
        separator = ",\n";
      }
      out.append('\n').append(indent).append('}');
    } else if (value instanceof List<?> list && !list.isEmpty()) {
      String separator = "[\n";
      for (Object item : list) {
        out.append(separator).append(indent).append(INDENT);
        append(item, indent + INDENT, out);
        separator = ",\n";
      }
      out.append('\n').append(indent).append(']');
    } else {
      out.append(new JsonWriter().any(value));
    }
  }
}
