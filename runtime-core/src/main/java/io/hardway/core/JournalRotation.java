package io.hardway.core;

import io.hardway.linux.file.FileLock;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Keeps the journal from filling the file system of the state root, which often is memory: where it
 * has grown large it becomes {@code events.1}, in place of the one before.
 *
 * <p>Who adds an event opens the journal and writes once, without a lock: it lands in one of both
 * files. Of two who find it large one renames it, as the other looks again behind the lock.
 */
final class JournalRotation {
  /** From this size on, in bytes, it is rotated; it may be exceeded by what is added meanwhile. */
  static final long BOUND = 1 << 20;

  private JournalRotation() {}

  /** Rotates it where it is large; where that cannot be done it goes on growing. */
  static void perform(Directories directories) {
    File journal = directories.events().toFile();
    if (journal.length() < BOUND) {
      return; // on the way of every command: nothing but a look
    }
    Path lockFile = Path.of(journal + ".lock");
    try {
      Optional<FileLock> lock = FileLock.tryNow(lockFile);
      if (lock.isEmpty()) {
        return; // somebody else is at it
      }
      try (FileLock held = lock.get()) {
        if (journal.length() >= BOUND) {
          Files.move(
              journal.toPath(), Path.of(journal + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        held.removeFile();
      }
    } catch (IOException e) {
      DecisionLog.say(JournalRotation.class, "the journal is not rotated: {}", e.getMessage());
    }
  }
}
