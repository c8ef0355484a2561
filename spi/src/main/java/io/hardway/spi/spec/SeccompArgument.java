package io.hardway.spi.spec;

import java.util.Objects;

/**
 * A condition on an argument of a system call.
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class SeccompArgument {
  private final long index;
  private final long value;
  private final long valueTwo;
  private final String op;

  private SeccompArgument(Builder from) {
    this.index = from.index;
    this.value = from.value;
    this.valueTwo = from.valueTwo;
    this.op = Objects.requireNonNull(from.op, "op");
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.index = index;
    copy.value = value;
    copy.valueTwo = valueTwo;
    copy.op = op;
    return copy;
  }

  /** Which argument, 0 to 5. */
  public long index() {
    return index;
  }

  /** What it is compared to. */
  public long value() {
    return value;
  }

  /** The second operand of a masked comparison. */
  public long valueTwo() {
    return valueTwo;
  }

  /** Like {@code SCMP_CMP_EQ}. */
  public String op() {
    return op;
  }

  /** Collects the values of a {@link SeccompArgument}. */
  public static final class Builder {
    private long index;
    private long value;
    private long valueTwo = 0;
    private String op;

    private Builder() {}

    /** Sets {@link SeccompArgument#index()}. */
    public Builder index(long value) {
      index = value;
      return this;
    }

    /** Sets {@link SeccompArgument#value()}. */
    public Builder value(long value) {
      this.value = value;
      return this;
    }

    /** Sets {@link SeccompArgument#valueTwo()}. */
    public Builder valueTwo(long value) {
      valueTwo = value;
      return this;
    }

    /** Sets {@link SeccompArgument#op()}. */
    public Builder op(String value) {
      op = Objects.requireNonNull(value, "op");
      return this;
    }

    /** Makes the value. */
    public SeccompArgument build() {
      return new SeccompArgument(this);
    }
  }
}
