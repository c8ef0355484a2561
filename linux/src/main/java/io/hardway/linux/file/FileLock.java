package io.hardway.linux.file;

import com.sun.jna.LastErrorException;
import io.hardway.spi.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A lock on a file, held until it is closed or the process ends; fcntl(2), "Open file description
 * locks". The same that plans take: it excludes other threads of this process too.
 *
 * @since 0.1
 */
public final class FileLock implements AutoCloseable {
  private static final int AT_FDCWD = -100;
  private static final int O_RDWR = 2;
  private static final int O_CREAT = 0100;
  private static final int O_CLOEXEC = 02000000;
  private static final int F_OFD_SETLK = 37;
  private static final int F_OFD_SETLKW = 38;
  private static final short F_WRLCK = 1;
  private static final int FLOCK_SIZE = 32;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int STATX_INO = 0x100;
  private static final int STATX_SIZE = 256;
  private static final int STATX_INO_OFFSET = 32;
  private static final int EINTR = 4;

  private final Path path;
  private final int descriptor;

  private FileLock(Path path, int descriptor) {
    this.path = path;
    this.descriptor = descriptor;
  }

  /** Locks the file, which is made when missing, and waits while somebody else has the lock. */
  public static FileLock waitFor(Path path) throws IOException {
    return take(path, F_OFD_SETLKW).orElseThrow(() -> new IOException(path + " is locked"));
  }

  /** Locks the file, which is made when missing; nothing where somebody else has the lock. */
  public static Optional<FileLock> tryNow(Path path) throws IOException {
    return take(path, F_OFD_SETLK);
  }

  /** Who held the lock may have removed the file: then another is locked. */
  private static Optional<FileLock> take(Path path, int command) throws IOException {
    byte[] name = OpenDirectory.terminated(path.toString().getBytes(StandardCharsets.UTF_8));
    while (true) {
      FileLock lock = new FileLock(path, open(name));
      boolean kept = false;
      try {
        if (!lock.lock(command)) {
          return Optional.empty();
        }
        kept = inode(lock.descriptor, new byte[] {0}) == inode(AT_FDCWD, name);
      } finally {
        if (!kept) {
          lock.close();
        }
      }
      if (kept) {
        return Optional.of(lock);
      }
    }
  }

  private static int open(byte[] name) throws IOException {
    try {
      return LibC.openat(AT_FDCWD, name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    } catch (LastErrorException e) {
      throw new SystemCallException(e);
    }
  }

  private boolean lock(int command) throws IOException {
    byte[] all =
        ByteBuffer.allocate(FLOCK_SIZE).order(ByteOrder.nativeOrder()).putShort(F_WRLCK).array();
    while (true) {
      try {
        LibC.fcntl(descriptor, command, all);
        return true;
      } catch (LastErrorException e) {
        if (e.getErrorCode() == Errno.EAGAIN || e.getErrorCode() == Errno.EACCES) {
          return false;
        }
        if (e.getErrorCode() != EINTR) {
          throw new SystemCallException(e);
        }
      }
    }
  }

  /** −1 where there is none. */
  private static long inode(int directory, byte[] name) throws IOException {
    byte[] status = new byte[STATX_SIZE];
    try {
      LibC.statx(directory, name, name.length == 1 ? AT_EMPTY_PATH : 0, STATX_INO, status);
    } catch (LastErrorException e) {
      if (e.getErrorCode() == Errno.ENOENT) {
        return -1;
      }
      throw new SystemCallException(e);
    }
    return ByteBuffer.wrap(status).order(ByteOrder.nativeOrder()).getLong(STATX_INO_OFFSET);
  }

  /** Removes the file; who waits for the lock makes a new one. */
  public void removeFile() throws IOException {
    Files.deleteIfExists(path);
  }

  @Override
  public void close() throws IOException {
    try {
      LibC.close(descriptor);
    } catch (LastErrorException e) {
      throw new SystemCallException(e);
    }
  }
}
