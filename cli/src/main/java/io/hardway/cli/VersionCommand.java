package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;

/** {@code version}: tells which Hardway this is, and on what it runs. */
final class VersionCommand implements Command {

  @Override
  public OptionTable table() {
    return new OptionTable("version", "", "Tell which Hardway this is").arguments(0, 0);
  }

  @Override
  public int run(Session session, Arguments arguments) {
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
