package io.hardway.spi;

/**
 * A slot that holds a piece of text.
 *
 * @since 0.1
 */
public final class TextSlot extends Slot {
  /** Stands for no slot. */
  public static final TextSlot NONE = new TextSlot(-1, "none");

  /** A slot of a plan; for implementations of {@link PlanBuilder}. */
  public TextSlot(int index, String name) {
    super(index, name);
  }
}
