package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;

/** {@code version}: tells which Hardway this is, and on what it runs. */
final class VersionCommand implements Command {

  @Override
  public OptionTable table() {
    return new OptionTable("version", "[OPTIONS]", "Tell which Hardway this is")
        .value("format", 'f', "format", "json, or a template like '{{.Version}}'")
        .arguments(0, 0);
  }

  @Override
  public int run(Session session, Arguments arguments) {
    String format = arguments.text("format").orElse("");
    if (!format.isEmpty()) {
      JsonWriter json = new JsonWriter().beginObject();
      json.field("Version", Version.text())
          .field("OciVersion", "1.3.0")
          .field("Java", Runtime.version().toString())
          .field("KernelVersion", System.getProperty("os.version"))
          .field("Arch", session.host().architecture());
      String text = json.endObject().toString();
      session
          .out()
          .println(
              format.equals("json")
                  ? text
                  : new Template(format).fill(JsonObject.parse("version", text)));
      return 0;
    }
    session.out().println("hardway version " + Version.text());
    session.out().println("OCI runtime specification 1.3.0");
    session
        .out()
        .println(
            "Java "
                + Runtime.version()
                + ", Linux "
                + System.getProperty("os.version")
                + " "
                + session.host().architecture());
    return 0;
  }
}
