package io.hardway.spi;

import java.net.InetAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A network that containers can be connected to.
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class NetworkDefinition {
  private final String name;
  private final String id;
  private final String driver;
  private final String created;
  private final List<Subnet> subnets;
  private final List<Subnet> ranges;
  private final List<InetAddress> gateways;
  private final Map<String, InetAddress> auxiliary;
  private final boolean internal;
  private final Map<String, String> options;
  private final Map<String, String> labels;

  private NetworkDefinition(Builder from) {
    this.name = Objects.requireNonNull(from.name, "name");
    this.id = Objects.requireNonNull(from.id, "id");
    this.driver = from.driver;
    this.created = from.created;
    this.subnets = from.subnets;
    this.ranges = from.ranges;
    this.gateways = from.gateways;
    this.auxiliary = from.auxiliary;
    this.internal = from.internal;
    this.options = from.options;
    this.labels = from.labels;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.name = name;
    copy.id = id;
    copy.driver = driver;
    copy.created = created;
    copy.subnets = subnets;
    copy.ranges = ranges;
    copy.gateways = gateways;
    copy.auxiliary = auxiliary;
    copy.internal = internal;
    copy.options = options;
    copy.labels = labels;
    return copy;
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** Its id: 64 hexadecimal digits. */
  public String id() {
    return id;
  }

  /** The name of the plugin that connects containers to it. */
  public String driver() {
    return driver;
  }

  /** When it was made, RFC 3339 in UTC. */
  public String created() {
    return created;
  }

  /** Its addresses: at most one subnet of each IP version. */
  public List<Subnet> subnets() {
    return subnets;
  }

  /** Parts of the subnets, from which addresses are chosen; of a subnet without one: all of it. */
  public List<Subnet> ranges() {
    return ranges;
  }

  /** The host's address in each subnet, in the same order. */
  public List<InetAddress> gateways() {
    return gateways;
  }

  /** Addresses that somebody else has, by what people call them: no container is given one. */
  public Map<String, InetAddress> auxiliary() {
    return auxiliary;
  }

  /** Whether nothing outside is reached from it. */
  public boolean internal() {
    return internal;
  }

  /** What the plugin is told besides, like {@code mtu}. */
  public Map<String, String> options() {
    return options;
  }

  /** What people noted on it. */
  public Map<String, String> labels() {
    return labels;
  }

  /** Collects the values of a {@link NetworkDefinition}. */
  public static final class Builder {
    private String name;
    private String id;
    private String driver = "";
    private String created = "";
    private List<Subnet> subnets = List.of();
    private List<Subnet> ranges = List.of();
    private List<InetAddress> gateways = List.of();
    private Map<String, InetAddress> auxiliary = Map.of();
    private boolean internal;
    private Map<String, String> options = Map.of();
    private Map<String, String> labels = Map.of();

    private Builder() {}

    /** Sets {@link NetworkDefinition#name()}. */
    public Builder name(String value) {
      name = value;
      return this;
    }

    /** Sets {@link NetworkDefinition#id()}. */
    public Builder id(String value) {
      id = value;
      return this;
    }

    /** Sets {@link NetworkDefinition#driver()}. */
    public Builder driver(String value) {
      driver = value;
      return this;
    }

    /** Sets {@link NetworkDefinition#created()}. */
    public Builder created(String value) {
      created = value;
      return this;
    }

    /** Sets {@link NetworkDefinition#subnets()}. */
    public Builder subnets(List<Subnet> value) {
      subnets = List.copyOf(value);
      return this;
    }

    /** Sets {@link NetworkDefinition#ranges()}. */
    public Builder ranges(List<Subnet> value) {
      ranges = List.copyOf(value);
      return this;
    }

    /** Sets {@link NetworkDefinition#gateways()}. */
    public Builder gateways(List<InetAddress> value) {
      gateways = List.copyOf(value);
      return this;
    }

    /** Sets {@link NetworkDefinition#auxiliary()}. */
    public Builder auxiliary(Map<String, InetAddress> value) {
      auxiliary = Collections.unmodifiableMap(new LinkedHashMap<>(value));
      return this;
    }

    /** Sets {@link NetworkDefinition#internal()}. */
    public Builder internal(boolean value) {
      internal = value;
      return this;
    }

    /** Sets {@link NetworkDefinition#options()}. */
    public Builder options(Map<String, String> value) {
      options = Collections.unmodifiableMap(new LinkedHashMap<>(value));
      return this;
    }

    /** Sets {@link NetworkDefinition#labels()}. */
    public Builder labels(Map<String, String> value) {
      labels = Collections.unmodifiableMap(new LinkedHashMap<>(value));
      return this;
    }

    /** Makes the value. */
    public NetworkDefinition build() {
      return new NetworkDefinition(this);
    }
  }
}
