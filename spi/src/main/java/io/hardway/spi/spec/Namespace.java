package io.hardway.spi.spec;

import java.util.Objects;
import java.util.Optional;

/**
 * One namespace of a container; namespaces(7); config-linux.md, "Namespaces".
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class Namespace {
  private final String type;
  private final Optional<String> path;

  private Namespace(Builder from) {
    this.type = Objects.requireNonNull(from.type, "type");
    this.path = from.path;
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
    return copy;
  }

  /**
   * {@code mount}, {@code pid}, {@code network}, {@code ipc}, {@code uts}, {@code user}, {@code
   * cgroup} or {@code time}.
   */
  public String type() {
    return type;
  }

  /** The file of an existing namespace to join; absent: a new one. */
  public Optional<String> path() {
    return path;
  }

  /** Collects the values of a {@link Namespace}. */
  public static final class Builder {
    private String type;
    private Optional<String> path = Optional.empty();

    private Builder() {}

    /** Sets {@link Namespace#type()}. */
    public Builder type(String value) {
      type = Objects.requireNonNull(value, "type");
      return this;
    }

    /** Sets {@link Namespace#path()}. */
    public Builder path(String value) {
      path = Optional.of(value);
      return this;
    }

    /** Makes the value. */
    public Namespace build() {
      return new Namespace(this);
    }
  }
}
