package io.hardway.spi.spec;

/**
 * What a clock of a time namespace is ahead by; time_namespaces(7).
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class TimeOffset {
  private final long secs;
  private final long nanosecs;

  private TimeOffset(Builder from) {
    this.secs = from.secs;
    this.nanosecs = from.nanosecs;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.secs = secs;
    copy.nanosecs = nanosecs;
    return copy;
  }

  /** Seconds. */
  public long secs() {
    return secs;
  }

  /** Nanoseconds, 0 to 999999999. */
  public long nanosecs() {
    return nanosecs;
  }

  /** Collects the values of a {@link TimeOffset}. */
  public static final class Builder {
    private long secs = 0;
    private long nanosecs = 0;

    private Builder() {}

    /** Sets {@link TimeOffset#secs()}. */
    public Builder secs(long value) {
      secs = value;
      return this;
    }

    /** Sets {@link TimeOffset#nanosecs()}. */
    public Builder nanosecs(long value) {
      nanosecs = value;
      return this;
    }

    /** Makes the value. */
    public TimeOffset build() {
      return new TimeOffset(this);
    }
  }
}
