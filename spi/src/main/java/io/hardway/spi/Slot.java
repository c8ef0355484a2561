package io.hardway.spi;

/**
 * The output of a step, which later steps take as an operand. Set once, while the plan is
 * performed. Slots are made by a {@link PlanBuilder}.
 *
 * @since 0.1
 */
public abstract class Slot {
  private final int index;
  private final String name;

  Slot(int index, String name) {
    this.index = index;
    this.name = name;
  }

  /** Its number in the plan; negative: none. */
  public final int index() {
    return index;
  }

  /** What it holds, for a reader of the plan, like {@code pid}. */
  public final String name() {
    return name;
  }

  /** Whether this stands for no slot: an operand that is not there, an output that is discarded. */
  public final boolean isNone() {
    return index < 0;
  }
}
