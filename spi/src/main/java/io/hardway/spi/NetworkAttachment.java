package io.hardway.spi;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a container is connected to one network.
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class NetworkAttachment {
  private final NetworkDefinition network;
  private final String interfaceName;
  private final List<InetAddress> addresses;
  private final Optional<String> macAddress;
  private final List<String> aliases;

  private NetworkAttachment(Builder from) {
    this.network = Objects.requireNonNull(from.network, "network");
    this.interfaceName = from.interfaceName;
    this.addresses = from.addresses;
    this.macAddress = from.macAddress;
    this.aliases = from.aliases;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.network = network;
    copy.interfaceName = interfaceName;
    copy.addresses = addresses;
    copy.macAddress = macAddress;
    copy.aliases = aliases;
    return copy;
  }

  /** The network. */
  public NetworkDefinition network() {
    return network;
  }

  /** The name of the interface inside, like {@code eth0}. */
  public String interfaceName() {
    return interfaceName;
  }

  /**
   * Its addresses: before they are reserved, those that were asked for; then one of each subnet of
   * the network.
   */
  public List<InetAddress> addresses() {
    return addresses;
  }

  /** Its hardware address; the provider chooses where there is none. */
  public Optional<String> macAddress() {
    return macAddress;
  }

  /** All names that other containers of the network find it by; none: they need its address. */
  public List<String> aliases() {
    return aliases;
  }

  /** Collects the values of a {@link NetworkAttachment}. */
  public static final class Builder {
    private NetworkDefinition network;
    private String interfaceName = "eth0";
    private List<InetAddress> addresses = List.of();
    private Optional<String> macAddress = Optional.empty();
    private List<String> aliases = List.of();

    private Builder() {}

    /** Sets {@link NetworkAttachment#network()}. */
    public Builder network(NetworkDefinition value) {
      network = value;
      return this;
    }

    /** Sets {@link NetworkAttachment#interfaceName()}. */
    public Builder interfaceName(String value) {
      interfaceName = Objects.requireNonNull(value, "interfaceName");
      return this;
    }

    /** Sets {@link NetworkAttachment#addresses()}. */
    public Builder addresses(List<InetAddress> value) {
      addresses = List.copyOf(value);
      return this;
    }

    /** Sets {@link NetworkAttachment#macAddress()}. */
    public Builder macAddress(String value) {
      macAddress = Optional.of(value);
      return this;
    }

    /** Sets {@link NetworkAttachment#aliases()}. */
    public Builder aliases(List<String> value) {
      aliases = List.copyOf(value);
      return this;
    }

    /** Makes the value. */
    public NetworkAttachment build() {
      return new NetworkAttachment(this);
    }
  }
}
