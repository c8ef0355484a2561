package io.hardway.spi.spec;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * A device node to make in a container; mknod(2); config-linux.md, "Devices".
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class Device {
  private final String type;
  private final String path;
  private final long major;
  private final long minor;
  private final OptionalInt fileMode;
  private final long uid;
  private final long gid;

  private Device(Builder from) {
    this.type = Objects.requireNonNull(from.type, "type");
    this.path = Objects.requireNonNull(from.path, "path");
    this.major = from.major;
    this.minor = from.minor;
    this.fileMode = from.fileMode;
    this.uid = from.uid;
    this.gid = from.gid;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.type = type;
    copy.path = path;
    copy.major = major;
    copy.minor = minor;
    copy.fileMode = fileMode;
    copy.uid = uid;
    copy.gid = gid;
    return copy;
  }

  /** {@code c} or {@code u}: character, {@code b}: block, {@code p}: fifo. */
  public String type() {
    return type;
  }

  /** Where, absolute inside the root. */
  public String path() {
    return path;
  }

  /** Major number. */
  public long major() {
    return major;
  }

  /** Minor number. */
  public long minor() {
    return minor;
  }

  /** Its permissions; absent: 0666. */
  public OptionalInt fileMode() {
    return fileMode;
  }

  /** Its owner inside. */
  public long uid() {
    return uid;
  }

  /** Its group inside. */
  public long gid() {
    return gid;
  }

  /** Collects the values of a {@link Device}. */
  public static final class Builder {
    private String type;
    private String path;
    private long major = 0;
    private long minor = 0;
    private OptionalInt fileMode = OptionalInt.empty();
    private long uid = 0;
    private long gid = 0;

    private Builder() {}

    /** Sets {@link Device#type()}. */
    public Builder type(String value) {
      type = Objects.requireNonNull(value, "type");
      return this;
    }

    /** Sets {@link Device#path()}. */
    public Builder path(String value) {
      path = Objects.requireNonNull(value, "path");
      return this;
    }

    /** Sets {@link Device#major()}. */
    public Builder major(long value) {
      major = value;
      return this;
    }

    /** Sets {@link Device#minor()}. */
    public Builder minor(long value) {
      minor = value;
      return this;
    }

    /** Sets {@link Device#fileMode()}. */
    public Builder fileMode(int value) {
      fileMode = OptionalInt.of(value);
      return this;
    }

    /** Sets {@link Device#uid()}. */
    public Builder uid(long value) {
      uid = value;
      return this;
    }

    /** Sets {@link Device#gid()}. */
    public Builder gid(long value) {
      gid = value;
      return this;
    }

    /** Makes the value. */
    public Device build() {
      return new Device(this);
    }
  }
}
