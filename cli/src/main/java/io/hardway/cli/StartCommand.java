package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.cli.value.DetachKeys;
import io.hardway.core.ContainerRecord;
import io.hardway.core.HardwayException;
import io.hardway.core.PlannedCommand;
import io.hardway.core.RunOptions;
import io.hardway.core.Status;
import io.hardway.init.PlanFailedException;
import java.io.IOException;

/** {@code start}: starts containers that do not run. */
final class StartCommand implements Command {

  @Override
  public OptionTable table() {
    return new OptionTable(
            "start", "[OPTIONS] CONTAINER [CONTAINER...]", "Start containers that do not run")
        .flag("attach", 'a', "Stay with it: show what it prints, pass signals on")
        .value("detach-keys", "keys", "The keys that let go of the terminal")
        .flag("interactive", 'i', "Pass standard input on")
        .arguments(1, Integer.MAX_VALUE);
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    boolean attached = arguments.flag("attach") || arguments.flag("interactive");
    if (attached && arguments.positional().size() > 1) {
      throw new HardwayException("you cannot start and attach multiple containers at once", 1);
    }
    session.reconcile();
    int code = 0;
    for (int i = 0; i < arguments.positional().size(); i++) {
      String reference = arguments.positional().get(i);
      boolean last = i == arguments.positional().size() - 1;
      try {
        ContainerRecord container = session.engine().containers().find(reference);
        if (container.status() == Status.RUNNING && !attached) {
          tell(session, reference);
          continue;
        }
        RunOptions options =
            RunOptions.builder()
                .detached(!attached)
                .attachInput(arguments.flag("interactive"))
                .attachOutput(attached)
                .forwardSignals(attached)
                .detachKeys(
                    arguments
                        .value("detach-keys", DetachKeys::parse)
                        .orElse(RunOptions.DETACH_KEYS))
                .message(reference + "\n")
                .build();
        PlannedCommand planned =
            container.status() == Status.RUNNING
                ? session.engine().attach(container, options)
                : session.engine().start(container, session.preparation(), options);
        if (last && code == 0) {
          return session.performLast(planned);
        }
        session.perform(planned);
      } catch (HardwayException e) {
        session.err().println("hardway: " + e.getMessage());
        code = 1;
      } catch (PlanFailedException e) {
        if (!e.getMessage().isEmpty()) { // who waited for it to be detached has told the rest
          session.err().println(e.getMessage());
        }
        code = 1;
      }
    }
    return code;
  }

  /** One that runs already needs no more than its name, as with docker. */
  private static void tell(Session session, String reference) {
    if (!session.isPreview()) {
      session.out().println(reference);
    }
  }
}
