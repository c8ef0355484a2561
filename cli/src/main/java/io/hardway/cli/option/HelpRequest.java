package io.hardway.cli.option;

/** The user asked for the help of a command in place of running it. */
public final class HelpRequest extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient OptionTable table;

  /** A request for the help of the command with this table. */
  public HelpRequest(OptionTable table) {
    super(null, null, false, false);
    this.table = table;
  }

  /** The command whose help was asked for. */
  public OptionTable table() {
    return table;
  }
}
