package io.hardway.spi.spec;

import java.util.Objects;

/**
 * Whose input and output goes first; ioprio_set(2); config.md, "ioPriority".
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class IoPriority {
  private final String type;
  private final int priority;

  private IoPriority(Builder from) {
    this.type = Objects.requireNonNull(from.type, "type");
    this.priority = from.priority;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.type = type;
    copy.priority = priority;
    return copy;
  }

  /** The class: {@code IOPRIO_CLASS_RT}, {@code IOPRIO_CLASS_BE} or {@code IOPRIO_CLASS_IDLE}. */
  public String type() {
    return type;
  }

  /** The priority within the class, 0, the highest, to 7. */
  public int priority() {
    return priority;
  }

  /** Collects the values of a {@link IoPriority}. */
  public static final class Builder {
    private String type;
    private int priority;

    private Builder() {}

    /** Sets {@link IoPriority#type()}. */
    public Builder type(String value) {
      type = Objects.requireNonNull(value, "type");
      return this;
    }

    /** Sets {@link IoPriority#priority()}. */
    public Builder priority(int value) {
      priority = value;
      return this;
    }

    /** Makes the value. */
    public IoPriority build() {
      return new IoPriority(this);
    }
  }
}
