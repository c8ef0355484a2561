package io.hardway.spi;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a container has used and may use.
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class Usage {
  private final OptionalLong cpuNanos;
  private final OptionalLong cpuUserNanos;
  private final OptionalLong cpuSystemNanos;
  private final OptionalLong throttledPeriods;
  private final OptionalLong throttledNanos;
  private final OptionalLong memoryBytes;
  private final OptionalLong memoryPeakBytes;
  private final OptionalLong memoryFileBytes;
  private final Optional<Limit> memoryLimit;
  private final OptionalLong oomKills;
  private final OptionalLong pids;
  private final Optional<Limit> pidsLimit;
  private final OptionalLong blockReadBytes;
  private final OptionalLong blockWriteBytes;

  private Usage(Builder from) {
    this.cpuNanos = from.cpuNanos;
    this.cpuUserNanos = from.cpuUserNanos;
    this.cpuSystemNanos = from.cpuSystemNanos;
    this.throttledPeriods = from.throttledPeriods;
    this.throttledNanos = from.throttledNanos;
    this.memoryBytes = from.memoryBytes;
    this.memoryPeakBytes = from.memoryPeakBytes;
    this.memoryFileBytes = from.memoryFileBytes;
    this.memoryLimit = from.memoryLimit;
    this.oomKills = from.oomKills;
    this.pids = from.pids;
    this.pidsLimit = from.pidsLimit;
    this.blockReadBytes = from.blockReadBytes;
    this.blockWriteBytes = from.blockWriteBytes;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.cpuNanos = cpuNanos;
    copy.cpuUserNanos = cpuUserNanos;
    copy.cpuSystemNanos = cpuSystemNanos;
    copy.throttledPeriods = throttledPeriods;
    copy.throttledNanos = throttledNanos;
    copy.memoryBytes = memoryBytes;
    copy.memoryPeakBytes = memoryPeakBytes;
    copy.memoryFileBytes = memoryFileBytes;
    copy.memoryLimit = memoryLimit;
    copy.oomKills = oomKills;
    copy.pids = pids;
    copy.pidsLimit = pidsLimit;
    copy.blockReadBytes = blockReadBytes;
    copy.blockWriteBytes = blockWriteBytes;
    return copy;
  }

  /** Processor time in nanoseconds. */
  public OptionalLong cpuNanos() {
    return cpuNanos;
  }

  /** Of it in user mode. */
  public OptionalLong cpuUserNanos() {
    return cpuUserNanos;
  }

  /** Of it in the kernel. */
  public OptionalLong cpuSystemNanos() {
    return cpuSystemNanos;
  }

  /** Periods in which it was throttled. */
  public OptionalLong throttledPeriods() {
    return throttledPeriods;
  }

  /** Nanoseconds it was throttled. */
  public OptionalLong throttledNanos() {
    return throttledNanos;
  }

  /** Bytes of memory it holds. */
  public OptionalLong memoryBytes() {
    return memoryBytes;
  }

  /** The most bytes it has held. */
  public OptionalLong memoryPeakBytes() {
    return memoryPeakBytes;
  }

  /** Of what it holds, bytes of file cache that is not in active use. */
  public OptionalLong memoryFileBytes() {
    return memoryFileBytes;
  }

  /** The limit of memory. */
  public Optional<Limit> memoryLimit() {
    return memoryLimit;
  }

  /** Processes killed for lack of memory. */
  public OptionalLong oomKills() {
    return oomKills;
  }

  /** Tasks it holds. */
  public OptionalLong pids() {
    return pids;
  }

  /** The limit of tasks. */
  public Optional<Limit> pidsLimit() {
    return pidsLimit;
  }

  /** Bytes read from block devices. */
  public OptionalLong blockReadBytes() {
    return blockReadBytes;
  }

  /** Bytes written to block devices. */
  public OptionalLong blockWriteBytes() {
    return blockWriteBytes;
  }

  /** Collects the values of a {@link Usage}. */
  public static final class Builder {
    private OptionalLong cpuNanos = OptionalLong.empty();
    private OptionalLong cpuUserNanos = OptionalLong.empty();
    private OptionalLong cpuSystemNanos = OptionalLong.empty();
    private OptionalLong throttledPeriods = OptionalLong.empty();
    private OptionalLong throttledNanos = OptionalLong.empty();
    private OptionalLong memoryBytes = OptionalLong.empty();
    private OptionalLong memoryPeakBytes = OptionalLong.empty();
    private OptionalLong memoryFileBytes = OptionalLong.empty();
    private Optional<Limit> memoryLimit = Optional.empty();
    private OptionalLong oomKills = OptionalLong.empty();
    private OptionalLong pids = OptionalLong.empty();
    private Optional<Limit> pidsLimit = Optional.empty();
    private OptionalLong blockReadBytes = OptionalLong.empty();
    private OptionalLong blockWriteBytes = OptionalLong.empty();

    private Builder() {}

    /** Sets {@link Usage#cpuNanos()}. */
    public Builder cpuNanos(long value) {
      cpuNanos = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link Usage#cpuUserNanos()}. */
    public Builder cpuUserNanos(long value) {
      cpuUserNanos = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link Usage#cpuSystemNanos()}. */
    public Builder cpuSystemNanos(long value) {
      cpuSystemNanos = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link Usage#throttledPeriods()}. */
    public Builder throttledPeriods(long value) {
      throttledPeriods = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link Usage#throttledNanos()}. */
    public Builder throttledNanos(long value) {
      throttledNanos = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link Usage#memoryBytes()}. */
    public Builder memoryBytes(long value) {
      memoryBytes = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link Usage#memoryPeakBytes()}. */
    public Builder memoryPeakBytes(long value) {
      memoryPeakBytes = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link Usage#memoryFileBytes()}. */
    public Builder memoryFileBytes(long value) {
      memoryFileBytes = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link Usage#memoryLimit()}. */
    public Builder memoryLimit(Limit value) {
      memoryLimit = Optional.of(value);
      return this;
    }

    /** Sets {@link Usage#oomKills()}. */
    public Builder oomKills(long value) {
      oomKills = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link Usage#pids()}. */
    public Builder pids(long value) {
      pids = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link Usage#pidsLimit()}. */
    public Builder pidsLimit(Limit value) {
      pidsLimit = Optional.of(value);
      return this;
    }

    /** Sets {@link Usage#blockReadBytes()}. */
    public Builder blockReadBytes(long value) {
      blockReadBytes = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link Usage#blockWriteBytes()}. */
    public Builder blockWriteBytes(long value) {
      blockWriteBytes = OptionalLong.of(value);
      return this;
    }

    /** Makes the value. */
    public Usage build() {
      return new Usage(this);
    }
  }
}
