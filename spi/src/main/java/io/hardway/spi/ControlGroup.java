package io.hardway.spi;

import java.util.List;
import java.util.Optional;

/**
 * Where a container is in the cgroup hierarchies.
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class ControlGroup {
  private final long version;
  private final List<Hierarchy> hierarchies;
  private final Optional<String> unit;

  private ControlGroup(Builder from) {
    this.version = from.version;
    this.hierarchies = from.hierarchies;
    this.unit = from.unit;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.version = version;
    copy.hierarchies = hierarchies;
    copy.unit = unit;
    return copy;
  }

  /**
   * The version of the hierarchies that have what every container needs, 1 or 2; one more, of the
   * other version, may have the rest.
   */
  public long version() {
    return version;
  }

  /** Its directory in each hierarchy; version 2 has one. */
  public List<Hierarchy> hierarchies() {
    return hierarchies;
  }

  /** The unit of systemd whose group it is; absent where it was made directly. */
  public Optional<String> unit() {
    return unit;
  }

  /** Collects the values of a {@link ControlGroup}. */
  public static final class Builder {
    private long version;
    private List<Hierarchy> hierarchies = List.of();
    private Optional<String> unit = Optional.empty();

    private Builder() {}

    /** Sets {@link ControlGroup#version()}. */
    public Builder version(long value) {
      version = value;
      return this;
    }

    /** Sets {@link ControlGroup#hierarchies()}. */
    public Builder hierarchies(List<Hierarchy> value) {
      hierarchies = List.copyOf(value);
      return this;
    }

    /** Sets {@link ControlGroup#unit()}. */
    public Builder unit(String value) {
      unit = Optional.of(value);
      return this;
    }

    /** Makes the value. */
    public ControlGroup build() {
      return new ControlGroup(this);
    }
  }
}
