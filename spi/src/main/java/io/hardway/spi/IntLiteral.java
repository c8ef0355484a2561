package io.hardway.spi;

/**
 * A number that is known while planning.
 *
 * @since 0.1
 */
public final class IntLiteral implements IntOperand {
  private final long value;

  /** The number. */
  public IntLiteral(long value) {
    this.value = value;
  }

  /** The number. */
  public long value() {
    return value;
  }
}
