package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import java.io.IOException;

/** {@code network disconnect}: takes a container from a network, also while it runs. */
final class NetworkDisconnectCommand implements Command {

  @Override
  public OptionTable table() {
    return new OptionTable(
            "network disconnect",
            "[OPTIONS] NETWORK CONTAINER",
            "Take a container from a network, also while it runs")
        .flag("force", 'f', "One that is not of the network, or does not exist, is no error")
        .arguments(2, 2);
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    session.reconcile();
    String network = NetworkConnectCommand.name(session, arguments.positional().get(0));
    String container = arguments.positional().get(1);
    if (arguments.flag("force") && !isOf(session, container, network)) {
      return 0;
    }
    session.perform(
        session.engine().connections().disconnect(container, network, session.preparation()));
    return 0;
  }

  private static boolean isOf(Session session, String container, String network) {
    return session.engine().containers().has(container)
        && session.engine().containers().find(container).config().networks().stream()
            .anyMatch(known -> known.name().equals(network));
  }
}
