package io.hardway.cgroup.v2;

import io.hardway.linux.cgroup.CgroupFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which files the kernel gives to groups. Groups that have a controller have the same files, so any
 * shows what one that is still to be made will have; but the root, whose files are others.
 */
final class KnownFiles {
  private final Path group;
  private final Map<String, Optional<Path>> shown = new HashMap<>();

  KnownFiles(Path group) {
    this.group = group;
  }

  Presence presence(String controller, String file) {
    Optional<Path> one = shown.computeIfAbsent(controller, this::find);
    if (one.isEmpty()) {
      return Presence.UNKNOWN;
    }
    return Files.exists(one.get().resolve(file)) ? Presence.THERE : Presence.MISSING;
  }

  /** A group that has the controller: this one, one above, or one beside those. */
  private Optional<Path> find(String controller) {
    for (Path level = group; isInHierarchy(level); level = level.getParent()) {
      if (hasController(level, controller)) {
        return Optional.of(level);
      }
    }
    for (Path level = group.getParent(); isInHierarchy(level); level = level.getParent()) {
      Optional<Path> below = findBelow(level, controller);
      if (below.isPresent()) {
        return below;
      }
    }
    return Optional.empty();
  }

  /** A group that is not made yet is in it where one above is. */
  private static boolean isInHierarchy(Path level) {
    return level != null
        && (!Files.exists(level) || Files.exists(level.resolve("cgroup.controllers")));
  }

  private static boolean hasController(Path level, String controller) {
    return Files.exists(level.resolve("cgroup.type"))
        && SubtreeControl.isIn(CgroupFile.text(level.resolve("cgroup.controllers")), controller);
  }

  private static Optional<Path> findBelow(Path level, String controller) {
    try (DirectoryStream<Path> groups = Files.newDirectoryStream(level, Files::isDirectory)) {
      for (Path one : groups) {
        if (hasController(one, controller)) {
          return Optional.of(one);
        }
      }
    } catch (IOException goneOrNotMadeYet) {
      return Optional.empty();
    }
    return Optional.empty();
  }
}
