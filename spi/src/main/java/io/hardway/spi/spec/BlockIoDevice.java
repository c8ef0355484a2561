package io.hardway.spi.spec;

/**
 * A figure for one block device.
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class BlockIoDevice {
  private final long major;
  private final long minor;
  private final long value;

  private BlockIoDevice(Builder from) {
    this.major = from.major;
    this.minor = from.minor;
    this.value = from.value;
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
    copy.value = value;
    return copy;
  }

  /** Major number. */
  public long major() {
    return major;
  }

  /** Minor number. */
  public long minor() {
    return minor;
  }

  /** The weight or the rate. */
  public long value() {
    return value;
  }

  /** Collects the values of a {@link BlockIoDevice}. */
  public static final class Builder {
    private long major;
    private long minor;
    private long value;

    private Builder() {}

    /** Sets {@link BlockIoDevice#major()}. */
    public Builder major(long value) {
      major = value;
      return this;
    }

    /** Sets {@link BlockIoDevice#minor()}. */
    public Builder minor(long value) {
      minor = value;
      return this;
    }

    /** Sets {@link BlockIoDevice#value()}. */
    public Builder value(long value) {
      this.value = value;
      return this;
    }

    /** Makes the value. */
    public BlockIoDevice build() {
      return new BlockIoDevice(this);
    }
  }
}
