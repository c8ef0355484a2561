package io.hardway.spi.spec;

import java.util.List;

/**
 * A range of ids mapped into a user namespace; user_namespaces(7).
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class IdMapping {
  private final long containerId;
  private final long hostId;
  private final long size;

  private IdMapping(Builder from) {
    this.containerId = from.containerId;
    this.hostId = from.hostId;
    this.size = from.size;
  }

  /** The host's id of an id inside; −1 where it has none. */
  public static long hostId(List<IdMapping> mappings, long inside) {
    for (IdMapping mapping : mappings) {
      if (inside >= mapping.containerId && inside - mapping.containerId < mapping.size) {
        return mapping.hostId + inside - mapping.containerId;
      }
    }
    return -1;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.containerId = containerId;
    copy.hostId = hostId;
    copy.size = size;
    return copy;
  }

  /** The first id inside. */
  public long containerId() {
    return containerId;
  }

  /** The first id outside. */
  public long hostId() {
    return hostId;
  }

  /** How many, at least 1. */
  public long size() {
    return size;
  }

  /** Collects the values of a {@link IdMapping}. */
  public static final class Builder {
    private long containerId;
    private long hostId;
    private long size;

    private Builder() {}

    /** Sets {@link IdMapping#containerId()}. */
    public Builder containerId(long value) {
      containerId = value;
      return this;
    }

    /** Sets {@link IdMapping#hostId()}. */
    public Builder hostId(long value) {
      hostId = value;
      return this;
    }

    /** Sets {@link IdMapping#size()}. */
    public Builder size(long value) {
      size = value;
      return this;
    }

    /** Makes the value. */
    public IdMapping build() {
      return new IdMapping(this);
    }
  }
}
