package io.hardway.spi;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Huge pages of one size that a group holds; cgroup-v1/hugetlb.rst; cgroup-v2.rst, "HugeTLB".
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class HugepageUsage {
  private final String pageSize;
  private final long bytes;
  private final OptionalLong peakBytes;
  private final Optional<Limit> limit;
  private final OptionalLong limitHits;

  private HugepageUsage(Builder from) {
    this.pageSize = Objects.requireNonNull(from.pageSize, "pageSize");
    this.bytes = from.bytes;
    this.peakBytes = from.peakBytes;
    this.limit = from.limit;
    this.limitHits = from.limitHits;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.pageSize = pageSize;
    copy.bytes = bytes;
    copy.peakBytes = peakBytes;
    copy.limit = limit;
    copy.limitHits = limitHits;
    return copy;
  }

  /** The size of a page as the kernel names it in its files: {@code 2MB}. */
  public String pageSize() {
    return pageSize;
  }

  /** Bytes it holds. */
  public long bytes() {
    return bytes;
  }

  /** The most bytes it has held. */
  public OptionalLong peakBytes() {
    return peakBytes;
  }

  /** The limit. */
  public Optional<Limit> limit() {
    return limit;
  }

  /** How often a page was refused for that limit. */
  public OptionalLong limitHits() {
    return limitHits;
  }

  /** Collects the values of a {@link HugepageUsage}. */
  public static final class Builder {
    private String pageSize;
    private long bytes;
    private OptionalLong peakBytes = OptionalLong.empty();
    private Optional<Limit> limit = Optional.empty();
    private OptionalLong limitHits = OptionalLong.empty();

    private Builder() {}

    /** Sets {@link HugepageUsage#pageSize()}. */
    public Builder pageSize(String value) {
      pageSize = Objects.requireNonNull(value, "pageSize");
      return this;
    }

    /** Sets {@link HugepageUsage#bytes()}. */
    public Builder bytes(long value) {
      bytes = value;
      return this;
    }

    /** Sets {@link HugepageUsage#peakBytes()}. */
    public Builder peakBytes(long value) {
      peakBytes = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link HugepageUsage#limit()}. */
    public Builder limit(Limit value) {
      limit = Optional.of(value);
      return this;
    }

    /** Sets {@link HugepageUsage#limitHits()}. */
    public Builder limitHits(long value) {
      limitHits = OptionalLong.of(value);
      return this;
    }

    /** Makes the value. */
    public HugepageUsage build() {
      return new HugepageUsage(this);
    }
  }
}
