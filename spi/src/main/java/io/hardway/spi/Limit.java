package io.hardway.spi;

/**
 * An upper bound: a number of something, or no bound at all. The OCI specification writes "no
 * bound" as −1, cgroup v2 as {@code max}.
 *
 * @since 0.1
 */
public final class Limit {
  private static final Limit UNLIMITED = new Limit(-1);
  private final long value;

  private Limit(long value) {
    this.value = value;
  }

  /** At most this much; not negative. */
  public static Limit of(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("a limit is not negative: " + value);
    }
    return new Limit(value);
  }

  /** No bound. */
  public static Limit unlimited() {
    return UNLIMITED;
  }

  /** What the OCI specification writes: negative is no bound. */
  public static Limit ofOci(long value) {
    return value < 0 ? UNLIMITED : new Limit(value);
  }

  /** Whether there is no bound. */
  public boolean isUnlimited() {
    return value < 0;
  }

  /**
   * The bound.
   *
   * @throws IllegalStateException when there is none
   */
  public long value() {
    if (value < 0) {
      throw new IllegalStateException("unlimited");
    }
    return value;
  }

  /** What the OCI specification writes: −1 is no bound. */
  public long toOci() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Limit limit && limit.value == value;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(value);
  }

  /** The number, or {@code unlimited}. */
  @Override
  public String toString() {
    return value < 0 ? "unlimited" : Long.toString(value);
  }
}
