package io.hardway.cgroup.v1;

import io.hardway.linux.cgroup.CgroupFile;
import io.hardway.spi.Location;
import io.hardway.spi.Stage;
import io.hardway.spi.spec.Resources;
import java.nio.file.Path;
import java.util.Optional;

/** Makes all of a group stand still; cgroup-v1/freezer-subsystem.rst. It has no limits. */
final class FreezerController implements Controller {
  private static final String NAME = "freezer";
  private static final String STATE = "freezer.state";
  private static final int PATIENCE_MILLIS = 10_000;

  @Override
  public void contribute(Resources wanted, LimitWriter limits) {}

  /** Freezes, and waits until every process stands still. */
  void freeze(GroupFiles group, Stage stage) {
    state(group)
        .ifPresent(
            state -> {
              stage.write(Location.host(state), "FROZEN").label("freeze the group");
              stage
                  .await(Location.host(state), "", "FROZEN", PATIENCE_MILLIS)
                  .label("wait until every process stands still");
            });
  }

  /** Lets every process go on. */
  void thaw(GroupFiles group, Stage stage) {
    state(group)
        .ifPresent(state -> stage.write(Location.host(state), "THAWED").label("thaw the group"));
  }

  /** Whether it is frozen, or on the way there. */
  boolean isFrozen(GroupFiles group) {
    return group.text(NAME, STATE).startsWith("FR");
  }

  /** The nearest group above that was frozen itself, and everything below with it. */
  Optional<Path> frozenAbove(GroupFiles group) {
    if (!group.text(NAME, "freezer.parent_freezing").equals("1")) {
      return Optional.empty();
    }
    Path level = group.directory(NAME).map(Path::getParent).orElse(null);
    while (level != null
        && CgroupFile.number(level.resolve("freezer.self_freezing")).orElse(1) == 0) {
      level = level.getParent();
    }
    return Optional.ofNullable(level);
  }

  private static Optional<Path> state(GroupFiles group) {
    return group.directory(NAME).map(directory -> directory.resolve(STATE));
  }
}
