package io.hardway.cgroup.v2;

import io.hardway.linux.cgroup.CgroupFile;
import io.hardway.linux.cgroup.GroupPath;
import io.hardway.spi.Location;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.PlanningException;
import io.hardway.spi.StepOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Gives controllers to the groups below, from the top down to the group that a container's is in;
 * cgroup-v2.rst, "Enabling and Disabling", "Top-down Constraint" and "No Internal Process
 * Constraint".
 *
 * <p>A group that has a controller enabled already is not written to: the write would change
 * nothing, and it would wait until the groups below that are being removed are gone.
 */
final class SubtreeControl {
  private static final String FILE = "cgroup.subtree_control";

  /** For processes that were started while the others were moved. */
  private static final int PATIENCE_MILLIS = 2000;

  /** Their figures are read, of a container without limits too. */
  private static final List<String> COUNTED = List.of("cpu", "cpuset", "io", "memory", "pids");

  private final GroupPath path;
  private final Path top;
  private final Path directory;
  private final List<String> available;

  /**
   * @param path where the container's group is
   * @param available what the uppermost group has to give
   */
  SubtreeControl(GroupPath path, List<String> available) {
    this.path = path;
    this.top = path.top();
    this.directory = path.directory();
    this.available = available;
  }

  /**
   * Adds the steps for a new group.
   *
   * @param needed those without which a limit that was asked for cannot be set
   * @throws PlanningException where a group above cannot hold a container, or cannot give what is
   *     needed
   */
  void contribute(Set<String> needed, PlanBuilder plan) {
    Set<String> wanted = new LinkedHashSet<>(needed);
    wanted.addAll(COUNTED);
    for (Path level : levels()) {
      requireUsable(level);
      enable(level, wanted, needed, plan);
    }
  }

  /**
   * Adds the steps that a limit of a group that exists needs, where it had none of the kind so far.
   *
   * @throws PlanningException where a group above cannot give what is needed
   */
  void contributeUpdate(Set<String> needed, PlanBuilder plan) {
    String given = CgroupFile.text(directory.resolve("cgroup.controllers"));
    Set<String> lacking = new LinkedHashSet<>();
    for (String controller : needed) {
      if (!isIn(given, controller)) {
        lacking.add(controller);
      }
    }
    for (Path level : lacking.isEmpty() ? List.<Path>of() : levels()) {
      enable(level, lacking, lacking, plan);
    }
  }

  /**
   * @param wanted loses what the level will not give
   */
  private void enable(Path level, Set<String> wanted, Set<String> needed, PlanBuilder plan) {
    Set<String> missing = missing(level, wanted);
    boolean isOurs = path.isOurs(level);
    boolean hasProcesses = !missing.isEmpty() && hasProcesses(level);
    if (!isOurs || hasProcesses) {
      // Of processes some could be given, and would make of all below groups of threads.
      wanted.removeIf(controller -> missing.contains(controller) && !needed.contains(controller));
      missing.retainAll(needed);
    }
    if (missing.isEmpty()) {
      return;
    }
    if (!isOurs) {
      throw notGiven(level, missing.iterator().next());
    }
    if (hasProcesses && !level.equals(top)) {
      throw internalProcesses(level, missing.iterator().next());
    }
    if (hasProcesses) {
      new InitGroup(top).contribute(plan);
    }
    for (String controller : missing) {
      StepOptions step = enable(level, controller, plan);
      if (!needed.contains(controller)) {
        step.bestEffort();
      }
      if (hasProcesses) {
        step.retry(PATIENCE_MILLIS);
      }
    }
  }

  /** The groups above the container's, uppermost first. */
  private List<Path> levels() {
    List<Path> levels = new ArrayList<>();
    for (Path level = directory.getParent();
        level != null && level.startsWith(top);
        level = level.getParent()) {
      levels.add(0, level);
    }
    return levels;
  }

  private static void requireUsable(Path level) {
    String type = CgroupFile.text(level.resolve("cgroup.type"));
    if (!type.isEmpty() && !type.equals("domain")) {
      throw new PlanningException(
          "the cgroup "
              + level
              + " cannot hold containers: it is \""
              + type
              + "\", since it or a group above gives processor time to single threads",
          "name another parent: groups of that kind stay so until they are removed");
    }
    if (CgroupFile.text(level.resolve("cgroup.freeze")).equals("1")) {
      throw new PlanningException(
          "the cgroup " + level + " is frozen: nothing would run in a container below it",
          "thaw it: write 0 to " + level.resolve("cgroup.freeze"));
    }
  }

  private Set<String> missing(Path level, Set<String> wanted) {
    String enabled = CgroupFile.text(level.resolve(FILE));
    Set<String> missing = new LinkedHashSet<>();
    for (String controller : wanted) {
      if (available.contains(controller) && !isIn(enabled, controller)) {
        missing.add(controller);
      }
    }
    return missing;
  }

  /** Whether a list with spaces has this word. */
  static boolean isIn(String list, String word) {
    for (String one : list.split(" ")) {
      if (one.equals(word)) {
        return true;
      }
    }
    return false;
  }

  /** The root alone may have processes and give controllers; it has no type. */
  private static boolean hasProcesses(Path level) {
    return !CgroupFile.text(level.resolve("cgroup.type")).isEmpty()
        && !CgroupFile.text(level.resolve("cgroup.procs")).isEmpty();
  }

  /** A group of somebody else's is used as it is. */
  private static PlanningException notGiven(Path level, String controller) {
    return new PlanningException(
        "the cgroup " + level + " does not give the controller " + controller + " to groups below",
        "write +" + controller + " to " + level.resolve(FILE) + ", or name another parent");
  }

  private static PlanningException internalProcesses(Path level, String controller) {
    return new PlanningException(
        "the cgroup "
            + level
            + " has processes of its own, so that it cannot give the controller "
            + controller
            + " to groups below",
        "move them to a group of their own, or name another parent");
  }

  private static StepOptions enable(Path level, String controller, PlanBuilder plan) {
    return plan.host()
        .write(Location.host(level.resolve(FILE)), "+" + controller)
        .label("let groups below " + level + " use " + controller)
        .hint(
            level
                + " cannot give the controller "
                + controller
                + " to groups below: processes have been moved to it, or it was removed"
                + " meanwhile; try again");
  }
}
