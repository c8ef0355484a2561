package io.hardway.cgroup.v2;

import io.hardway.linux.cgroup.CgroupFile;
import io.hardway.spi.ControlGroup;
import io.hardway.spi.Limit;
import io.hardway.spi.Location;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Stage;
import io.hardway.spi.StepOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Adds the steps that write to the files of a container's group. */
final class LimitWriter {
  private final Path directory;
  private final List<String> controllers;
  private final Stage stage;

  LimitWriter(ControlGroup group, Stage stage) {
    this.directory = CgroupV2Controller.directory(group);
    this.controllers = group.hierarchies().get(0).controllers();
    this.stage = stage;
  }

  /**
   * Adds the step that writes one file.
   *
   * @throws PlanningException where the controller is not available
   */
  StepOptions write(String controller, String file, String value, String label) {
    if (!controllers.contains(controller)) {
      throw new PlanningException(
          file + " cannot be set: the cgroup controller " + controller + " is not available",
          "have it delegated, or leave the limit out");
    }
    return stage
        .write(Location.host(directory.resolve(file)), value)
        .label(label)
        .hint(
            "the kernel does not take "
                + value
                + " for "
                + file
                + ", or a group above has processes of its own and cannot give the controller "
                + controller);
  }

  /** What is in a file now; empty where there is none. */
  String text(String file) {
    return CgroupFile.text(directory.resolve(file));
  }

  /** The number alone in a file. */
  OptionalLong number(String file) {
    return CgroupFile.number(directory.resolve(file));
  }

  /** The number after a key of a file. */
  OptionalLong number(String file, String key) {
    return CgroupFile.number(directory.resolve(file), key);
  }

  /** What is in such a file of the nearest group above that has one; empty where none has. */
  String above(String file) {
    for (Path level = directory.getParent(); level != null; level = level.getParent()) {
      String text = CgroupFile.text(level.resolve(file));
      if (!text.isEmpty()) {
        return text;
      }
    }
    return "";
  }

  /** As the files say it: no bound is {@code max}. */
  static String text(Limit limit) {
    return limit.isUnlimited() ? "max" : Long.toString(limit.value());
  }

  /** The limit alone in a file; empty where there is no such file. */
  static Optional<Limit> limitIn(Path file) {
    String text = CgroupFile.text(file);
    return text.isEmpty() ? Optional.empty() : Optional.of(limit(text));
  }

  /** As the files say it. */
  static Limit limit(String text) {
    return text.equals("max") ? Limit.unlimited() : Limit.of(Long.parseLong(text));
  }
}
