package io.hardway.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What there is of the containers of a product that must not be there when nobody owns them:
 * processes, control groups, directories, locks.
 */
final class Wreckage {
  private final Product product;
  private final String spared;
  private final String mark;

  /**
   * Of the containers of a product.
   *
   * @param spared the id of one that is not meant
   * @param mark a variable that all others have in their environment
   */
  Wreckage(Product product, String spared, String mark) {
    this.product = product;
    this.spared = spared;
    this.mark = mark;
  }

  private static List<String> names(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children.map(child -> child.getFileName().toString()).sorted().toList();
    } catch (java.io.UncheckedIOException e) {
      return List.of();
    }
  }

  /** The ids of containers that have an owner at this moment. */
  Set<String> owned() throws IOException {
    Set<Long> locked = ProcessTable.lockedInodes();
    Set<String> owned = new TreeSet<>();
    for (String id : names(product.state().resolve("owners"))) {
      try {
        Path file = product.state().resolve("owners").resolve(id);
        if (locked.contains((Long) Files.getAttribute(file, "unix:ino"))) {
          owned.add(id);
        }
      } catch (NoSuchFileException gone) {
        // its owner has just taken it down
      }
    }
    return owned;
  }

  /** The directories of control groups of a container. */
  static List<Path> groups(String id) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
      for (Path hierarchy : (Iterable<Path>) hierarchies::iterator) {
        Path group = hierarchy.resolve("hardway").resolve(id);
        if (Files.isDirectory(group)) {
          found.add(group);
        }
      }
    }
    Path group = Path.of("/sys/fs/cgroup/hardway").resolve(id);
    if (Files.isDirectory(group)) {
      found.add(group);
    }
    return found;
  }

  /** Whether a container's control groups are there and hold its process. */
  static boolean isInItsGroups(String id, long pid) throws IOException {
    for (Path group : groups(id)) {
      if (!Files.readAllLines(group.resolve("cgroup.procs")).contains(Long.toString(pid))) {
        return false;
      }
    }
    return true;
  }

  /** What has no owner and is there nevertheless, in words. */
  List<String> found() throws IOException {
    Set<String> owned = owned();
    List<String> found = new ArrayList<>();
    for (String folder : List.of("owners", "containers")) {
      for (String id : names(product.state().resolve(folder))) {
        if (!owned.contains(id)) {
          found.add(product.state().resolve(folder).resolve(id) + " has no owner");
        }
      }
    }
    Path names = product.data().resolve("names");
    for (String name : names(names)) {
      String id = Files.readSymbolicLink(names.resolve(name)).toString();
      if (!Files.isDirectory(product.data().resolve("containers").resolve(id))) {
        found.add(names.resolve(name) + " names no container");
      }
    }
    for (String id : names(product.data().resolve("containers"))) {
      Path container = product.data().resolve("containers").resolve(id);
      if (!owned.contains(id)) {
        groups(id).forEach(group -> found.add(group + " has no owner"));
        if (!Files.exists(container.resolve("config.json"))) {
          found.add(container + " is no whole container");
        }
      }
    }
    owned.remove(spared);
    if (owned.isEmpty()) {
      found.addAll(processes());
    }
    return found;
  }

  private List<String> processes() throws IOException {
    List<String> found = new ArrayList<>();
    for (long pid : ProcessTable.withVariable(mark)) {
      found.add("process " + pid + " lives: " + ProcessTable.commandLine(pid));
    }
    return found;
  }

  /** What there is of all but the one that is not meant. */
  List<String> everything() throws IOException {
    List<String> found = new ArrayList<>(processes());
    for (String remaining : product.remains()) {
      if (!remaining.endsWith("/" + spared) && !remaining.endsWith("/bystander")) {
        found.add(remaining);
      }
    }
    return found;
  }
}
