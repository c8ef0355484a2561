package io.hardway.spi.spec;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * A program that is run at a point of a container's life; config.md, "POSIX-platform Hooks".
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class Hook {
  private final String path;
  private final List<String> args;
  private final List<String> env;
  private final OptionalInt timeout;

  private Hook(Builder from) {
    this.path = Objects.requireNonNull(from.path, "path");
    this.args = from.args;
    this.env = from.env;
    this.timeout = from.timeout;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.path = path;
    copy.args = args;
    copy.env = env;
    copy.timeout = timeout;
    return copy;
  }

  /** The absolute path of the program. */
  public String path() {
    return path;
  }

  /** Its arguments, with its name first; empty: the path alone. */
  public List<String> args() {
    return args;
  }

  /** Its environment; empty: a plain one. */
  public List<String> env() {
    return env;
  }

  /** After how many seconds it is killed; absent: never. */
  public OptionalInt timeout() {
    return timeout;
  }

  /** Collects the values of a {@link Hook}. */
  public static final class Builder {
    private String path;
    private List<String> args = List.of();
    private List<String> env = List.of();
    private OptionalInt timeout = OptionalInt.empty();

    private Builder() {}

    /** Sets {@link Hook#path()}. */
    public Builder path(String value) {
      path = value;
      return this;
    }

    /** Sets {@link Hook#args()}. */
    public Builder args(List<String> value) {
      args = List.copyOf(value);
      return this;
    }

    /** Sets {@link Hook#env()}. */
    public Builder env(List<String> value) {
      env = List.copyOf(value);
      return this;
    }

    /** Sets {@link Hook#timeout()}. */
    public Builder timeout(int value) {
      timeout = OptionalInt.of(value);
      return this;
    }

    /** Makes the value. */
    public Hook build() {
      return new Hook(this);
    }
  }
}
