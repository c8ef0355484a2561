package io.hardway.linux.file;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * An open directory, and what can be done to its entries. Names are single components, as bytes; no
 * method follows a link that is the entry itself.
 *
 * @since 0.1
 */
public final class OpenDirectory implements AutoCloseable {
  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_REMOVEDIR = 0x200;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int O_WRONLY = 1;
  private static final int O_CREAT = 0100;
  private static final int O_EXCL = 0200;
  private static final int O_CLOEXEC = 02000000;
  // Two flags of open(2) have other numbers on aarch64.
  private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
  private static final int O_DIRECTORY = ARM ? 040000 : 0200000;
  private static final int O_NOFOLLOW = ARM ? 0100000 : 0400000;
  private static final int OPEN_DIRECTORY = O_DIRECTORY | O_CLOEXEC;

  private static final long SYS_OPENAT2 = 437;
  private static final long RESOLVE_NO_XDEV = 0x01;
  private static final long RESOLVE_NO_MAGICLINKS = 0x02;
  private static final long RESOLVE_IN_ROOT = 0x10;
  private static final int OPEN_HOW_SIZE = 24;

  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final int STATX_SIZE = 256;
  private static final int STATX_MODE = 28;
  private static final byte[] ITSELF = {0};
  private static final int EINTR = 4;
  private static final int EAGAIN = 11;
  private static final int ENOENT = 2;

  private final int descriptor;

  private OpenDirectory(int descriptor) {
    this.descriptor = descriptor;
  }

  /** Opens a directory of the host. */
  public static OpenDirectory of(Path path) throws IOException {
    try {
      byte[] name = terminated(path.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
      return new OpenDirectory(LibC.openat(AT_FDCWD, name, OPEN_DIRECTORY, 0));
    } catch (LastErrorException e) {
      throw new SystemCallException(e);
    }
  }

  /**
   * Opens the directory at a path inside this one as if this were {@code /}: whatever links are on
   * the way, it is inside, and on the same mount; openat2(2).
   *
   * @param path components with {@code /} between them; empty: this directory
   */
  public OpenDirectory resolve(byte[] path) throws IOException {
    ByteBuffer how = ByteBuffer.allocate(OPEN_HOW_SIZE).order(ByteOrder.nativeOrder());
    how.putLong(OPEN_DIRECTORY)
        .putLong(0)
        .putLong(RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV);
    byte[] name = terminated(path.length == 0 ? new byte[] {'.'} : path);
    while (true) {
      try {
        return new OpenDirectory(
            (int) LibC.syscall(SYS_OPENAT2, descriptor, name, how.array(), OPEN_HOW_SIZE, 0));
      } catch (LastErrorException e) {
        if (e.getErrorCode() != EINTR && e.getErrorCode() != EAGAIN) {
          throw new SystemCallException(e);
        }
      }
    }
  }

  /** Opens a directory in this one. */
  public OpenDirectory directory(byte[] name) throws IOException {
    try {
      return new OpenDirectory(
          LibC.openat(descriptor, terminated(name), OPEN_DIRECTORY | O_NOFOLLOW, 0));
    } catch (LastErrorException e) {
      throw new SystemCallException(e);
    }
  }

  /** Makes a file that must not exist yet, for its owner alone. */
  public OpenFile createFile(byte[] name) throws IOException {
    try {
      int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
      return new OpenFile(LibC.openat(descriptor, terminated(name), flags, 0600));
    } catch (LastErrorException e) {
      throw new SystemCallException(e);
    }
  }

  /** Makes a directory, for its owner alone. */
  public void makeDirectory(byte[] name) throws IOException {
    check(() -> LibC.mkdirat(descriptor, terminated(name), 0700));
  }

  /** Makes a symbolic link. */
  public void makeLink(byte[] name, byte[] target) throws IOException {
    check(() -> LibC.symlinkat(terminated(target), descriptor, terminated(name)));
  }

  /** Gives an entry of another directory one more name, in this one; link(2). */
  public void makeName(byte[] name, OpenDirectory from, byte[] fromName) throws IOException {
    check(
        () -> LibC.linkat(from.descriptor, terminated(fromName), descriptor, terminated(name), 0));
  }

  /** Makes a device, fifo or socket; the mode's type says which; mknod(2). */
  public void makeNode(byte[] name, int mode, long major, long minor) throws IOException {
    long device =
        (minor & 0xff) | (major & 0xfff) << 8 | (minor & ~0xffL) << 12 | (major & ~0xfffL) << 32;
    check(() -> LibC.mknodat(descriptor, terminated(name), mode, device));
    check(() -> LibC.fchmodat(descriptor, terminated(name), mode & 07777, 0));
  }

  /** The mode of an entry, with its type; 0 where there is none; statx(2). */
  public int mode(byte[] name) throws IOException {
    byte[] status = new byte[STATX_SIZE];
    try {
      LibC.statx(descriptor, terminated(name), AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, status);
    } catch (LastErrorException e) {
      if (e.getErrorCode() == ENOENT) {
        return 0;
      }
      throw new SystemCallException(e);
    }
    return ByteBuffer.wrap(status).order(ByteOrder.nativeOrder()).getShort(STATX_MODE) & 0xffff;
  }

  /** Removes an entry that is no directory. */
  public void remove(byte[] name) throws IOException {
    check(() -> LibC.unlinkat(descriptor, terminated(name), 0));
  }

  /** Removes an empty directory. */
  public void removeDirectory(byte[] name) throws IOException {
    check(() -> LibC.unlinkat(descriptor, terminated(name), AT_REMOVEDIR));
  }

  /** Renames an entry of this directory; rename(2). */
  public void rename(byte[] from, byte[] to) throws IOException {
    check(() -> LibC.renameat(descriptor, terminated(from), descriptor, terminated(to)));
  }

  /** Sets an entry's owner; lchown(2). */
  public void owner(byte[] name, long uid, long gid) throws IOException {
    check(
        () ->
            LibC.fchownat(descriptor, terminated(name), (int) uid, (int) gid, AT_SYMLINK_NOFOLLOW));
  }

  /** Sets this directory's owner. */
  public void owner(long uid, long gid) throws IOException {
    check(() -> LibC.fchownat(descriptor, ITSELF, (int) uid, (int) gid, AT_EMPTY_PATH));
  }

  /** Sets this directory's permission bits. */
  public void permissions(int mode) throws IOException {
    check(() -> LibC.fchmod(descriptor, mode));
  }

  /** Sets an entry's time of access and of modification; utimensat(2). */
  public void time(byte[] name, long seconds, int nanos) throws IOException {
    long[] times = {seconds, nanos, seconds, nanos};
    check(() -> LibC.utimensat(descriptor, terminated(name), times, AT_SYMLINK_NOFOLLOW));
  }

  /** Sets this directory's times. */
  public void time(long seconds, int nanos) throws IOException {
    time(new byte[] {'.'}, seconds, nanos);
  }

  /** Sets an extended attribute of this directory; setxattr(2). */
  public void attribute(byte[] name, byte[] value) throws IOException {
    check(() -> LibC.fsetxattr(descriptor, terminated(name), value, value.length, 0));
  }

  /** Waits until the whole file system this is on has been written to the disk; syncfs(2). */
  public void syncFileSystem() throws IOException {
    check(() -> LibC.syncfs(descriptor));
  }

  /** Waits until this directory's entries have been written to the disk; fsync(2). */
  public void sync() throws IOException {
    check(() -> LibC.fsync(descriptor));
  }

  @Override
  public void close() throws IOException {
    check(() -> LibC.close(descriptor));
  }

  /** A system call that gives −1 where it failed. */
  @FunctionalInterface
  private interface Call {
    int run();
  }

  private static void check(Call call) throws IOException {
    try {
      call.run();
    } catch (LastErrorException e) {
      throw new SystemCallException(e);
    }
  }

  /**
   * With the NUL that ends it.
   *
   * @throws IllegalArgumentException where a NUL is inside
   */
  static byte[] terminated(byte[] text) {
    for (byte b : text) {
      if (b == 0) {
        throw new IllegalArgumentException("a name holds a NUL byte");
      }
    }
    return Arrays.copyOf(text, text.length + 1);
  }
}
