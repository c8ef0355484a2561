package io.hardway.linux.file;

import com.sun.jna.LastErrorException;
import java.io.IOException;

/**
 * A file that has just been made, open for writing.
 *
 * @since 0.1
 */
public final class OpenFile implements AutoCloseable {
  private final int descriptor;
  private long position;

  OpenFile(int descriptor) {
    this.descriptor = descriptor;
  }

  /** Writes at the position, which moves on. */
  public void write(byte[] bytes, int length) throws IOException {
    byte[] rest = bytes;
    int left = length;
    while (left > 0) {
      int written;
      try {
        written = (int) LibC.pwrite(descriptor, rest, left, position);
      } catch (LastErrorException e) {
        throw new SystemCallException(e);
      }
      position += written;
      left -= written;
      rest = left > 0 ? java.util.Arrays.copyOfRange(rest, written, written + left) : rest;
    }
  }

  /** Moves the position; what is passed over is a hole. */
  public void position(long to) {
    position = to;
  }

  /** Sets the length; ftruncate(2). */
  public void length(long length) throws IOException {
    try {
      LibC.ftruncate(descriptor, length);
    } catch (LastErrorException e) {
      throw new SystemCallException(e);
    }
  }

  /** Sets the permission bits; fchmod(2). */
  public void mode(int mode) throws IOException {
    try {
      LibC.fchmod(descriptor, mode);
    } catch (LastErrorException e) {
      throw new SystemCallException(e);
    }
  }

  /** Sets an extended attribute; fsetxattr(2). */
  public void attribute(byte[] name, byte[] value) throws IOException {
    try {
      LibC.fsetxattr(descriptor, OpenDirectory.terminated(name), value, value.length, 0);
    } catch (LastErrorException e) {
      throw new SystemCallException(e);
    }
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
