package io.hardway.spi.spec;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Processor time; cgroup-v2.rst, "CPU", "Cpuset"; config-linux.md, "CPU".
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class CpuResources {
  private final OptionalLong shares;
  private final OptionalLong quota;
  private final OptionalLong burst;
  private final OptionalLong period;
  private final OptionalLong realtimeRuntime;
  private final OptionalLong realtimePeriod;
  private final Optional<String> cpus;
  private final Optional<String> mems;
  private final OptionalLong idle;

  private CpuResources(Builder from) {
    this.shares = from.shares;
    this.quota = from.quota;
    this.burst = from.burst;
    this.period = from.period;
    this.realtimeRuntime = from.realtimeRuntime;
    this.realtimePeriod = from.realtimePeriod;
    this.cpus = from.cpus;
    this.mems = from.mems;
    this.idle = from.idle;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.shares = shares;
    copy.quota = quota;
    copy.burst = burst;
    copy.period = period;
    copy.realtimeRuntime = realtimeRuntime;
    copy.realtimePeriod = realtimePeriod;
    copy.cpus = cpus;
    copy.mems = mems;
    copy.idle = idle;
    return copy;
  }

  /** Relative weight, 2 to 262144, 1024 being the default (v1 scale). */
  public OptionalLong shares() {
    return shares;
  }

  /** Microseconds it may run in a period, all its tasks together; -1 unlimited. */
  public OptionalLong quota() {
    return quota;
  }

  /** Microseconds it may save up and use beyond the quota. */
  public OptionalLong burst() {
    return burst;
  }

  /** The period in microseconds, 1000 to 1000000. */
  public OptionalLong period() {
    return period;
  }

  /** Microseconds of real-time scheduling in a real-time period. */
  public OptionalLong realtimeRuntime() {
    return realtimeRuntime;
  }

  /** Microseconds. */
  public OptionalLong realtimePeriod() {
    return realtimePeriod;
  }

  /** The processors it may use, like {@code 0-2,7}. */
  public Optional<String> cpus() {
    return cpus;
  }

  /** The memory nodes it may use. */
  public Optional<String> mems() {
    return mems;
  }

  /** 1: its tasks run only when nothing else does (cgroup-v2.rst, cpu.idle). */
  public OptionalLong idle() {
    return idle;
  }

  /** Whether something is asked for that the cpuset controller gives. */
  boolean hasCpuset() {
    return cpus.isPresent() || mems.isPresent();
  }

  /** Whether something is asked for that the cpu controller gives. */
  boolean hasTime() {
    return shares.isPresent()
        || quota.isPresent()
        || burst.isPresent()
        || period.isPresent()
        || realtimeRuntime.isPresent()
        || realtimePeriod.isPresent()
        || idle.isPresent();
  }

  /** Of this, what the cpu controller gives, or what the cpuset controller gives, or both. */
  CpuResources only(boolean time, boolean cpuset) {
    Builder kept = time ? toBuilder() : new Builder();
    kept.cpus = cpuset ? cpus : Optional.empty();
    kept.mems = cpuset ? mems : Optional.empty();
    return kept.build();
  }

  /** Collects the values of a {@link CpuResources}. */
  public static final class Builder {
    private OptionalLong shares = OptionalLong.empty();
    private OptionalLong quota = OptionalLong.empty();
    private OptionalLong burst = OptionalLong.empty();
    private OptionalLong period = OptionalLong.empty();
    private OptionalLong realtimeRuntime = OptionalLong.empty();
    private OptionalLong realtimePeriod = OptionalLong.empty();
    private Optional<String> cpus = Optional.empty();
    private Optional<String> mems = Optional.empty();
    private OptionalLong idle = OptionalLong.empty();

    private Builder() {}

    /** Sets {@link CpuResources#shares()}. */
    public Builder shares(long value) {
      shares = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link CpuResources#quota()}. */
    public Builder quota(long value) {
      quota = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link CpuResources#burst()}. */
    public Builder burst(long value) {
      burst = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link CpuResources#period()}. */
    public Builder period(long value) {
      period = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link CpuResources#realtimeRuntime()}. */
    public Builder realtimeRuntime(long value) {
      realtimeRuntime = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link CpuResources#realtimePeriod()}. */
    public Builder realtimePeriod(long value) {
      realtimePeriod = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link CpuResources#cpus()}. */
    public Builder cpus(String value) {
      cpus = Optional.of(value);
      return this;
    }

    /** Sets {@link CpuResources#mems()}. */
    public Builder mems(String value) {
      mems = Optional.of(value);
      return this;
    }

    /** Sets {@link CpuResources#idle()}. */
    public Builder idle(long value) {
      idle = OptionalLong.of(value);
      return this;
    }

    /** Makes the value. */
    public CpuResources build() {
      return new CpuResources(this);
    }
  }
}
