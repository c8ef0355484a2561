package io.hardway.spi.spec;

import java.util.Optional;

/**
 * The processors a process of exec runs on while it enters the container, and then; config.md,
 * "execCPUAffinity".
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class CpuAffinity {
  private final Optional<String> initial;
  private final Optional<String> last;

  private CpuAffinity(Builder from) {
    this.initial = from.initial;
    this.last = from.last;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.initial = initial;
    copy.last = last;
    return copy;
  }

  /** Those before it is in the control group, like {@code 0-3,7}. */
  public Optional<String> initial() {
    return initial;
  }

  /** Those from then on; absent: all of the container's. */
  public Optional<String> last() {
    return last;
  }

  /** Collects the values of a {@link CpuAffinity}. */
  public static final class Builder {
    private Optional<String> initial = Optional.empty();
    private Optional<String> last = Optional.empty();

    private Builder() {}

    /** Sets {@link CpuAffinity#initial()}. */
    public Builder initial(String value) {
      initial = Optional.of(value);
      return this;
    }

    /** Sets {@link CpuAffinity#last()}. */
    public Builder last(String value) {
      last = Optional.of(value);
      return this;
    }

    /** Makes the value. */
    public CpuAffinity build() {
      return new CpuAffinity(this);
    }
  }
}
