package io.hardway.spi.spec;

import java.util.Objects;

/**
 * One resource limit; setrlimit(2); config.md, "rlimits".
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class Rlimit {
  private final String type;
  private final long soft;
  private final long hard;

  private Rlimit(Builder from) {
    this.type = Objects.requireNonNull(from.type, "type");
    this.soft = from.soft;
    this.hard = from.hard;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.type = type;
    copy.soft = soft;
    copy.hard = hard;
    return copy;
  }

  /** The name, like {@code RLIMIT_NOFILE}. */
  public String type() {
    return type;
  }

  /** The limit that is enforced; -1 is unlimited. */
  public long soft() {
    return soft;
  }

  /** The ceiling of the soft limit; -1 is unlimited. */
  public long hard() {
    return hard;
  }

  /** Collects the values of a {@link Rlimit}. */
  public static final class Builder {
    private String type;
    private long soft;
    private long hard;

    private Builder() {}

    /** Sets {@link Rlimit#type()}. */
    public Builder type(String value) {
      type = Objects.requireNonNull(value, "type");
      return this;
    }

    /** Sets {@link Rlimit#soft()}. */
    public Builder soft(long value) {
      soft = value;
      return this;
    }

    /** Sets {@link Rlimit#hard()}. */
    public Builder hard(long value) {
      hard = value;
      return this;
    }

    /** Makes the value. */
    public Rlimit build() {
      return new Rlimit(this);
    }
  }
}
