package io.hardway.spi;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Memory that a group holds; cgroup-v1/memory.rst; cgroup-v2.rst, "Memory". Kinds overlap: what is
 * mapped of files is also file cache, slab is also kernel memory.
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class MemoryUsage {
  private final OptionalLong bytes;
  private final OptionalLong peakBytes;
  private final Optional<Limit> limit;
  private final Optional<Limit> high;
  private final Optional<Limit> low;
  private final Optional<Limit> min;
  private final OptionalLong limitHits;
  private final OptionalLong highHits;
  private final OptionalLong oomEvents;
  private final OptionalLong oomKills;
  private final OptionalLong anonBytes;
  private final OptionalLong fileBytes;
  private final OptionalLong inactiveFileBytes;
  private final OptionalLong mappedBytes;
  private final OptionalLong sharedBytes;
  private final OptionalLong kernelBytes;
  private final OptionalLong slabBytes;
  private final OptionalLong socketBytes;
  private final OptionalLong swapBytes;
  private final Optional<Limit> swapLimit;
  private final OptionalLong pageFaults;
  private final OptionalLong majorPageFaults;

  private MemoryUsage(Builder from) {
    this.bytes = from.bytes;
    this.peakBytes = from.peakBytes;
    this.limit = from.limit;
    this.high = from.high;
    this.low = from.low;
    this.min = from.min;
    this.limitHits = from.limitHits;
    this.highHits = from.highHits;
    this.oomEvents = from.oomEvents;
    this.oomKills = from.oomKills;
    this.anonBytes = from.anonBytes;
    this.fileBytes = from.fileBytes;
    this.inactiveFileBytes = from.inactiveFileBytes;
    this.mappedBytes = from.mappedBytes;
    this.sharedBytes = from.sharedBytes;
    this.kernelBytes = from.kernelBytes;
    this.slabBytes = from.slabBytes;
    this.socketBytes = from.socketBytes;
    this.swapBytes = from.swapBytes;
    this.swapLimit = from.swapLimit;
    this.pageFaults = from.pageFaults;
    this.majorPageFaults = from.majorPageFaults;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.bytes = bytes;
    copy.peakBytes = peakBytes;
    copy.limit = limit;
    copy.high = high;
    copy.low = low;
    copy.min = min;
    copy.limitHits = limitHits;
    copy.highHits = highHits;
    copy.oomEvents = oomEvents;
    copy.oomKills = oomKills;
    copy.anonBytes = anonBytes;
    copy.fileBytes = fileBytes;
    copy.inactiveFileBytes = inactiveFileBytes;
    copy.mappedBytes = mappedBytes;
    copy.sharedBytes = sharedBytes;
    copy.kernelBytes = kernelBytes;
    copy.slabBytes = slabBytes;
    copy.socketBytes = socketBytes;
    copy.swapBytes = swapBytes;
    copy.swapLimit = swapLimit;
    copy.pageFaults = pageFaults;
    copy.majorPageFaults = majorPageFaults;
    return copy;
  }

  /** Bytes it holds, cache of files included. */
  public OptionalLong bytes() {
    return bytes;
  }

  /** The most bytes it has held. */
  public OptionalLong peakBytes() {
    return peakBytes;
  }

  /** The limit: where it is reached, memory is taken back, and at last processes are killed. */
  public Optional<Limit> limit() {
    return limit;
  }

  /** Where its tasks are slowed down and memory is taken back ({@code memory.high}). */
  public Optional<Limit> high() {
    return high;
  }

  /**
   * What it keeps while others have memory to spare ({@code memory.low}; version 1: the soft limit,
   * down to which memory is taken back first).
   */
  public Optional<Limit> low() {
    return low;
  }

  /** What it keeps whatever happens ({@code memory.min}). */
  public Optional<Limit> min() {
    return min;
  }

  /** How often the limit was reached. */
  public OptionalLong limitHits() {
    return limitHits;
  }

  /** How often {@link #high()} was passed. */
  public OptionalLong highHits() {
    return highHits;
  }

  /** How often memory could not be had at the limit, which may or may not have killed. */
  public OptionalLong oomEvents() {
    return oomEvents;
  }

  /** Processes killed for lack of memory. */
  public OptionalLong oomKills() {
    return oomKills;
  }

  /** Memory of programs that no file stands behind. */
  public OptionalLong anonBytes() {
    return anonBytes;
  }

  /** Cache of files. */
  public OptionalLong fileBytes() {
    return fileBytes;
  }

  /** Of the cache, what has not been used lately: it goes first. */
  public OptionalLong inactiveFileBytes() {
    return inactiveFileBytes;
  }

  /** Of the cache, what programs have mapped. */
  public OptionalLong mappedBytes() {
    return mappedBytes;
  }

  /** Of the cache, tmpfs and shared memory, which only swap can take. */
  public OptionalLong sharedBytes() {
    return sharedBytes;
  }

  /** Memory of the kernel on its behalf. */
  public OptionalLong kernelBytes() {
    return kernelBytes;
  }

  /** Of the kernel memory, small objects like directory entries. */
  public OptionalLong slabBytes() {
    return slabBytes;
  }

  /** Buffers of sockets. */
  public OptionalLong socketBytes() {
    return socketBytes;
  }

  /** Bytes in swap. */
  public OptionalLong swapBytes() {
    return swapBytes;
  }

  /** The limit of swap alone. */
  public Optional<Limit> swapLimit() {
    return swapLimit;
  }

  /** Page faults. */
  public OptionalLong pageFaults() {
    return pageFaults;
  }

  /** Page faults that had to read from a disk. */
  public OptionalLong majorPageFaults() {
    return majorPageFaults;
  }

  /**
   * What it holds without the cache that goes first: the figure docker shows, closer to what must
   * fit below a limit than {@link #bytes()}.
   */
  public OptionalLong usedBytes() {
    if (bytes.isEmpty()) {
      return bytes;
    }
    long cache = inactiveFileBytes.orElse(0);
    return OptionalLong.of(
        cache > bytes.getAsLong() ? bytes.getAsLong() : bytes.getAsLong() - cache);
  }

  /** Collects the values of a {@link MemoryUsage}. */
  public static final class Builder {
    private OptionalLong bytes = OptionalLong.empty();
    private OptionalLong peakBytes = OptionalLong.empty();
    private Optional<Limit> limit = Optional.empty();
    private Optional<Limit> high = Optional.empty();
    private Optional<Limit> low = Optional.empty();
    private Optional<Limit> min = Optional.empty();
    private OptionalLong limitHits = OptionalLong.empty();
    private OptionalLong highHits = OptionalLong.empty();
    private OptionalLong oomEvents = OptionalLong.empty();
    private OptionalLong oomKills = OptionalLong.empty();
    private OptionalLong anonBytes = OptionalLong.empty();
    private OptionalLong fileBytes = OptionalLong.empty();
    private OptionalLong inactiveFileBytes = OptionalLong.empty();
    private OptionalLong mappedBytes = OptionalLong.empty();
    private OptionalLong sharedBytes = OptionalLong.empty();
    private OptionalLong kernelBytes = OptionalLong.empty();
    private OptionalLong slabBytes = OptionalLong.empty();
    private OptionalLong socketBytes = OptionalLong.empty();
    private OptionalLong swapBytes = OptionalLong.empty();
    private Optional<Limit> swapLimit = Optional.empty();
    private OptionalLong pageFaults = OptionalLong.empty();
    private OptionalLong majorPageFaults = OptionalLong.empty();

    private Builder() {}

    /** Sets {@link MemoryUsage#bytes()}. */
    public Builder bytes(long value) {
      bytes = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link MemoryUsage#peakBytes()}. */
    public Builder peakBytes(long value) {
      peakBytes = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link MemoryUsage#limit()}. */
    public Builder limit(Limit value) {
      limit = Optional.of(value);
      return this;
    }

    /** Sets {@link MemoryUsage#high()}. */
    public Builder high(Limit value) {
      high = Optional.of(value);
      return this;
    }

    /** Sets {@link MemoryUsage#low()}. */
    public Builder low(Limit value) {
      low = Optional.of(value);
      return this;
    }

    /** Sets {@link MemoryUsage#min()}. */
    public Builder min(Limit value) {
      min = Optional.of(value);
      return this;
    }

    /** Sets {@link MemoryUsage#limitHits()}. */
    public Builder limitHits(long value) {
      limitHits = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link MemoryUsage#highHits()}. */
    public Builder highHits(long value) {
      highHits = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link MemoryUsage#oomEvents()}. */
    public Builder oomEvents(long value) {
      oomEvents = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link MemoryUsage#oomKills()}. */
    public Builder oomKills(long value) {
      oomKills = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link MemoryUsage#anonBytes()}. */
    public Builder anonBytes(long value) {
      anonBytes = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link MemoryUsage#fileBytes()}. */
    public Builder fileBytes(long value) {
      fileBytes = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link MemoryUsage#inactiveFileBytes()}. */
    public Builder inactiveFileBytes(long value) {
      inactiveFileBytes = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link MemoryUsage#mappedBytes()}. */
    public Builder mappedBytes(long value) {
      mappedBytes = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link MemoryUsage#sharedBytes()}. */
    public Builder sharedBytes(long value) {
      sharedBytes = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link MemoryUsage#kernelBytes()}. */
    public Builder kernelBytes(long value) {
      kernelBytes = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link MemoryUsage#slabBytes()}. */
    public Builder slabBytes(long value) {
      slabBytes = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link MemoryUsage#socketBytes()}. */
    public Builder socketBytes(long value) {
      socketBytes = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link MemoryUsage#swapBytes()}. */
    public Builder swapBytes(long value) {
      swapBytes = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link MemoryUsage#swapLimit()}. */
    public Builder swapLimit(Limit value) {
      swapLimit = Optional.of(value);
      return this;
    }

    /** Sets {@link MemoryUsage#pageFaults()}. */
    public Builder pageFaults(long value) {
      pageFaults = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link MemoryUsage#majorPageFaults()}. */
    public Builder majorPageFaults(long value) {
      majorPageFaults = OptionalLong.of(value);
      return this;
    }

    /** Makes the value. */
    public MemoryUsage build() {
      return new MemoryUsage(this);
    }
  }
}
