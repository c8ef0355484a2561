package io.hardway.spi.spec;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * From which memory nodes a container gets memory; set_mempolicy(2); config-linux.md, "Memory
 * policy".
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class MemoryPolicy {
  private final String mode;
  private final Optional<String> nodes;
  private final List<String> flags;

  private MemoryPolicy(Builder from) {
    this.mode = Objects.requireNonNull(from.mode, "mode");
    this.nodes = from.nodes;
    this.flags = from.flags;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.mode = mode;
    copy.nodes = nodes;
    copy.flags = flags;
    return copy;
  }

  /** The mode, like {@code MPOL_INTERLEAVE}. */
  public String mode() {
    return mode;
  }

  /** The nodes, like {@code 0-1,3}. */
  public Optional<String> nodes() {
    return nodes;
  }

  /** Flags, like {@code MPOL_F_STATIC_NODES}. */
  public List<String> flags() {
    return flags;
  }

  /** Collects the values of a {@link MemoryPolicy}. */
  public static final class Builder {
    private String mode;
    private Optional<String> nodes = Optional.empty();
    private List<String> flags = List.of();

    private Builder() {}

    /** Sets {@link MemoryPolicy#mode()}. */
    public Builder mode(String value) {
      mode = Objects.requireNonNull(value, "mode");
      return this;
    }

    /** Sets {@link MemoryPolicy#nodes()}. */
    public Builder nodes(String value) {
      nodes = Optional.of(value);
      return this;
    }

    /** Sets {@link MemoryPolicy#flags()}. */
    public Builder flags(List<String> value) {
      flags = List.copyOf(value);
      return this;
    }

    /** Makes the value. */
    public MemoryPolicy build() {
      return new MemoryPolicy(this);
    }
  }
}
