package io.hardway.cgroup.v2;

import io.hardway.linux.cgroup.CgroupFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which files the kernel gives to groups. Groups that have a controller have the same files, so any
 * shows what one that is still to be made will have; but the root, whose files are others.
 */
final class KnownFiles {
  private final Path group;

  KnownFiles(Path group) {
    this.group = group;
  }

  Presence presence(String controller, String file) {
    for (Path level = group; isInHierarchy(level); level = level.getParent()) {
      if (isShown(level, controller)) {
        return presence(level.resolve(file));
      }
    }
    for (Path level = group.getParent(); isInHierarchy(level); level = level.getParent()) {
      Presence below = presenceBelow(level, controller, file);
      if (below != Presence.UNKNOWN) {
        return below;
      }
    }
    return Presence.UNKNOWN;
  }

  /** A group that is not made yet is in it where one above is. */
  private static boolean isInHierarchy(Path level) {
    return level != null
        && (!Files.exists(level) || Files.exists(level.resolve("cgroup.controllers")));
  }

  private static boolean isShown(Path level, String controller) {
    return Files.exists(level.resolve("cgroup.type"))
        && SubtreeControl.isIn(CgroupFile.text(level.resolve("cgroup.controllers")), controller);
  }

  private static Presence presence(Path file) {
    return Files.exists(file) ? Presence.THERE : Presence.MISSING;
  }

  private static Presence presenceBelow(Path level, String controller, String file) {
    try (DirectoryStream<Path> groups = Files.newDirectoryStream(level, Files::isDirectory)) {
      for (Path one : groups) {
        if (isShown(one, controller)) {
          return presence(one.resolve(file));
        }
      }
    } catch (IOException goneOrNotMadeYet) {
      return Presence.UNKNOWN;
    }
    return Presence.UNKNOWN;
  }
}
