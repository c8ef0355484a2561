package io.hardway.spi;

import io.hardway.spi.spec.Spec;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What an isolation provider prepares: what is worth being written before there is a plan.
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class IsolationPreparation {
  private final Host host;
  private final Spec spec;
  private final Path store;

  private IsolationPreparation(Builder from) {
    this.host = Objects.requireNonNull(from.host, "host");
    this.spec = Objects.requireNonNull(from.spec, "spec");
    this.store = Objects.requireNonNull(from.store, "store");
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.host = host;
    copy.spec = spec;
    copy.store = store;
    return copy;
  }

  /** The host. */
  public Host host() {
    return host;
  }

  /** What was asked for. */
  public Spec spec() {
    return spec;
  }

  /**
   * The directory for what is prepared, shared by all containers. A provider uses one of its own
   * name inside; it may be missing.
   */
  public Path store() {
    return store;
  }

  /** Collects the values of a {@link IsolationPreparation}. */
  public static final class Builder {
    private Host host;
    private Spec spec;
    private Path store;

    private Builder() {}

    /** Sets {@link IsolationPreparation#host()}. */
    public Builder host(Host value) {
      host = value;
      return this;
    }

    /** Sets {@link IsolationPreparation#spec()}. */
    public Builder spec(Spec value) {
      spec = value;
      return this;
    }

    /** Sets {@link IsolationPreparation#store()}. */
    public Builder store(Path value) {
      store = value;
      return this;
    }

    /** Makes the value. */
    public IsolationPreparation build() {
      return new IsolationPreparation(this);
    }
  }
}
