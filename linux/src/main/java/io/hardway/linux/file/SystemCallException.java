package io.hardway.linux.file;

import com.sun.jna.LastErrorException;
import java.io.IOException;

/**
 * A system call that failed. The message is what the C library says about its errno.
 *
 * @since 0.1
 */
public final class SystemCallException extends IOException {
  private static final long serialVersionUID = 1L;
  private final int errno;

  SystemCallException(LastErrorException cause) {
    super(LibC.strerror(cause.getErrorCode()), cause);
    this.errno = cause.getErrorCode();
  }

  /** The errno; see {@link io.hardway.spi.Errno}. */
  public int errno() {
    return errno;
  }
}
