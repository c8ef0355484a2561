package io.hardway.spi;

import java.util.OptionalLong;

/**
 * Processor time that a group has used; cgroup-v1/cpuacct.rst, scheduler/sched-bwc.rst;
 * cgroup-v2.rst, {@code cpu.stat}.
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class CpuUsage {
  private final OptionalLong nanos;
  private final OptionalLong userNanos;
  private final OptionalLong systemNanos;
  private final OptionalLong periods;
  private final OptionalLong throttledPeriods;
  private final OptionalLong throttledNanos;
  private final OptionalLong burstPeriods;
  private final OptionalLong burstNanos;

  private CpuUsage(Builder from) {
    this.nanos = from.nanos;
    this.userNanos = from.userNanos;
    this.systemNanos = from.systemNanos;
    this.periods = from.periods;
    this.throttledPeriods = from.throttledPeriods;
    this.throttledNanos = from.throttledNanos;
    this.burstPeriods = from.burstPeriods;
    this.burstNanos = from.burstNanos;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.nanos = nanos;
    copy.userNanos = userNanos;
    copy.systemNanos = systemNanos;
    copy.periods = periods;
    copy.throttledPeriods = throttledPeriods;
    copy.throttledNanos = throttledNanos;
    copy.burstPeriods = burstPeriods;
    copy.burstNanos = burstNanos;
    return copy;
  }

  /** Processor time in nanoseconds. */
  public OptionalLong nanos() {
    return nanos;
  }

  /** Of it in user mode. */
  public OptionalLong userNanos() {
    return userNanos;
  }

  /** Of it in the kernel. */
  public OptionalLong systemNanos() {
    return systemNanos;
  }

  /** Periods of the limit in which it had something to run. */
  public OptionalLong periods() {
    return periods;
  }

  /** Of them those in which it reached the limit. */
  public OptionalLong throttledPeriods() {
    return throttledPeriods;
  }

  /** Nanoseconds its tasks stood still for the limit, added up over processors. */
  public OptionalLong throttledNanos() {
    return throttledNanos;
  }

  /** Periods in which it used more than its share, from what it had saved up. */
  public OptionalLong burstPeriods() {
    return burstPeriods;
  }

  /** Nanoseconds used above the share in them. */
  public OptionalLong burstNanos() {
    return burstNanos;
  }

  /** Collects the values of a {@link CpuUsage}. */
  public static final class Builder {
    private OptionalLong nanos = OptionalLong.empty();
    private OptionalLong userNanos = OptionalLong.empty();
    private OptionalLong systemNanos = OptionalLong.empty();
    private OptionalLong periods = OptionalLong.empty();
    private OptionalLong throttledPeriods = OptionalLong.empty();
    private OptionalLong throttledNanos = OptionalLong.empty();
    private OptionalLong burstPeriods = OptionalLong.empty();
    private OptionalLong burstNanos = OptionalLong.empty();

    private Builder() {}

    /** Sets {@link CpuUsage#nanos()}. */
    public Builder nanos(long value) {
      nanos = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link CpuUsage#userNanos()}. */
    public Builder userNanos(long value) {
      userNanos = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link CpuUsage#systemNanos()}. */
    public Builder systemNanos(long value) {
      systemNanos = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link CpuUsage#periods()}. */
    public Builder periods(long value) {
      periods = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link CpuUsage#throttledPeriods()}. */
    public Builder throttledPeriods(long value) {
      throttledPeriods = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link CpuUsage#throttledNanos()}. */
    public Builder throttledNanos(long value) {
      throttledNanos = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link CpuUsage#burstPeriods()}. */
    public Builder burstPeriods(long value) {
      burstPeriods = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link CpuUsage#burstNanos()}. */
    public Builder burstNanos(long value) {
      burstNanos = OptionalLong.of(value);
      return this;
    }

    /** Makes the value. */
    public CpuUsage build() {
      return new CpuUsage(this);
    }
  }
}
