package io.hardway.core;

import io.hardway.spi.Host;
import io.hardway.spi.IdRange;
import io.hardway.spi.Location;
import io.hardway.spi.Stage;
import io.hardway.spi.StepOptions;
import java.nio.file.Path;
import java.util.List;

/** What is done with volumes. */
final class VolumeSteps {
  private VolumeSteps() {}

  /**
   * Makes one. What is in it may be setuid, and must not be reachable by the host's other users;
   * who may write to it has no say in the directory above.
   */
  static void make(Stage stage, Directories directories, String name) {
    stage
        .mkdirs(Location.host(directories.volumes()), StartPlanner.PASSABLE)
        .label("make the directory of volumes");
    stage
        .mkdirs(Location.host(directories.volumes().resolve(name)), 0700)
        .label("make volume " + name + ", for nobody else of the host");
    stage
        .mkdirs(Location.host(directories.volume(name)), 0755)
        .label("make volume " + name + ", where its files are");
  }

  /** Deletes one, whoever its files belong to: an ordinary user's may be his subordinate ids'. */
  static StepOptions remove(Stage stage, Host host, Path volume) {
    if (host.isPrivileged()
        || host.subordinateUids().isEmpty()
        || host.program("newuidmap").isEmpty()) {
      return stage.removeTree(volume);
    }
    return stage.removeTree(
        volume, all(host.uid(), host.subordinateUids()), all(host.gid(), host.subordinateGids()));
  }

  private static String all(long own, List<IdRange> subordinate) {
    StringBuilder lines = new StringBuilder("0 ").append(own).append(" 1\n");
    long next = 1;
    for (IdRange range : subordinate) {
      lines.append(next).append(' ').append(range.first()).append(' ').append(range.count());
      lines.append('\n');
      next += range.count();
    }
    return lines.toString();
  }
}
