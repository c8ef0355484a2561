package io.hardway.spi;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/**
 * Decides whom a container can talk to. Asked only where the container has a network namespace of
 * its own.
 *
 * @since 0.1
 */
public interface NetworkProvider extends Plugin {

  /**
   * Adds the steps that connect the container's network namespace, and their undo.
   *
   * @throws PlanningException where something was asked for that this host or its privileges cannot
   *     do
   */
  void contribute(NetworkRequest request, PlanBuilder plan);

  /** Whether containers are connected by it to networks that have a definition. */
  default boolean hasNetworks() {
    return false;
  }

  /** Whether it lets the host's ports of {@link NetworkRequest#ports()} lead to a container. */
  default boolean publishesPorts() {
    return false;
  }

  /**
   * A new network's definition with what was left open: subnets that are free, the host's addresses
   * in them.
   *
   * @param others the networks there are
   * @throws PlanningException where the host cannot have such a network
   */
  default NetworkDefinition define(
      Host host, NetworkDefinition asked, List<NetworkDefinition> others) {
    throw new PlanningException(name() + " has no networks of its own", "use another driver");
  }

  /**
   * Reserves an address of each subnet of each attachment's network for the container: at once,
   * before there is a plan. What {@link #contribute} then adds to the undo gives them back; those
   * of a container that never came to be may be taken by a later one.
   *
   * @param isThere whether a container's id is one that exists or is being made
   * @return the attachments with their addresses
   * @throws PlanningException where an address is taken, or none is left
   */
  default List<NetworkAttachment> reserve(NetworkRequest request, Predicate<String> isThere) {
    return request.attachments();
  }

  /** The same without an effect, for explaining: addresses that are free now. */
  default List<NetworkAttachment> preview(NetworkRequest request) {
    return request.attachments();
  }

  /**
   * Whether {@link #contributeConnect} and {@link #contributeDisconnect} change the networks of a
   * container that runs.
   */
  default boolean reconnects() {
    return false;
  }

  /**
   * Adds the steps that connect a container that runs to the last network of the attachments; it is
   * connected to the others. One process performs them all: those of {@code host} and {@code
   * paired} on the host, those of {@code enter} in the container's network namespace; {@link
   * PlanBuilder#pid()} and {@link PlanBuilder#pidfd()} are known from {@code paired} on. What is
   * added to {@code teardown} is performed with the container's undo.
   *
   * @throws PlanningException where this host cannot do that
   */
  default void contributeConnect(NetworkRequest request, PlanBuilder plan) {
    throw new PlanningException(
        name() + " cannot connect a container that runs", "stop the container first");
  }

  /**
   * Adds the steps that take a container that runs from a network, as with {@link
   * #contributeConnect}; "already gone" is success. The undo of what connected it may be performed
   * later, too.
   *
   * @param gone one of the attachments, which are those from before
   * @throws PlanningException where this host cannot do that
   */
  default void contributeDisconnect(
      NetworkRequest request, NetworkAttachment gone, PlanBuilder plan) {
    throw new PlanningException(
        name() + " cannot disconnect a container that runs", "stop the container first");
  }

  /**
   * The name servers that the container asks, inside; none: those of the host that can be reached
   * from elsewhere.
   */
  default List<InetAddress> nameservers(NetworkRequest request) {
    return List.of();
  }

  /**
   * Addresses inside that stand for the host's name servers: asked where these are reached from the
   * host alone, being on its loopback interface. None: then such a container has no name servers.
   */
  default List<InetAddress> standInNameservers(NetworkRequest request) {
    return List.of();
  }

  /** The addresses at which the container reaches the host; none: it does not. */
  default List<InetAddress> hostAddresses(NetworkRequest request) {
    for (NetworkAttachment attachment : request.attachments()) {
      if (!attachment.network().internal()) {
        return attachment.network().gateways();
      }
    }
    return List.of();
  }

  /**
   * Adds, to the {@code host} phase, the steps that make anew what somebody has removed of what the
   * host has for a container that runs: rules of a firewall. What is there stays.
   */
  default void contributeReload(NetworkRequest request, PlanBuilder plan) {}

  /**
   * What the host has, and has not, of what the plugin's networks need.
   *
   * @param leases the directory of {@link NetworkRequest#leases()}
   */
  default List<HostFinding> examine(Host host, Path leases) {
    return List.of();
  }

  /**
   * Adds, to the {@code host} phase, the steps that remove what the host has for a network, and
   * with the last one what all had together.
   *
   * @param leases the directory of {@link NetworkRequest#leases()}
   */
  default void contributeRemoval(
      Host host, NetworkDefinition network, Path leases, PlanBuilder plan) {}
}
