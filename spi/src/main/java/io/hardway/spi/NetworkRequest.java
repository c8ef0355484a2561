package io.hardway.spi;

import io.hardway.spi.spec.Spec;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
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
  private final List<NetworkAttachment> attachments;
  private final Path leases;
  private final List<PublishedPort> ports;
  private final List<InetAddress> resolvers;

  private NetworkRequest(Builder from) {
    this.host = Objects.requireNonNull(from.host, "host");
    this.container = Objects.requireNonNull(from.container, "container");
    this.spec = Objects.requireNonNull(from.spec, "spec");
    this.options = from.options;
    this.attachments = from.attachments;
    this.leases = from.leases;
    this.ports = from.ports;
    this.resolvers = List.copyOf(from.resolvers);
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
    copy.attachments = attachments;
    copy.leases = leases;
    copy.ports = ports;
    copy.resolvers = resolvers;
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

  /** The networks it is to be connected to, of this provider. */
  public List<NetworkAttachment> attachments() {
    return attachments;
  }

  /**
   * The directory in which a provider keeps, for all containers, which addresses are given out: in
   * one of its own name inside. It may be missing, and is empty after a boot.
   */
  public Path leases() {
    return leases;
  }

  /** The ports of the host that are to lead to the container; they are reserved for it. */
  public List<PublishedPort> ports() {
    return ports;
  }

  /** The name servers that the host reaches for the container: asked for, or the host's own. */
  public List<InetAddress> resolvers() {
    return resolvers;
  }

  /** Collects the values of a {@link NetworkRequest}. */
  public static final class Builder {
    private Host host;
    private Container container;
    private Spec spec;
    private Map<String, String> options = Map.of();
    private List<NetworkAttachment> attachments = List.of();
    private Path leases = Path.of("/run/hardway/networks");
    private List<PublishedPort> ports = List.of();
    private List<InetAddress> resolvers = List.of();

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

    /** Sets {@link NetworkRequest#attachments()}. */
    public Builder attachments(List<NetworkAttachment> value) {
      attachments = List.copyOf(value);
      return this;
    }

    /** Sets {@link NetworkRequest#leases()}. */
    public Builder leases(Path value) {
      leases = Objects.requireNonNull(value, "leases");
      return this;
    }

    /** Sets {@link NetworkRequest#ports()}. */
    public Builder ports(List<PublishedPort> value) {
      ports = List.copyOf(value);
      return this;
    }

    /** Sets {@link NetworkRequest#resolvers()}. */
    public Builder resolvers(List<InetAddress> value) {
      resolvers = value;
      return this;
    }

    /** Makes the value. */
    public NetworkRequest build() {
      return new NetworkRequest(this);
    }
  }
}
