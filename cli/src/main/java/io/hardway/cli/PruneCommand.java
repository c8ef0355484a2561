package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.ContainerConfig;
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
    if (!arguments.flag("force") && !session.isPreview() && !Confirmation.given(session, WARNING)) {
      return 0;
    }
    long reclaimed = 0;
    int code = 0;
    boolean first = true;
    for (ContainerRecord container : session.engine().containers().all()) {
      if (container.status() != Status.EXITED && container.status() != Status.CREATED) {
        continue;
      }
      long size = session.isPreview() ? 0 : size(session, container.config());
      try {
        session.perform(session.engine().remove(container, false, true));
        if (!session.isPreview()) {
          session.out().println((first ? "Deleted Containers:\n" : "") + container.config().id());
        }
        first = false;
        reclaimed += size;
      } catch (PlanFailedException e) {
        session.err().println(e.getMessage());
        code = 1;
      }
    }
    if (session.isPreview()) {
      return code; // what is deleted from the store is no plan
    }
    long before = DiskUsage.of(session.engine().directories().store());
    String title = (first ? "" : "\n") + "Deleted Root File Systems:\n";
    for (String deleted : session.engine().pruneStore(session.preparation())) {
      session.out().println(title + deleted);
      title = "";
      first = false;
    }
    reclaimed += before - DiskUsage.of(session.engine().directories().store());
    session
        .out()
        .println(
            (first ? "" : "\n")
                + "Total reclaimed space: "
                + Units.decimal(Math.max(0, reclaimed)));
    return code;
  }

  /** What is on the disk for a container alone: what it has changed, and its own volumes. */
  private static long size(Session session, ContainerConfig config) throws IOException {
    long size = session.engine().size(config);
    for (String volume : config.ownVolumes()) {
      size += DiskUsage.of(session.engine().directories().volumes().resolve(volume));
    }
    return size;
  }
}
