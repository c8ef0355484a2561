package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.ContainerConfig;
import io.hardway.core.ContainerRecord;
import io.hardway.core.PlannedCommand;
import io.hardway.spi.spec.Resources;
import io.hardway.spi.spec.Spec;
import java.io.IOException;

/** {@code update}: changes limits of containers, also while they run. */
final class UpdateCommand implements Command {

  @Override
  public OptionTable table() {
    return ContainerOptions.addLimits(
            new OptionTable(
                "update",
                "[OPTIONS] CONTAINER [CONTAINER...]",
                "Change limits of containers, also while they run"))
        .arguments(1, Integer.MAX_VALUE);
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    if (!LimitFlags.isAny(arguments)) {
      throw arguments.refuse("you must provide one or more flags when using this command");
    }
    if (arguments.has("oom-kill-disable") && !arguments.flag("oom-kill-disable")) {
      throw arguments.refuse(
          "oom-kill-disable",
          "false",
          "what has been turned off stays so until the container ends");
    }
    session.engine().holdForChange(session.found(arguments.positional()), session.preparation());
    return session.forEach(
        arguments.positional(), container -> update(session, container, arguments));
  }

  private static PlannedCommand update(
      Session session, ContainerRecord container, Arguments arguments) {
    Resources before = container.config().spec().linux().resources();
    UpdatedLimits limits = new UpdatedLimits(before, LimitFlags.readChanges(arguments, before));
    if (!arguments.has("memory-swap")) {
      limits.keepUnlimitedSwap();
    }
    // Version 2 would kill processes until the rest fits; version 1 would try for long to free it.
    Resources changed = limits.changed();
    changed =
        changed.toBuilder()
            .memory(changed.memory().toBuilder().checkBeforeUpdate(true).build())
            .build();
    Spec spec = container.config().spec();
    Resources after = limits.after();
    ContainerConfig updated =
        container.config().toBuilder()
            .spec(spec.toBuilder().linux(spec.linux().toBuilder().resources(after).build()).build())
            .build();
    return session.engine().update(container, changed, updated);
  }
}
