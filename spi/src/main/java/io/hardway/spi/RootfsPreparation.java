package io.hardway.spi;

import io.hardway.spi.spec.IdMapping;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What a root file system provider prepares: what must be written before there is a plan.
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class RootfsPreparation {
  private final Host host;
  private final RootfsSource source;
  private final Path store;
  private final List<IdMapping> uidMappings;
  private final List<IdMapping> gidMappings;
  private final StepRunner runner;

  private RootfsPreparation(Builder from) {
    this.host = Objects.requireNonNull(from.host, "host");
    this.source = Objects.requireNonNull(from.source, "source");
    this.store = Objects.requireNonNull(from.store, "store");
    this.uidMappings = from.uidMappings;
    this.gidMappings = from.gidMappings;
    this.runner = Objects.requireNonNull(from.runner, "runner");
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.host = host;
    copy.source = source;
    copy.store = store;
    copy.uidMappings = uidMappings;
    copy.gidMappings = gidMappings;
    copy.runner = runner;
    return copy;
  }

  /** The host. */
  public Host host() {
    return host;
  }

  /** What the root is to be made of. */
  public RootfsSource source() {
    return source;
  }

  /**
   * The directory for what is prepared, shared by all containers. A provider uses one of its own
   * name inside; it may be missing.
   */
  public Path store() {
    return store;
  }

  /** The user ids of the container's user namespace; none where it has the host's. */
  public List<IdMapping> uidMappings() {
    return uidMappings;
  }

  /** The group ids of the container's user namespace. */
  public List<IdMapping> gidMappings() {
    return gidMappings;
  }

  /** Performs steps now. */
  public StepRunner runner() {
    return runner;
  }

  /** Collects the values of a {@link RootfsPreparation}. */
  public static final class Builder {
    private Host host;
    private RootfsSource source;
    private Path store;
    private List<IdMapping> uidMappings = List.of();
    private List<IdMapping> gidMappings = List.of();
    private StepRunner runner;

    private Builder() {}

    /** Sets {@link RootfsPreparation#host()}. */
    public Builder host(Host value) {
      host = value;
      return this;
    }

    /** Sets {@link RootfsPreparation#source()}. */
    public Builder source(RootfsSource value) {
      source = value;
      return this;
    }

    /** Sets {@link RootfsPreparation#store()}. */
    public Builder store(Path value) {
      store = value;
      return this;
    }

    /** Sets {@link RootfsPreparation#uidMappings()}. */
    public Builder uidMappings(List<IdMapping> value) {
      uidMappings = List.copyOf(value);
      return this;
    }

    /** Sets {@link RootfsPreparation#gidMappings()}. */
    public Builder gidMappings(List<IdMapping> value) {
      gidMappings = List.copyOf(value);
      return this;
    }

    /** Sets {@link RootfsPreparation#runner()}. */
    public Builder runner(StepRunner value) {
      runner = value;
      return this;
    }

    /** Makes the value. */
    public RootfsPreparation build() {
      return new RootfsPreparation(this);
    }
  }
}
