package io.hardway.cgroup.v2;

import io.hardway.linux.cgroup.CgroupFile;
import io.hardway.linux.cgroup.FormerValue;
import io.hardway.spi.ControlGroup;
import io.hardway.spi.Host;
import io.hardway.spi.Limit;
import io.hardway.spi.Location;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Stage;
import io.hardway.spi.StepOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Adds the steps that write to the files of a container's group. */
final class LimitWriter {
  private final Host host;
  private final Path directory;
  private final List<String> controllers;
  private final KnownFiles known;
  private final Stage stage;
  private final List<Runnable> undo = new ArrayList<>();
  private final Optional<Stage> takingBack;
  private final UnitLimits written = new UnitLimits();
  private final UnitLimits before = new UnitLimits();

  LimitWriter(Host host, ControlGroup group, Stage stage) {
    this(host, group, stage, Optional.empty());
  }

  /** Limits of a group that is there, which {@link #takeBack()} gives what it has now. */
  LimitWriter(Host host, ControlGroup group, Stage stage, Optional<Stage> takingBack) {
    this.host = host;
    this.directory = CgroupV2Controller.directory(group);
    this.controllers = group.hierarchies().get(0).controllers();
    this.known = new KnownFiles(directory);
    this.stage = stage;
    this.takingBack = takingBack;
  }

  /** Adds the steps that take back what was written, the last first. */
  void takeBack() {
    for (int i = undo.size() - 1; i >= 0; i--) {
      undo.get(i).run();
    }
  }

  private void giveBack(Path file, String before) {
    takingBack
        .orElseThrow()
        .write(Location.host(file), before)
        .bestEffort()
        .label("give " + file.getFileName() + " back what it said: " + before);
  }

  /** What was written, as systemd has to know it. */
  UnitLimits written() {
    return written;
  }

  /** What was in the files that were written to, likewise. */
  UnitLimits before() {
    return before;
  }

  /** Where devices are asked about. */
  Host host() {
    return host;
  }

  /**
   * Makes sure that the controller is there.
   *
   * @throws PlanningException where it is not
   */
  void require(String controller, String file) {
    if (!controllers.contains(controller)) {
      throw new PlanningException(
          file + " cannot be set: the cgroup controller " + controller + " is not available",
          "have it delegated, or leave the limit out");
    }
  }

  /** Whether the group has such a file, or will have it. */
  Presence presence(String controller, String file) {
    return known.presence(controller, file);
  }

  /**
   * Adds the step that writes one file.
   *
   * @throws PlanningException where the controller is not available, or has no such file
   */
  StepOptions write(String controller, String file, String value, String label) {
    require(controller, file);
    if (presence(controller, file) == Presence.MISSING) {
      throw new PlanningException(
          file + " cannot be set: groups have no such file with this kernel",
          "leave the limit out, or use a kernel that has it");
    }
    return write(file, value, label);
  }

  /** As {@link #write(String, String, String, String)}, for a file that every group has. */
  StepOptions write(String file, String value, String label) {
    if (takingBack.isPresent()) {
      FormerValue.of(directory.resolve(file), value)
          .ifPresent(
              former -> {
                undo.add(() -> giveBack(directory.resolve(file), former));
                before.wrote(file, former);
              });
    }
    written.wrote(file, value);
    return stage
        .write(Location.host(directory.resolve(file)), value)
        .label(label)
        .hint(
            "the kernel does not take "
                + value
                + " for "
                + file
                + ", or a group above was changed meanwhile: try again");
  }

  /** Adds the step that attaches a program about devices in the place of the one before. */
  StepOptions deviceProgram(byte[] program) {
    return stage.deviceProgram(directory, program);
  }

  /** Adds the step that fails, with what the file says, where it does not say this. */
  StepOptions requireContent(String file, String wanted, String label) {
    return stage.await(Location.host(directory.resolve(file)), "", wanted, 0).label(label);
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

  /** Such a file of the nearest group above that has one. */
  Optional<Path> above(String file) {
    for (Path level = directory.getParent(); level != null; level = level.getParent()) {
      if (Files.exists(level.resolve(file))) {
        return Optional.of(level.resolve(file));
      }
    }
    return Optional.empty();
  }

  /** The limit alone in a file; empty where there is no such file. */
  static Optional<Limit> limitIn(Path file) {
    String text = CgroupFile.text(file);
    return text.isEmpty() ? Optional.empty() : Optional.of(limit(text));
  }

  /** As the files say it. */
  private static Limit limit(String text) {
    return text.equals("max") ? Limit.unlimited() : Limit.of(Long.parseLong(text));
  }
}
