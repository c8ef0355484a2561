package io.hardway.spi.spec;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * What a cgroup allows a process to do with devices; config-linux.md, "Allowed Device list".
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class DeviceRule {
  private final boolean allow;
  private final String type;
  private final OptionalLong major;
  private final OptionalLong minor;
  private final String access;

  private DeviceRule(Builder from) {
    this.allow = from.allow;
    this.type = from.type;
    this.major = from.major;
    this.minor = from.minor;
    this.access = from.access;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.allow = allow;
    copy.type = type;
    copy.major = major;
    copy.minor = minor;
    copy.access = access;
    return copy;
  }

  /** Whether the rule allows or denies. */
  public boolean allow() {
    return allow;
  }

  /** {@code a}ll, {@code c}haracter or {@code b}lock. */
  public String type() {
    return type;
  }

  /** Absent: every major number. */
  public OptionalLong major() {
    return major;
  }

  /** Absent: every minor number. */
  public OptionalLong minor() {
    return minor;
  }

  /** Of {@code r}ead, {@code w}rite, {@code m}knod. */
  public String access() {
    return access;
  }

  /** Collects the values of a {@link DeviceRule}. */
  public static final class Builder {
    private boolean allow = false;
    private String type = "a";
    private OptionalLong major = OptionalLong.empty();
    private OptionalLong minor = OptionalLong.empty();
    private String access = "rwm";

    private Builder() {}

    /** Sets {@link DeviceRule#allow()}. */
    public Builder allow(boolean value) {
      allow = value;
      return this;
    }

    /** Sets {@link DeviceRule#type()}. */
    public Builder type(String value) {
      type = Objects.requireNonNull(value, "type");
      return this;
    }

    /** Sets {@link DeviceRule#major()}. */
    public Builder major(long value) {
      major = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link DeviceRule#minor()}. */
    public Builder minor(long value) {
      minor = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link DeviceRule#access()}. */
    public Builder access(String value) {
      access = Objects.requireNonNull(value, "access");
      return this;
    }

    /** Makes the value. */
    public DeviceRule build() {
      return new DeviceRule(this);
    }
  }
}
