package io.hardway.spi;

import io.hardway.spi.spec.Spec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a network provider is asked for: a network for a container's network namespace.
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class NetworkRequest {
  private final Host host;
  private final Container container;
  private final Spec spec;
  private final Map<String, String> options;

  private NetworkRequest(Builder from) {
    this.host = Objects.requireNonNull(from.host, "host");
    this.container = Objects.requireNonNull(from.container, "container");
    this.spec = Objects.requireNonNull(from.spec, "spec");
    this.options = from.options;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.host = host;
    copy.container = container;
    copy.spec = spec;
    copy.options = options;
    return copy;
  }

  /** The host. */
  public Host host() {
    return host;
  }

  /** The container. */
  public Container container() {
    return container;
  }

  /** What was asked for. */
  public Spec spec() {
    return spec;
  }

  /** Options of the network, by name. */
  public Map<String, String> options() {
    return options;
  }

  /** Collects the values of a {@link NetworkRequest}. */
  public static final class Builder {
    private Host host;
    private Container container;
    private Spec spec;
    private Map<String, String> options = Map.of();

    private Builder() {}

    /** Sets {@link NetworkRequest#host()}. */
    public Builder host(Host value) {
      host = value;
      return this;
    }

    /** Sets {@link NetworkRequest#container()}. */
    public Builder container(Container value) {
      container = value;
      return this;
    }

    /** Sets {@link NetworkRequest#spec()}. */
    public Builder spec(Spec value) {
      spec = value;
      return this;
    }

    /** Sets {@link NetworkRequest#options()}. */
    public Builder options(Map<String, String> value) {
      options = Collections.unmodifiableMap(new LinkedHashMap<>(value));
      return this;
    }

    /** Makes the value. */
    public NetworkRequest build() {
      return new NetworkRequest(this);
    }
  }
}
