package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.ContainerRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code network reload}: makes rules of the host anew that somebody has flushed. */
final class NetworkReloadCommand implements Command {

  @Override
  public OptionTable table() {
    return new OptionTable(
            "network reload",
            "[OPTIONS] [CONTAINER...]",
            "Make the rules of containers' networks and ports anew, where somebody has flushed them")
        .flag("all", 'a', "All that run")
        .arguments(0, Integer.MAX_VALUE);
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    List<String> references = new ArrayList<>(arguments.positional());
    if (references.isEmpty() != arguments.flag("all")) {
      throw arguments.refuse("name containers, or give --all");
    }
    session.reconcile();
    if (references.isEmpty()) {
      session.engine().holdForChange(running(session), session.preparation());
      running(session).forEach(container -> references.add(container.config().id()));
    } else {
      session.engine().holdForChange(session.found(references), session.preparation());
    }
    return session.forEach(
        references, container -> session.engine().connections().reload(container));
  }

  private static List<ContainerRecord> running(Session session) {
    List<ContainerRecord> running = new ArrayList<>(session.engine().containers().all());
    running.removeIf(container -> !container.status().isAlive());
    return running;
  }
}
