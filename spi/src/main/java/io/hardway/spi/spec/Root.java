package io.hardway.spi.spec;

import java.util.Objects;

/**
 * The root file system of a container; config.md, "Root".
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class Root {
  private final String path;
  private final boolean readonly;

  private Root(Builder from) {
    this.path = from.path;
    this.readonly = from.readonly;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.path = path;
    copy.readonly = readonly;
    return copy;
  }

  /** The directory that becomes {@code /}, absolute or relative to the bundle. */
  public String path() {
    return path;
  }

  /** Whether the container may not write to its root. */
  public boolean readonly() {
    return readonly;
  }

  /** Collects the values of a {@link Root}. */
  public static final class Builder {
    private String path = "rootfs";
    private boolean readonly = false;

    private Builder() {}

    /** Sets {@link Root#path()}. */
    public Builder path(String value) {
      path = Objects.requireNonNull(value, "path");
      return this;
    }

    /** Sets {@link Root#readonly()}. */
    public Builder readonly(boolean value) {
      readonly = value;
      return this;
    }

    /** Makes the value. */
    public Root build() {
      return new Root(this);
    }
  }
}
