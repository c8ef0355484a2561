package io.hardway.cli.option;

/**
 * A command line that cannot be understood: the message is for the user, who is then shown the
 * usage.
 */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The exit status of docker for flags it does not understand. */
  public static final int WRONG_FLAG = 125;

  /**
   * The exit status of docker for a wrong number of arguments, or for a command it does not know.
   */
  public static final int WRONG_ARGUMENTS = 1;

  private final transient OptionTable table;
  private final int status;

  /** A wrong flag of a command. */
  public UsageException(OptionTable table, String message) {
    this(table, message, WRONG_FLAG);
  }

  /** A wrong use of a command, with the exit status it gives. */
  public UsageException(OptionTable table, String message, int status) {
    super(message);
    this.table = table;
    this.status = status;
  }

  /** The command that was used wrongly. */
  public OptionTable table() {
    return table;
  }

  /** The exit status it gives. */
  public int status() {
    return status;
  }
}
