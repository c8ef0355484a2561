package io.hardway.fs.overlay.archive;

import io.hardway.linux.file.FileLock;
import io.hardway.linux.file.OpenDirectory;
import io.hardway.spi.PlanningException;
import io.hardway.spi.RootfsPreparation;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Unpacks one archive into the store: aside, under a lock, on the disk before it gets its name. A
 * tree that has its name is whole; what a process that was killed left aside is removed by the next
 * one that unpacks, and by prune.
 */
final class Unpacking {
  static final String ASIDE = ".new";
  static final String LOCK = ".lock";

  /** Within this time a file can change without a change of its times. */
  private static final long COARSE = TimeUnit.SECONDS.toNanos(2);

  private final ArchiveStore store;
  private final ArchiveStore.Archive archive;
  private final RootfsPreparation request;

  Unpacking(ArchiveStore store, ArchiveStore.Archive archive, RootfsPreparation request) {
    this.store = store;
    this.archive = archive;
    this.request = request;
  }

  /**
   * The tree, made where it is missing.
   *
   * @param known the digest, empty where it is to be found out
   */
  Path tree(String known) {
    ArchiveFile file = new ArchiveFile(archive.path());
    file.check();
    long seen = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    String digest = known.isEmpty() ? file.digest() : known;
    Path tree = store.tree(digest, request);
    try {
      makeStore();
      removeLeftovers(tree);
      Path lockFile = tree.resolveSibling(tree.getFileName() + LOCK);
      try (FileLock held = FileLock.waitFor(lockFile)) {
        try {
          if (!Files.isDirectory(tree, LinkOption.NOFOLLOW_LINKS)) {
            unpack(file, digest, tree);
          }
        } finally {
          held.removeFile();
        }
      }
      if (seen - archive.changed() > COARSE) {
        keepDigest(digest);
      }
    } catch (IOException e) {
      throw failed(e);
    }
    return tree;
  }

  private PlanningException failed(IOException e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    boolean full = message.contains("No space left") || message.contains("Disk quota exceeded");
    return new PlanningException(
        archive.path() + " cannot be unpacked: " + message,
        full
            ? "make room on the disk of " + store.directory() + ", or choose another with --root"
            : "",
        e);
  }

  private void unpack(ArchiveFile file, String digest, Path tree) throws IOException {
    Path aside = tree.resolveSibling(tree.getFileName() + ASIDE);
    if (Files.exists(aside, LinkOption.NOFOLLOW_LINKS)) {
      Owners.remove(request, aside);
    }
    boolean whole = false;
    try {
      directory(aside, "rwx------");
      Owners owners = new Owners(request);
      try (OpenDirectory root = OpenDirectory.of(aside)) {
        file.read(digest, content -> new Unpacker(root, owners).unpack(content));
        owners.giveAway(aside);
        root.syncFileSystem();
      }
      Files.move(aside, tree, StandardCopyOption.ATOMIC_MOVE);
      try (OpenDirectory trees = OpenDirectory.of(store.trees())) {
        trees.sync();
      }
      whole = true;
    } catch (OutOfMemoryError e) {
      throw new ArchiveException("it has more entries than there is memory for", e);
    } finally {
      if (!whole) {
        Owners.remove(request, aside);
      }
    }
  }

  private void makeStore() throws IOException {
    Path data = request.store().getParent();
    if (!Files.isDirectory(data)) {
      // Containers in user namespaces must get through to theirs.
      Files.createDirectories(data);
      Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx--x--x"));
    }
    for (Path path :
        new Path[] {request.store(), store.directory(), store.trees(), store.index()}) {
      directory(path, "rwx------");
    }
  }

  private static void directory(Path path, String mode) throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      try {
        Files.createDirectory(
            path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
      } catch (java.nio.file.FileAlreadyExistsException raced) {
        return;
      }
    }
  }

  /** What others began and did not live to finish. */
  private void removeLeftovers(Path own) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(store.trees(), "*" + ASIDE)) {
      for (Path aside : entries) {
        String name = aside.getFileName().toString();
        Path tree = aside.resolveSibling(name.substring(0, name.length() - ASIDE.length()));
        if (tree.equals(own)) {
          continue;
        }
        Path lockFile = tree.resolveSibling(tree.getFileName() + LOCK);
        Optional<FileLock> lock = FileLock.tryNow(lockFile);
        if (lock.isPresent()) {
          try (FileLock held = lock.get()) {
            Owners.remove(request, aside);
            held.removeFile();
          }
        }
      }
    }
  }

  private void keepDigest(String digest) throws IOException {
    Path entry = store.index().resolve(archive.inode());
    Path aside =
        entry.resolveSibling(archive.inode() + "." + ProcessHandle.current().pid() + ASIDE);
    Files.writeString(aside, archive.stamp() + " " + digest + "\n");
    Files.move(aside, entry, StandardCopyOption.ATOMIC_MOVE);
  }
}
