package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.ContainerRecord;
import io.hardway.core.Status;
import io.hardway.init.PlanFailedException;
import java.io.IOException;

/**
 * {@code prune}, {@code system prune}: deletes all containers that do not run, and then the
 * unpacked archives that no container is made of.
 */
final class PruneCommand implements Command {
  private static final String WARNING =
      "WARNING! This will remove all stopped containers, and unpacked archives that no container is made of.";

  private final String name;

  /** Under one of its names. */
  PruneCommand(String name) {
    this.name = name;
  }

  @Override
  public OptionTable table() {
    return new OptionTable(
            name,
            "[OPTIONS]",
            "Delete all containers that do not run, and unpacked archives that none is made of")
        .flag("force", 'f', "Do not ask")
        .arguments(0, 0);
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    session.reconcile();
    if (!arguments.flag("force") && !Confirmation.given(session, WARNING)) {
      return 0;
    }
    int code = 0;
    boolean first = true;
    for (ContainerRecord container : session.engine().containers().all()) {
      if (container.status() != Status.EXITED && container.status() != Status.CREATED) {
        continue;
      }
      try {
        session.perform(session.engine().remove(container, false, true));
        session.out().println((first ? "Deleted Containers:\n" : "") + container.config().id());
        first = false;
      } catch (PlanFailedException e) {
        session.err().println(e.getMessage());
        code = 1;
      }
    }
    first = true;
    for (String deleted : session.engine().pruneStore(session.preparation())) {
      session.out().println((first ? "Deleted Root File Systems:\n" : "") + deleted);
      first = false;
    }
    return code;
  }
}
