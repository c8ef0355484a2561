package io.hardway.spi;

/**
 * What went to and came from one block device; cgroup-v1/blkio-controller.rst; cgroup-v2.rst,
 * {@code io.stat}. Writes that the page cache made later are counted where the kernel can tell
 * whose they are.
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class BlockDeviceUsage {
  private final long major;
  private final long minor;
  private final long readBytes;
  private final long writtenBytes;
  private final long discardedBytes;
  private final long reads;
  private final long writes;
  private final long discards;

  private BlockDeviceUsage(Builder from) {
    this.major = from.major;
    this.minor = from.minor;
    this.readBytes = from.readBytes;
    this.writtenBytes = from.writtenBytes;
    this.discardedBytes = from.discardedBytes;
    this.reads = from.reads;
    this.writes = from.writes;
    this.discards = from.discards;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.major = major;
    copy.minor = minor;
    copy.readBytes = readBytes;
    copy.writtenBytes = writtenBytes;
    copy.discardedBytes = discardedBytes;
    copy.reads = reads;
    copy.writes = writes;
    copy.discards = discards;
    return copy;
  }

  /** The major number of the device. */
  public long major() {
    return major;
  }

  /** The minor number of the device. */
  public long minor() {
    return minor;
  }

  /** Bytes read. */
  public long readBytes() {
    return readBytes;
  }

  /** Bytes written. */
  public long writtenBytes() {
    return writtenBytes;
  }

  /** Bytes discarded. */
  public long discardedBytes() {
    return discardedBytes;
  }

  /** Read operations. */
  public long reads() {
    return reads;
  }

  /** Write operations. */
  public long writes() {
    return writes;
  }

  /** Discard operations. */
  public long discards() {
    return discards;
  }

  /** Collects the values of a {@link BlockDeviceUsage}. */
  public static final class Builder {
    private long major;
    private long minor;
    private long readBytes;
    private long writtenBytes;
    private long discardedBytes;
    private long reads;
    private long writes;
    private long discards;

    private Builder() {}

    /** Sets {@link BlockDeviceUsage#major()}. */
    public Builder major(long value) {
      major = value;
      return this;
    }

    /** Sets {@link BlockDeviceUsage#minor()}. */
    public Builder minor(long value) {
      minor = value;
      return this;
    }

    /** Sets {@link BlockDeviceUsage#readBytes()}. */
    public Builder readBytes(long value) {
      readBytes = value;
      return this;
    }

    /** Sets {@link BlockDeviceUsage#writtenBytes()}. */
    public Builder writtenBytes(long value) {
      writtenBytes = value;
      return this;
    }

    /** Sets {@link BlockDeviceUsage#discardedBytes()}. */
    public Builder discardedBytes(long value) {
      discardedBytes = value;
      return this;
    }

    /** Sets {@link BlockDeviceUsage#reads()}. */
    public Builder reads(long value) {
      reads = value;
      return this;
    }

    /** Sets {@link BlockDeviceUsage#writes()}. */
    public Builder writes(long value) {
      writes = value;
      return this;
    }

    /** Sets {@link BlockDeviceUsage#discards()}. */
    public Builder discards(long value) {
      discards = value;
      return this;
    }

    /** Makes the value. */
    public BlockDeviceUsage build() {
      return new BlockDeviceUsage(this);
    }
  }
}
