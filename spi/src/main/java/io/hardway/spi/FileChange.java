package io.hardway.spi;

import java.util.Objects;

/**
 * A difference between a container's root and what it was made of.
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class FileChange {
  private final String kind;
  private final String path;

  private FileChange(Builder from) {
    this.kind = Objects.requireNonNull(from.kind, "kind");
    this.path = Objects.requireNonNull(from.path, "path");
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.kind = kind;
    copy.path = path;
    return copy;
  }

  /** {@code A}dded, {@code C}hanged or {@code D}eleted, as docker prints it. */
  public String kind() {
    return kind;
  }

  /** The path inside, absolute. */
  public String path() {
    return path;
  }

  /** Collects the values of a {@link FileChange}. */
  public static final class Builder {
    private String kind;
    private String path;

    private Builder() {}

    /** Sets {@link FileChange#kind()}. */
    public Builder kind(String value) {
      kind = Objects.requireNonNull(value, "kind");
      return this;
    }

    /** Sets {@link FileChange#path()}. */
    public Builder path(String value) {
      path = Objects.requireNonNull(value, "path");
      return this;
    }

    /** Makes the value. */
    public FileChange build() {
      return new FileChange(this);
    }
  }
}
