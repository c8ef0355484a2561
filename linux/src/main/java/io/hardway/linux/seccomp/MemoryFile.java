package io.hardway.linux.seccomp;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.util.Arrays;

/** A file in memory, for a library that writes its results to a descriptor; memfd_create(2). */
final class MemoryFile implements AutoCloseable {
  private static final int MFD_CLOEXEC = 1;

  static {
    Native.register(MemoryFile.class, "c");
  }

  private final int descriptor;

  MemoryFile() {
    descriptor = memfd_create(new byte[] {'f', 0}, MFD_CLOEXEC);
  }

  private static native int memfd_create(byte[] name, int flags) throws LastErrorException;

  private static native long pread(int descriptor, byte[] bytes, long count, long offset)
      throws LastErrorException;

  private static native int close(int descriptor) throws LastErrorException;

  int descriptor() {
    return descriptor;
  }

  /** What was written. */
  byte[] content(int most) {
    byte[] bytes = new byte[most];
    int length = 0;
    while (length < most) {
      byte[] piece = new byte[most - length];
      int read = (int) pread(descriptor, piece, piece.length, length);
      if (read == 0) {
        break;
      }
      System.arraycopy(piece, 0, bytes, length, read);
      length += read;
    }
    return Arrays.copyOf(bytes, length);
  }

  @Override
  public void close() {
    close(descriptor);
  }
}
