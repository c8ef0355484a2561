package io.hardway.core;

import java.util.List;

/**
 * What was asked for of the names a container knows; what is empty is as the host and the network
 * have it.
 *
 * @param servers addresses of name servers; resolv.conf(5), {@code nameserver}
 * @param search domains in which names are looked up; {@code .} alone: in none
 * @param options of the container's resolver; resolv.conf(5), {@code options}
 * @param hosts lines of its {@code /etc/hosts}, each {@code NAME:ADDRESS}; the address {@code
 *     host-gateway} is the host's
 */
public record NameOptions(
    List<String> servers, List<String> search, List<String> options, List<String> hosts) {
  /** Nothing was asked for. */
  public static final NameOptions NONE =
      new NameOptions(List.of(), List.of(), List.of(), List.of());

  /** The address that stands for the host's own. */
  public static final String HOST_GATEWAY = "host-gateway";

  /** With copies of the lists. */
  public NameOptions {
    servers = List.copyOf(servers);
    search = List.copyOf(search);
    options = List.copyOf(options);
    hosts = List.copyOf(hosts);
  }
}
