package io.hardway.spi.spec;

import java.util.Objects;

/**
 * How much of one size of huge page may be used.
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class HugepageLimit {
  private final String pageSize;
  private final long limit;

  private HugepageLimit(Builder from) {
    this.pageSize = Objects.requireNonNull(from.pageSize, "pageSize");
    this.limit = from.limit;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.pageSize = pageSize;
    copy.limit = limit;
    return copy;
  }

  /** Like {@code 2MB}. */
  public String pageSize() {
    return pageSize;
  }

  /** Bytes. */
  public long limit() {
    return limit;
  }

  /** Collects the values of a {@link HugepageLimit}. */
  public static final class Builder {
    private String pageSize;
    private long limit;

    private Builder() {}

    /** Sets {@link HugepageLimit#pageSize()}. */
    public Builder pageSize(String value) {
      pageSize = Objects.requireNonNull(value, "pageSize");
      return this;
    }

    /** Sets {@link HugepageLimit#limit()}. */
    public Builder limit(long value) {
      limit = value;
      return this;
    }

    /** Makes the value. */
    public HugepageLimit build() {
      return new HugepageLimit(this);
    }
  }
}
