package io.hardway.spi.spec;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * RDMA resources of one device.
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class RdmaLimit {
  private final String device;
  private final OptionalLong hcaHandles;
  private final OptionalLong hcaObjects;

  private RdmaLimit(Builder from) {
    this.device = Objects.requireNonNull(from.device, "device");
    this.hcaHandles = from.hcaHandles;
    this.hcaObjects = from.hcaObjects;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.device = device;
    copy.hcaHandles = hcaHandles;
    copy.hcaObjects = hcaObjects;
    return copy;
  }

  /** Like {@code mlx5_1}. */
  public String device() {
    return device;
  }

  /** Handles. */
  public OptionalLong hcaHandles() {
    return hcaHandles;
  }

  /** Objects. */
  public OptionalLong hcaObjects() {
    return hcaObjects;
  }

  /** Collects the values of a {@link RdmaLimit}. */
  public static final class Builder {
    private String device;
    private OptionalLong hcaHandles = OptionalLong.empty();
    private OptionalLong hcaObjects = OptionalLong.empty();

    private Builder() {}

    /** Sets {@link RdmaLimit#device()}. */
    public Builder device(String value) {
      device = Objects.requireNonNull(value, "device");
      return this;
    }

    /** Sets {@link RdmaLimit#hcaHandles()}. */
    public Builder hcaHandles(long value) {
      hcaHandles = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link RdmaLimit#hcaObjects()}. */
    public Builder hcaObjects(long value) {
      hcaObjects = OptionalLong.of(value);
      return this;
    }

    /** Makes the value. */
    public RdmaLimit build() {
      return new RdmaLimit(this);
    }
  }
}
