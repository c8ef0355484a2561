package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.ContainerRecord;
import io.hardway.core.HardwayException;
import io.hardway.spi.PublishedPort;
import java.io.IOException;

/** {@code port}: lists the ports of the host that lead to a container. */
final class PortCommand implements Command {
  @Override
  public OptionTable table() {
    return new OptionTable(
            "port",
            "CONTAINER [PORT[/PROTOCOL]]",
            "List the ports of the host that lead to a container")
        .arguments(1, 2);
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    session.reconcile();
    ContainerRecord container = session.engine().containers().find(arguments.positional().get(0));
    String wanted = arguments.positional().size() > 1 ? arguments.positional().get(1) : "";
    String target = wanted.isEmpty() || wanted.indexOf('/') >= 0 ? wanted : wanted + "/tcp";
    boolean found = false;
    for (PublishedPort port : container.ports()) {
      String own = PortText.target(port);
      if (target.isEmpty()) {
        session.out().println(own + " -> " + PortText.host(port));
      } else if (own.equals(target)) {
        found = true;
        session.out().println(PortText.host(port));
      }
    }
    if (!target.isEmpty() && !found) {
      throw new HardwayException(
          "no public port '"
              + target
              + "' published for "
              + container.config().name()
              + (container.status().isAlive() ? "" : ": it does not run"),
          1);
    }
    return 0;
  }
}
