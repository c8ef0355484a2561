package io.hardway.linux.cgroup;

import io.hardway.spi.PlanningException;
import io.hardway.spi.ResourceRequest;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a container's group is in a hierarchy; config-linux.md, "Cgroups Path".
 *
 * @since 0.1
 */
public final class GroupPath {
  /** The group that containers are below. */
  public static final String OURS = "hardway";

  private final Path top;
  private final Path directory;

  private GroupPath(Path top, Path directory) {
    this.top = top;
    this.directory = directory;
  }

  /**
   * Where a request wants it: a relative path below the group {@code hardway}, an absolute one from
   * where the hierarchy is mounted.
   *
   * @param mount where the hierarchy is mounted
   * @param top the uppermost group that may be written to; the mount itself for root
   * @throws PlanningException where the path has parts that are no names, or leads out of the
   *     uppermost group
   */
  public static GroupPath of(ResourceRequest request, Path mount, Path top) {
    String asked = request.cgroupsPath().orElse(request.container().id());
    Path path = Path.of("/" + asked).normalize();
    boolean isAbsolute = asked.startsWith("/");
    String plain = isAbsolute ? path.toString() : path.toString().substring(1);
    if (path.getNameCount() < 1 || !plain.equals(asked)) {
      throw new PlanningException(
          "the cgroup path " + asked + " is no plain path", "leave out empty parts, . and ..");
    }
    Path directory =
        isAbsolute ? mount.resolve(plain.substring(1)) : top.resolve(OURS).resolve(plain);
    if (!directory.startsWith(top) || directory.equals(top)) {
      throw new PlanningException(
          "the cgroup " + directory + " is not below " + top + ", which is what this user may use",
          "name a group below it, or one below " + OURS + " by a path without a slash before it");
    }
    return new GroupPath(top, directory);
  }

  /** A group that is there already, below the uppermost group that may be written to. */
  public static GroupPath at(Path directory, Path top) {
    return new GroupPath(top, directory);
  }

  /** The uppermost group that may be written to. */
  public Path top() {
    return top;
  }

  /** The group's directory. */
  public Path directory() {
    return directory;
  }

  /**
   * Whether a group is ours to set up: the container's, what is below {@code hardway}, and what is
   * not there yet. The others were made by somebody else, who decides what is in their files; the
   * uppermost one is written to where all below it are ours.
   */
  public boolean isOurs(Path level) {
    if (level.equals(top)) {
      return isOurs(top.resolve(top.relativize(directory).getName(0)));
    }
    return level.equals(directory) || level.startsWith(top.resolve(OURS)) || !Files.exists(level);
  }
}
