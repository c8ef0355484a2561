package io.hardway.spi;

/**
 * A slot that holds a number, like a process id.
 *
 * @since 0.1
 */
public final class IntSlot extends Slot implements IntOperand {
  /** Stands for no slot. */
  public static final IntSlot NONE = new IntSlot(-1, "none");

  /** A slot of a plan; for implementations of {@link PlanBuilder}. */
  public IntSlot(int index, String name) {
    super(index, name);
  }
}
