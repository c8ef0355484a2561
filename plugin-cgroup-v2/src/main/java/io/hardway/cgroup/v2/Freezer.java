package io.hardway.cgroup.v2;

import io.hardway.linux.cgroup.CgroupFile;
import io.hardway.spi.Location;
import io.hardway.spi.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Makes all of a group stand still; cgroup-v2.rst, {@code cgroup.freeze}. */
final class Freezer {
  private static final String STATE = "cgroup.freeze";
  private static final int PATIENCE_MILLIS = 10_000;

  private Freezer() {}

  /** Freezes, and waits until every process stands still. */
  static void freeze(Path group, Stage stage) {
    stage.write(Location.host(group.resolve(STATE)), "1").label("freeze the group");
    stage
        .await(Location.host(group.resolve("cgroup.events")), "frozen", "1", PATIENCE_MILLIS)
        .label("wait until every process stands still");
  }

  /** Lets every process go on. */
  static void thaw(Path group, Stage stage) {
    stage.write(Location.host(group.resolve(STATE)), "0").label("thaw the group");
  }

  /** Whether it is frozen, by itself or with a group above, or on the way there. */
  static boolean isFrozen(Path group) {
    return CgroupFile.text(group.resolve(STATE)).equals("1")
        || Files.isDirectory(group) && frozenAbove(group).isPresent();
  }

  /** The nearest group above that was frozen itself, and everything below with it. */
  static Optional<Path> frozenAbove(Path group) {
    for (Path level = group.getParent(); level != null; level = level.getParent()) {
      if (CgroupFile.text(level.resolve(STATE)).equals("1")) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }
}
