package io.hardway.spi;

import io.hardway.spi.spec.IdMapping;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a root file system provider is asked for: a root, mounted at a place.
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class RootfsRequest {
  private final Host host;
  private final Container container;
  private final RootfsSource source;
  private final Path mountPoint;
  private final boolean userNamespace;
  private final List<IdMapping> uidMappings;
  private final List<IdMapping> gidMappings;
  private final Map<String, String> options;

  private RootfsRequest(Builder from) {
    this.host = Objects.requireNonNull(from.host, "host");
    this.container = Objects.requireNonNull(from.container, "container");
    this.source = Objects.requireNonNull(from.source, "source");
    this.mountPoint = Objects.requireNonNull(from.mountPoint, "mountPoint");
    this.userNamespace = from.userNamespace;
    this.uidMappings = from.uidMappings;
    this.gidMappings = from.gidMappings;
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
    copy.source = source;
    copy.mountPoint = mountPoint;
    copy.userNamespace = userNamespace;
    copy.uidMappings = uidMappings;
    copy.gidMappings = gidMappings;
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

  /** What the root is made of. */
  public RootfsSource source() {
    return source;
  }

  /**
   * Where it must be mounted when the {@code root} phase has ended; a directory of the container's
   * own that exists.
   */
  public Path mountPoint() {
    return mountPoint;
  }

  /** Whether it is mounted inside a user namespace of the container. */
  public boolean userNamespace() {
    return userNamespace;
  }

  /** The user ids of that namespace. */
  public List<IdMapping> uidMappings() {
    return uidMappings;
  }

  /** The group ids of that namespace. */
  public List<IdMapping> gidMappings() {
    return gidMappings;
  }

  /** Options of the provider, by name. */
  public Map<String, String> options() {
    return options;
  }

  /** Collects the values of a {@link RootfsRequest}. */
  public static final class Builder {
    private Host host;
    private Container container;
    private RootfsSource source;
    private Path mountPoint;
    private boolean userNamespace = false;
    private List<IdMapping> uidMappings = List.of();
    private List<IdMapping> gidMappings = List.of();
    private Map<String, String> options = Map.of();

    private Builder() {}

    /** Sets {@link RootfsRequest#host()}. */
    public Builder host(Host value) {
      host = value;
      return this;
    }

    /** Sets {@link RootfsRequest#container()}. */
    public Builder container(Container value) {
      container = value;
      return this;
    }

    /** Sets {@link RootfsRequest#source()}. */
    public Builder source(RootfsSource value) {
      source = value;
      return this;
    }

    /** Sets {@link RootfsRequest#mountPoint()}. */
    public Builder mountPoint(Path value) {
      mountPoint = value;
      return this;
    }

    /** Sets {@link RootfsRequest#userNamespace()}. */
    public Builder userNamespace(boolean value) {
      userNamespace = value;
      return this;
    }

    /** Sets {@link RootfsRequest#uidMappings()}. */
    public Builder uidMappings(List<IdMapping> value) {
      uidMappings = List.copyOf(value);
      return this;
    }

    /** Sets {@link RootfsRequest#gidMappings()}. */
    public Builder gidMappings(List<IdMapping> value) {
      gidMappings = List.copyOf(value);
      return this;
    }

    /** Sets {@link RootfsRequest#options()}. */
    public Builder options(Map<String, String> value) {
      options = Collections.unmodifiableMap(new LinkedHashMap<>(value));
      return this;
    }

    /** Makes the value. */
    public RootfsRequest build() {
      return new RootfsRequest(this);
    }
  }
}
