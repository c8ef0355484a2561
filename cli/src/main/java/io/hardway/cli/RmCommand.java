package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.cli.option.UsageException;
import io.hardway.core.ContainerRecord;
import io.hardway.core.HardwayException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code rm}: deletes containers. */
final class RmCommand implements Command {

  @Override
  public OptionTable table() {
    return new OptionTable("rm", "[OPTIONS] CONTAINER [CONTAINER...]", "Delete containers")
        .flag("all", 'a', "All containers")
        .flag("force", 'f', "Kill the ones that run; one that does not exist is no error")
        .flag("volumes", 'v', "Delete the volumes without names that belong to them")
        .arguments(0, Integer.MAX_VALUE);
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    boolean force = arguments.flag("force");
    session.reconcile();
    List<String> targets = new ArrayList<>();
    if (arguments.flag("all")) {
      for (ContainerRecord container : session.engine().containers().all()) {
        targets.add(container.config().name());
      }
    } else if (arguments.positional().isEmpty()) {
      throw new UsageException(
          arguments.table(),
          "'hardway rm' requires at least 1 argument",
          UsageException.WRONG_ARGUMENTS);
    }
    for (String reference : arguments.positional()) {
      if (force && isMissing(session, reference)) {
        session.err().println("hardway: No such container: " + reference);
      } else {
        targets.add(reference);
      }
    }
    return session.forEach(
        targets, container -> session.engine().remove(container, force, arguments.flag("volumes")));
  }

  /** Whether the words mean no container; those that may mean several are no such words. */
  private static boolean isMissing(Session session, String reference) {
    try {
      return !session.engine().containers().has(reference);
    } catch (HardwayException ambiguous) {
      return false;
    }
  }
}
