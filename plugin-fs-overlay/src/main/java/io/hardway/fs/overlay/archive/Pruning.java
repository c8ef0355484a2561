package io.hardway.fs.overlay.archive;

import io.hardway.linux.file.FileLock;
import io.hardway.spi.Host;
import io.hardway.spi.PlanningException;
import io.hardway.spi.StepRunner;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Deletes the trees that no container is made of, and what is left of interrupted work.
 *
 * <p>A tree is renamed before it is deleted, and between the two the containers are looked at once
 * more: one that was made meanwhile gets its tree back, and one that is made later finds no tree. A
 * container's start looks for its tree when its configuration is already written.
 */
final class Pruning {
  private static final String DOOMED = ".old";
  private static final int DIGEST_SHOWN = 12;

  private final ArchiveStore store;
  private final Host host;
  private final Supplier<List<Path>> used;
  private final StepRunner runner;
  private final List<String> deleted = new ArrayList<>();

  Pruning(ArchiveStore store, Host host, Supplier<List<Path>> used, StepRunner runner) {
    this.store = store;
    this.host = host;
    this.used = used;
    this.runner = runner;
  }

  List<String> run() {
    try {
      List<Path> inUse = used.get();
      for (Path entry : entries(store.trees())) {
        String name = entry.getFileName().toString();
        if (name.endsWith(Unpacking.LOCK)) {
          continue;
        }
        if (!inUse.contains(entry)) {
          locked(entry);
        }
      }
      forgetDigests();
      return deleted;
    } catch (IOException e) {
      throw new PlanningException("pruning " + store.directory() + ": " + e.getMessage(), "", e);
    }
  }

  private static List<Path> entries(Path directory) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    }
    Collections.sort(entries);
    return entries;
  }

  private static String treeName(String name) {
    for (String suffix : List.of(Unpacking.ASIDE, DOOMED)) {
      if (name.endsWith(suffix)) {
        return name.substring(0, name.length() - suffix.length());
      }
    }
    return name;
  }

  /** What somebody else is at work on is left alone. */
  private void locked(Path entry) throws IOException {
    Path tree = entry.resolveSibling(treeName(entry.getFileName().toString()));
    Path lockFile = tree.resolveSibling(tree.getFileName() + Unpacking.LOCK);
    Optional<FileLock> lock = FileLock.tryNow(lockFile);
    if (lock.isEmpty()) {
      return;
    }
    try (FileLock held = lock.get()) {
      if (!entry.equals(tree)) {
        Owners.remove(host, runner, entry);
      } else {
        delete(tree);
      }
      held.removeFile();
    }
  }

  private void delete(Path tree) throws IOException {
    Path doomed = tree.resolveSibling(tree.getFileName() + DOOMED);
    if (Files.exists(doomed)) {
      Owners.remove(host, runner, doomed);
    }
    Files.move(tree, doomed, StandardCopyOption.ATOMIC_MOVE);
    if (used.get().contains(tree)) {
      Files.move(doomed, tree, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    Owners.remove(host, runner, doomed);
    String name = tree.getFileName().toString();
    deleted.add(
        "unpacked archive sha256:" + name.substring(0, Math.min(DIGEST_SHOWN, name.length())));
  }

  private void forgetDigests() throws IOException {
    List<Path> trees = entries(store.trees());
    for (Path entry : entries(store.index())) {
      String line = Files.readString(entry).strip();
      String digest = line.substring(line.lastIndexOf(' ') + 1);
      if (trees.stream().noneMatch(tree -> tree.getFileName().toString().startsWith(digest))) {
        Files.deleteIfExists(entry);
      }
    }
  }
}
