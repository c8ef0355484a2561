package io.hardway.cgroup.v1;

import io.hardway.linux.cgroup.CgroupFile;
import io.hardway.linux.cgroup.FormerValue;
import io.hardway.spi.Host;
import io.hardway.spi.Location;
import io.hardway.spi.MountPoint;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Stage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Adds the steps that write to the files of a container's groups. */
final class LimitWriter {
  private final Host host;
  private final GroupFiles group;
  private final Stage stage;
  private final List<Runnable> undo = new ArrayList<>();
  private final Optional<Stage> takingBack;

  LimitWriter(Host host, GroupFiles group, Stage stage) {
    this(host, group, stage, Optional.empty());
  }

  /** Limits of groups that are there, which {@link #takeBack()} gives what they have now. */
  LimitWriter(Host host, GroupFiles group, Stage stage, Optional<Stage> takingBack) {
    this.host = host;
    this.group = group;
    this.stage = stage;
    this.takingBack = takingBack;
  }

  /** Adds the steps that take back what was written, the last first. */
  void takeBack() {
    for (int i = undo.size() - 1; i >= 0; i--) {
      undo.get(i).run();
    }
  }

  /** Where the groups are. */
  Host host() {
    return host;
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
    write(require(controller, file), file, value, label);
  }

  /** Adds the step that writes a file of a group that may be one above the container's. */
  void write(Path directory, String file, String value, String label) {
    stage
        .write(Location.host(directory.resolve(file)), value)
        .label(label)
        .hint("the kernel does not take " + value + " for " + file + " here");
    if (takingBack.isPresent()) {
      FormerValue.of(directory.resolve(file), value)
          .ifPresent(before -> undo.add(() -> giveBack(directory.resolve(file), before)));
    }
  }

  private void giveBack(Path file, String before) {
    takingBack
        .orElseThrow()
        .write(Location.host(file), before)
        .bestEffort()
        .label("give " + file.getFileName() + " back what it said: " + before);
  }

  /**
   * As {@link #write}, for a file that a kernel may have been built without.
   *
   * @throws PlanningException also where groups have no such file
   */
  void writeIfKnown(String controller, String file, String value, String label) {
    requireKnown(controller, file);
    write(controller, file, value, label);
  }

  /**
   * Makes sure that groups of a controller have a file that a kernel may have been built without.
   *
   * @throws PlanningException where they have not, or the controller is not mounted
   */
  void requireKnown(String controller, String file) {
    require(controller, file);
    if (!group.has(controller, file)) {
      throw new PlanningException(
          file + " cannot be set: this kernel was built without it", "leave the limit out");
    }
  }

  /**
   * The container's group of a controller.
   *
   * @throws PlanningException where the controller is not mounted; says what is to be done about it
   */
  Path require(String controller, String file) {
    return group.directory(controller).orElseThrow(() -> notThere(controller, file));
  }

  private PlanningException notThere(String controller, String file) {
    for (MountPoint mount : host.mounts()) {
      if (mount.type().equals("cgroup") && mount.hasSuperOption(controller)) {
        return new PlanningException(
            file
                + " cannot be set: the cgroup controller "
                + controller
                + " was mounted after the container started",
            "stop the container and start it again");
      }
    }
    String known = CgroupFile.text(host.file("/proc/cgroups"));
    if (known.isEmpty() || known.contains("\n" + controller + "\t")) {
      return new PlanningException(
          file + " cannot be set: the cgroup controller " + controller + " is not mounted",
          "leave the limit out, or mount it: mount -t cgroup -o "
              + controller
              + " cgroup /sys/fs/cgroup/"
              + controller);
    }
    return new PlanningException(
        file + " cannot be set: this kernel was built without the cgroup controller " + controller,
        "leave the limit out");
  }
}
