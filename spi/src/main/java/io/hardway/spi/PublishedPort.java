package io.hardway.spi;

import java.net.InetAddress;
import java.util.Objects;

/**
 * A port of the host that leads to a port of a container.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class PublishedPort {
  /** The transport protocols that have ports. */
  public enum Protocol {
    /** tcp(7). */
    TCP,
    /** udp(7). */
    UDP;

    /** As people and nft write it. */
    public String label() {
      return this == TCP ? "tcp" : "udp";
    }

    /**
     * The protocol of a label.
     *
     * @throws IllegalArgumentException where there is none
     */
    public static Protocol of(String label) {
      for (Protocol protocol : values()) {
        if (protocol.label().equals(label)) {
          return protocol;
        }
      }
      throw new IllegalArgumentException("invalid proto: " + label);
    }
  }

  private final Protocol protocol;
  private final InetAddress address;
  private final int hostPort;
  private final int containerPort;

  private PublishedPort(Protocol protocol, InetAddress address, int hostPort, int containerPort) {
    this.protocol = Objects.requireNonNull(protocol, "protocol");
    this.address = Objects.requireNonNull(address, "address");
    this.hostPort = hostPort;
    this.containerPort = containerPort;
  }

  /**
   * A published port.
   *
   * @param address the host's address, of the version whose packets it is about; {@code 0.0.0.0}
   *     and {@code ::} are all of it
   * @param hostPort 1 to 65535
   * @param containerPort 1 to 65535
   */
  public static PublishedPort of(
      Protocol protocol, InetAddress address, int hostPort, int containerPort) {
    return new PublishedPort(protocol, address, hostPort, containerPort);
  }

  /** The protocol. */
  public Protocol protocol() {
    return protocol;
  }

  /** The host's address; {@code 0.0.0.0} or {@code ::} where it is any of the version. */
  public InetAddress address() {
    return address;
  }

  /** The host's port. */
  public int hostPort() {
    return hostPort;
  }

  /** The container's port. */
  public int containerPort() {
    return containerPort;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PublishedPort that
        && protocol == that.protocol
        && address.equals(that.address)
        && hostPort == that.hostPort
        && containerPort == that.containerPort;
  }

  @Override
  public int hashCode() {
    return Objects.hash(protocol, address, hostPort, containerPort);
  }

  /** As people write it: {@code 0.0.0.0:8080->80/tcp}. */
  @Override
  public String toString() {
    String text = Subnet.text(address);
    return (text.indexOf(':') >= 0 ? "[" + text + "]" : text)
        + ":"
        + hostPort
        + "->"
        + containerPort
        + "/"
        + protocol.label();
  }
}
