package io.hardway.cli.value;

import io.hardway.spi.Subnet;

/** The address of a name server, from {@code --dns}. */
public final class DnsServer {
  private DnsServer() {}

  /**
   * Reads an address, and writes it as the kernel would.
   *
   * @throws IllegalArgumentException where it is none
   */
  public static String parse(String text) {
    try {
      return Subnet.text(Subnet.address(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("ip address is not correctly formatted: \"" + text + "\"");
    }
  }
}
