package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.ContainerRecord;
import io.hardway.core.HardwayException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code wait}: waits until containers have ended, and prints their exit codes. The planner is gone
 * meanwhile.
 */
final class WaitCommand implements Command {

  @Override
  public OptionTable table() {
    return new OptionTable(
            "wait",
            "CONTAINER [CONTAINER...]",
            "Wait until containers have ended, and print their exit codes")
        .arguments(1, Integer.MAX_VALUE);
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    session.reconcile();
    List<ContainerRecord> containers = new ArrayList<>();
    boolean isMissing = false;
    for (String reference : arguments.positional()) {
      try {
        containers.add(session.engine().containers().find(reference));
      } catch (HardwayException e) {
        session.err().println("hardway: " + e.getMessage());
        isMissing = true;
      }
    }
    int code = isMissing ? 1 : 0;
    return containers.isEmpty()
        ? code
        : session.performLast(session.engine().await(containers, code));
  }
}
