package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import java.io.IOException;

/**
 * {@code system reconcile}: cleans up after containers whose owner is gone, as every command does
 * before its work.
 */
final class ReconcileCommand implements Command {

  @Override
  public OptionTable table() {
    return new OptionTable(
            "system reconcile", "", "Clean up after containers whose owner was killed")
        .arguments(0, 0);
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    session.perform(session.engine().reconcile());
    if (!session.isPreview()) {
      session.engine().giveBackReservations();
    }
    return 0;
  }
}
