package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What {@code volume inspect} and {@code network inspect} print: JSON, or a template filled. */
final class Inspection {
  private Inspection() {}

  /**
   * Tells of each that was named; the exit code.
   *
   * @param complaint what is said of a name that there is none of
   */
  static int print(
      Session session,
      Arguments arguments,
      Function<String, Optional<JsonObject>> find,
      Function<String, String> complaint) {
    List<Object> found = new ArrayList<>();
    int code = 0;
    for (String name : arguments.positional()) {
      Optional<JsonObject> one = find.apply(name);
      one.ifPresent(found::add);
      if (one.isEmpty()) {
        session.err().println("hardway: " + complaint.apply(name));
        code = 1;
      }
    }
    String format = arguments.text("format").orElse("json");
    if (format.equals("json")) {
      session.out().println(PrettyJson.of(found));
    } else {
      Template template = new Template(format);
      found.forEach(one -> session.out().println(template.fill(one)));
    }
    return code;
  }
}
