package io.hardway.core;

import java.util.List;

/**
 * A network a container is to be connected to.
 *
 * @param name the network's
 * @param addresses those it is to have; a version that is not among them is chosen at each start
 * @param macAddress its hardware address; empty: chosen
 * @param aliases names that others of the network find it by, beside its own
 */
public record ContainerNetwork(
    String name, List<String> addresses, String macAddress, List<String> aliases) {

  /** With copies of the lists. */
  public ContainerNetwork {
    addresses = List.copyOf(addresses);
    aliases = List.copyOf(aliases);
  }
}
