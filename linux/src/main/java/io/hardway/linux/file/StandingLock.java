package io.hardway.linux.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock on a file that nobody ever removes, held until it is closed or the process ends; fcntl(2),
 * "Advisory record locking". Other than {@link FileLock} it needs no native library, whose loading
 * takes longer than all else that a start plans.
 *
 * @since 0.1
 */
public final class StandingLock implements AutoCloseable {
  /**
   * For the threads of this process, which these locks do not keep apart: and whoever of them
   * closes a file takes the locks of all on it away.
   */
  private static final ReentrantLock THREADS = new ReentrantLock();

  private final FileChannel channel;

  private StandingLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Locks the file, which is made when missing, and waits while somebody else has the lock. */
  public static StandingLock waitFor(Path path) throws IOException {
    THREADS.lock();
    FileChannel channel = null;
    boolean locked = false;
    try {
      channel =
          FileChannel.open(
              path,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      locked = channel.lock().isValid();
      return new StandingLock(channel);
    } finally {
      if (!locked) {
        if (channel != null) {
          channel.close();
        }
        THREADS.unlock();
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      THREADS.unlock();
    }
  }
}
