package io.hardway.cgroup.v1;

import io.hardway.linux.cgroup.CgroupFile;
import io.hardway.linux.cgroup.FlatKeyedFile;
import io.hardway.spi.ControlGroup;
import io.hardway.spi.Hierarchy;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A container's groups by controller, and what is in their files. */
final class GroupFiles {
  private final ControlGroup group;

  GroupFiles(ControlGroup group) {
    this.group = group;
  }

  /** The group in the hierarchy that has this controller, if one is mounted. */
  Optional<Path> directory(String controller) {
    for (Hierarchy hierarchy : group.hierarchies()) {
      if (hierarchy.controllers().contains(controller)) {
        return Optional.of(hierarchy.directory());
      }
    }
    return Optional.empty();
  }

  /** The content of a file; empty where there is none. */
  String text(String controller, String file) {
    Optional<Path> directory = directory(controller);
    return directory.isEmpty() ? "" : CgroupFile.text(directory.get().resolve(file));
  }

  /** The number alone in a file. */
  OptionalLong number(String controller, String file) {
    Optional<Path> directory = directory(controller);
    return directory.isEmpty()
        ? OptionalLong.empty()
        : CgroupFile.number(directory.get().resolve(file));
  }

  /** The number after a key of a file. */
  OptionalLong number(String controller, String file, String key) {
    Optional<Path> directory = directory(controller);
    return directory.isEmpty()
        ? OptionalLong.empty()
        : CgroupFile.number(directory.get().resolve(file), key);
  }

  /** A file of keys and numbers; without any where there is none. */
  FlatKeyedFile keyed(String controller, String file) {
    return directory(controller)
        .map(directory -> FlatKeyedFile.read(directory.resolve(file)))
        .orElseGet(FlatKeyedFile::absent);
  }

  /**
   * Whether groups of this controller have such a file: this one, or where it is new, one above.
   */
  boolean has(String controller, String file) {
    Optional<Path> directory = directory(controller);
    for (Path level = directory.orElse(null);
        level != null && !level.endsWith("cgroup");
        level = level.getParent()) {
      if (Files.exists(level.resolve(file))) {
        return true;
      }
    }
    return false;
  }

  /** The names of the files that groups of this controller have; empty where none can be read. */
  List<String> names(String controller) {
    for (Path level = directory(controller).orElse(null);
        level != null;
        level = level.getParent()) {
      List<String> names = new ArrayList<>();
      try (DirectoryStream<Path> files = Files.newDirectoryStream(level)) {
        for (Path file : files) {
          names.add(file.getFileName().toString());
        }
        Collections.sort(names);
        return names;
      } catch (IOException notMade) {
        continue;
      }
    }
    return List.of();
  }

  /** What is in such a file of the nearest group above that exists; empty where there is none. */
  String above(String controller, String file) {
    Optional<Path> directory = directory(controller);
    for (Path level = directory.map(Path::getParent).orElse(null);
        level != null;
        level = level.getParent()) {
      String text = CgroupFile.text(level.resolve(file));
      if (!text.isEmpty()) {
        return text;
      }
    }
    return "";
  }
}
