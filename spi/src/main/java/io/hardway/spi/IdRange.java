package io.hardway.spi;

/**
 * A range of user or group ids.
 *
 * @since 0.1
 */
public final class IdRange {
  private final long first;
  private final long count;

  /** The ids from {@code first} on, {@code count} of them. */
  public IdRange(long first, long count) {
    if (first < 0 || count < 1 || first + count > 0xFFFF_FFFFL) {
      throw new IllegalArgumentException(
          "no range of ids: " + first + " and " + count + " of them");
    }
    this.first = first;
    this.count = count;
  }

  /** The lowest id. */
  public long first() {
    return first;
  }

  /** How many ids. */
  public long count() {
    return count;
  }
}
