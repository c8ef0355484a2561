package io.hardway.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A control group's directory in one hierarchy.
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class Hierarchy {
  private final String name;
  private final long version;
  private final List<String> controllers;
  private final Path directory;

  private Hierarchy(Builder from) {
    this.name = Objects.requireNonNull(from.name, "name");
    this.version = from.version;
    this.controllers = from.controllers;
    this.directory = Objects.requireNonNull(from.directory, "directory");
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.name = name;
    copy.version = version;
    copy.controllers = controllers;
    copy.directory = directory;
    return copy;
  }

  /**
   * The last name of the place the hierarchy is mounted at, like {@code cpu,cpuacct} or {@code
   * unified}.
   */
  public String name() {
    return name;
  }

  /**
   * Its version, 1 or 2. A process is born in its group of version 2, and joins those of version 1
   * later.
   */
  public long version() {
    return version;
  }

  /** The controllers it has, like {@code memory}; a named hierarchy has {@code name=NAME}. */
  public List<String> controllers() {
    return controllers;
  }

  /** The group's directory on the host. */
  public Path directory() {
    return directory;
  }

  /** Collects the values of a {@link Hierarchy}. */
  public static final class Builder {
    private String name;
    private long version = 1;
    private List<String> controllers = List.of();
    private Path directory;

    private Builder() {}

    /** Sets {@link Hierarchy#name()}. */
    public Builder name(String value) {
      name = Objects.requireNonNull(value, "name");
      return this;
    }

    /** Sets {@link Hierarchy#version()}. */
    public Builder version(long value) {
      version = value;
      return this;
    }

    /** Sets {@link Hierarchy#controllers()}. */
    public Builder controllers(List<String> value) {
      controllers = List.copyOf(value);
      return this;
    }

    /** Sets {@link Hierarchy#directory()}. */
    public Builder directory(Path value) {
      directory = value;
      return this;
    }

    /** Makes the value. */
    public Hierarchy build() {
      return new Hierarchy(this);
    }
  }
}
