package io.hardway.spi;

/**
 * Where a process gets its standard streams from.
 *
 * @since 0.1
 */
public final class Stdio {
  private final boolean terminal;
  private final boolean inherited;
  private final FdSlot in;
  private final FdSlot out;
  private final FdSlot err;
  private final FdSlot master;
  private final int rows;
  private final int columns;

  private Stdio(
      boolean terminal,
      boolean inherited,
      FdSlot in,
      FdSlot out,
      FdSlot err,
      FdSlot master,
      int rows,
      int columns) {
    this.terminal = terminal;
    this.inherited = inherited;
    this.in = in;
    this.out = out;
    this.err = err;
    this.master = master;
    this.rows = rows;
    this.columns = columns;
  }

  /** The streams of the process that performs the plan. */
  public static Stdio inherited() {
    return new Stdio(false, true, FdSlot.NONE, FdSlot.NONE, FdSlot.NONE, FdSlot.NONE, 0, 0);
  }

  /** Descriptors that steps of the {@code host} phase open. */
  public static Stdio descriptors(FdSlot in, FdSlot out, FdSlot err) {
    return new Stdio(false, false, in, out, err, FdSlot.NONE, 0, 0);
  }

  /**
   * A pseudo-terminal that the isolation provider opens in the container's devpts.
   *
   * @param master receives the master side, for the parent
   */
  public static Stdio terminal(FdSlot master, int rows, int columns) {
    return new Stdio(true, false, FdSlot.NONE, FdSlot.NONE, FdSlot.NONE, master, rows, columns);
  }

  /** Whether it is a pseudo-terminal. */
  public boolean isTerminal() {
    return terminal;
  }

  /** Whether the streams are those of the performing process. */
  public boolean isInherited() {
    return inherited;
  }

  /** Standard input, with descriptors. */
  public FdSlot in() {
    return in;
  }

  /** Standard output, with descriptors. */
  public FdSlot out() {
    return out;
  }

  /** Standard error, with descriptors. */
  public FdSlot err() {
    return err;
  }

  /** The slot for the terminal's master side. */
  public FdSlot master() {
    return master;
  }

  /** The terminal's height; 0 when it is not known. */
  public int rows() {
    return rows;
  }

  /** The terminal's width; 0 when it is not known. */
  public int columns() {
    return columns;
  }
}
