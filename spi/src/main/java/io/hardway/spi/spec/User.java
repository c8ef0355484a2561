package io.hardway.spi.spec;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Who a container's process runs as; config.md, "User".
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class User {
  private final long uid;
  private final long gid;
  private final OptionalInt umask;
  private final List<Long> additionalGids;
  private final Optional<String> name;
  private final List<String> additionalGroups;

  private User(Builder from) {
    this.uid = from.uid;
    this.gid = from.gid;
    this.umask = from.umask;
    this.additionalGids = from.additionalGids;
    this.name = from.name;
    this.additionalGroups = from.additionalGroups;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.uid = uid;
    copy.gid = gid;
    copy.umask = umask;
    copy.additionalGids = additionalGids;
    copy.name = name;
    copy.additionalGroups = additionalGroups;
    return copy;
  }

  /** The user id inside the container. */
  public long uid() {
    return uid;
  }

  /** The group id inside the container. */
  public long gid() {
    return gid;
  }

  /** The file mode creation mask. */
  public OptionalInt umask() {
    return umask;
  }

  /** The supplementary group ids. */
  public List<Long> additionalGids() {
    return additionalGids;
  }

  /**
   * Docker's {@code USER[:GROUP]}, by name or number, to be looked up in the container's own passwd
   * and group files; when it is there it decides in place of uid and gid.
   */
  public Optional<String> name() {
    return name;
  }

  /** Supplementary groups by name or number, looked up the same way. */
  public List<String> additionalGroups() {
    return additionalGroups;
  }

  /** Collects the values of a {@link User}. */
  public static final class Builder {
    private long uid = 0;
    private long gid = 0;
    private OptionalInt umask = OptionalInt.empty();
    private List<Long> additionalGids = List.of();
    private Optional<String> name = Optional.empty();
    private List<String> additionalGroups = List.of();

    private Builder() {}

    /** Sets {@link User#uid()}. */
    public Builder uid(long value) {
      uid = value;
      return this;
    }

    /** Sets {@link User#gid()}. */
    public Builder gid(long value) {
      gid = value;
      return this;
    }

    /** Sets {@link User#umask()}. */
    public Builder umask(int value) {
      umask = OptionalInt.of(value);
      return this;
    }

    /** Sets {@link User#additionalGids()}. */
    public Builder additionalGids(List<Long> value) {
      additionalGids = List.copyOf(value);
      return this;
    }

    /** Sets {@link User#name()}. */
    public Builder name(String value) {
      name = Optional.of(value);
      return this;
    }

    /** Sets {@link User#additionalGroups()}. */
    public Builder additionalGroups(List<String> value) {
      additionalGroups = List.copyOf(value);
      return this;
    }

    /** Makes the value. */
    public User build() {
      return new User(this);
    }
  }
}
