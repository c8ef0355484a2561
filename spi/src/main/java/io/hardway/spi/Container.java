package io.hardway.spi;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Which container a request is about: its identity and the directories that are its own.
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class Container {
  private final String id;
  private final Path state;
  private final Path data;

  private Container(Builder from) {
    this.id = Objects.requireNonNull(from.id, "id");
    this.state = Objects.requireNonNull(from.state, "state");
    this.data = Objects.requireNonNull(from.data, "data");
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.id = id;
    copy.state = state;
    copy.data = data;
    return copy;
  }

  /** 64 lower-case hexadecimal digits, or what an OCI caller chose. */
  public String id() {
    return id;
  }

  /**
   * Its directory in the state root, on a file system that is empty after a boot: identity, plans,
   * sockets.
   */
  public Path state() {
    return state;
  }

  /** Its directory in the data root: writable layer, configuration, log. */
  public Path data() {
    return data;
  }

  /** Collects the values of a {@link Container}. */
  public static final class Builder {
    private String id;
    private Path state;
    private Path data;

    private Builder() {}

    /** Sets {@link Container#id()}. */
    public Builder id(String value) {
      id = Objects.requireNonNull(value, "id");
      return this;
    }

    /** Sets {@link Container#state()}. */
    public Builder state(Path value) {
      state = value;
      return this;
    }

    /** Sets {@link Container#data()}. */
    public Builder data(Path value) {
      data = value;
      return this;
    }

    /** Makes the value. */
    public Container build() {
      return new Container(this);
    }
  }
}
