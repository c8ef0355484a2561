package io.hardway.spi;

/**
 * A number a step works with: known while planning, or the content of an {@link IntSlot}.
 *
 * @since 0.1
 */
public interface IntOperand {

  /** A number that is known while planning. */
  static IntOperand of(long value) {
    return new IntLiteral(value);
  }
}
