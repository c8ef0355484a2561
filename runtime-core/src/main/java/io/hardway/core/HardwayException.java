package io.hardway.core;

/**
 * Something that was asked for cannot be done; the message names what and says why or what would
 * help.
 */
public final class HardwayException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /** With the exit code of what Hardway itself could not do: 125. */
  public HardwayException(String message) {
    this(message, 125);
  }

  /** With an exit code. */
  public HardwayException(String message, int exitCode) {
    super(message);
    this.exitCode = exitCode;
  }

  /** With what led to it. */
  public HardwayException(String message, Throwable cause) {
    super(message, cause);
    this.exitCode = 125;
  }

  /** The exit code of the command that ends with it. */
  public int exitCode() {
    return exitCode;
  }
}
