package io.hardway.linux.file;

import com.sun.jna.LastErrorException;
import io.hardway.spi.Errno;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Extended attributes of every kind; xattr(7). Java's own are those of users alone.
 *
 * @since 0.1
 */
public final class ExtendedAttributes {
  /** The most that the kernel takes as a value. */
  private static final int MAXIMAL_SIZE = 1 << 16;

  private static final int ENODATA = 61;

  private ExtendedAttributes() {}

  /** The value of an attribute, not following a last link; empty where there is none. */
  public static byte[] read(Path path, String name) throws IOException {
    byte[] value = new byte[MAXIMAL_SIZE];
    try {
      long length =
          LibC.lgetxattr(
              OpenDirectory.terminated(path.toString().getBytes(StandardCharsets.UTF_8)),
              OpenDirectory.terminated(name.getBytes(StandardCharsets.UTF_8)),
              value,
              value.length);
      return Arrays.copyOf(value, (int) length);
    } catch (LastErrorException e) {
      if (e.getErrorCode() == ENODATA || e.getErrorCode() == Errno.EOPNOTSUPP) {
        return new byte[0];
      }
      throw new SystemCallException(e);
    }
  }
}
