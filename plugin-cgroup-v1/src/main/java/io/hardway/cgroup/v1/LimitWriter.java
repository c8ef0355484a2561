package io.hardway.cgroup.v1;

import io.hardway.spi.Location;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Stage;
import java.nio.file.Path;

/** Adds the steps that write to the files of a container's groups. */
final class LimitWriter {
  private final GroupFiles group;
  private final Stage stage;

  LimitWriter(GroupFiles group, Stage stage) {
    this.group = group;
    this.stage = stage;
  }

  /** What is in the files now. */
  GroupFiles group() {
    return group;
  }

  /**
   * Adds the step that writes one file.
   *
   * @throws PlanningException where the controller is not mounted
   */
  void write(String controller, String file, String value, String label) {
    Path directory =
        group
            .directory(controller)
            .orElseThrow(
                () ->
                    new PlanningException(
                        file
                            + " cannot be set: the cgroup controller "
                            + controller
                            + " is not mounted",
                        "mount it, or leave the limit out"));
    stage
        .write(Location.host(directory.resolve(file)), value)
        .label(label)
        .hint("the kernel does not take " + value + " for " + file + " here");
  }

  /**
   * As {@link #write}, for a file that a kernel may have been built without.
   *
   * @throws PlanningException also where groups have no such file
   */
  void writeIfKnown(String controller, String file, String value, String label) {
    if (group.directory(controller).isPresent() && !group.has(controller, file)) {
      throw new PlanningException(
          file + " cannot be set: this kernel was built without it", "leave the limit out");
    }
    write(controller, file, value, label);
  }
}
