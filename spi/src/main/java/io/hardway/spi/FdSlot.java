package io.hardway.spi;

/**
 * A slot that holds an open descriptor.
 *
 * @since 0.1
 */
public final class FdSlot extends Slot {
  /** Stands for no slot. */
  public static final FdSlot NONE = new FdSlot(-1, "none");

  /** A slot of a plan; for implementations of {@link PlanBuilder}. */
  public FdSlot(int index, String name) {
    super(index, name);
  }
}
