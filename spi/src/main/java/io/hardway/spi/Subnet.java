package io.hardway.spi;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * A network of addresses, as RFC 4632 and RFC 4291 write it: {@code 10.1.2.0/24}, {@code
 * fd00::/64}.
 *
 * @since 0.1
 */
public final class Subnet {
  private final byte[] network;
  private final int prefix;

  private Subnet(byte[] network, int prefix) {
    this.network = network;
    this.prefix = prefix;
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException where it is none, or has bits behind its prefix
   */
  public static Subnet parse(String text) {
    int slash = text.indexOf('/');
    String size = text.substring(slash + 1);
    if (slash < 1 || size.isEmpty() || size.length() > 3 || !isNumber(size)) {
      throw new IllegalArgumentException(
          "invalid CIDR block " + text + ": write it like 10.1.2.0/24");
    }
    byte[] address = address(text.substring(0, slash)).getAddress();
    int prefix = Integer.parseInt(size);
    if (prefix > 8 * address.length) {
      throw new IllegalArgumentException(
          "invalid CIDR block " + text + ": its size is at most " + 8 * address.length);
    }
    Subnet subnet = new Subnet(masked(address, prefix), prefix);
    if (!Arrays.equals(subnet.network, address)) {
      throw new IllegalArgumentException(
          "invalid CIDR block " + text + ": it has bits behind its size; the network is " + subnet);
    }
    return subnet;
  }

  /**
   * Reads an address; names are not looked up.
   *
   * @throws IllegalArgumentException where it is none
   */
  public static InetAddress address(String text) {
    try {
      boolean literal = text.indexOf(':') >= 0 ? text.indexOf('%') < 0 : isDotted(text);
      if (literal) {
        return InetAddress.getByName(text);
      }
    } catch (UnknownHostException none) {
      // Said below.
    }
    throw new IllegalArgumentException("'" + text + "' is no IP address");
  }

  /** Four numbers: what the JDK takes beyond that ({@code 10.1}) is an address to nobody else. */
  private static boolean isDotted(String text) {
    int parts = 1;
    int digits = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.') {
        if (digits == 0) {
          return false;
        }
        parts++;
        digits = 0;
      } else if (c >= '0' && c <= '9' && digits < 3) {
        digits++;
      } else {
        return false;
      }
    }
    return parts == 4 && digits > 0;
  }

  private static boolean isNumber(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static byte[] masked(byte[] address, int prefix) {
    byte[] network = address.clone();
    for (int bit = prefix; bit < 8 * network.length; bit++) {
      network[bit / 8] &= (byte) ~(0x80 >> bit % 8);
    }
    return network;
  }

  /** Whether its addresses are of IP version 4. */
  public boolean isVersion4() {
    return network.length == 4;
  }

  /** How many bits say the network: 0 to 32, or 128. */
  public int prefix() {
    return prefix;
  }

  /** Whether an address is in it. */
  public boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == network.length && Arrays.equals(masked(bytes, prefix), network);
  }

  /** Whether it has an address in common with another. */
  public boolean overlaps(Subnet other) {
    if (network.length != other.network.length) {
      return false;
    }
    int shorter = Math.min(prefix, other.prefix);
    return Arrays.equals(masked(network, shorter), masked(other.network, shorter));
  }

  /**
   * How many addresses can be given out: version 4 has one for the network and one for all in it,
   * version 6 one for its routers. At most {@link Integer#MAX_VALUE} is said.
   */
  public int size() {
    int bits = 8 * network.length - prefix;
    if (bits == 0) {
      return 1;
    }
    if (bits == 1) {
      return 2;
    }
    return bits > 30 ? Integer.MAX_VALUE : (1 << bits) - (isVersion4() ? 2 : 1);
  }

  /** The address with this number, from 1 on: {@link #size()} is the last that can be given out. */
  public InetAddress at(int number) {
    int bits = 8 * network.length - prefix;
    BigInteger sum =
        new BigInteger(1, network).add(BigInteger.valueOf(bits <= 1 ? number - 1L : number));
    byte[] bytes = sum.toByteArray();
    byte[] address = new byte[network.length];
    int count = Math.min(bytes.length, address.length);
    System.arraycopy(bytes, bytes.length - count, address, address.length - count, count);
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Subnet that
        && prefix == that.prefix
        && Arrays.equals(network, that.network);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(network) + prefix;
  }

  /** As people write it. */
  @Override
  public String toString() {
    try {
      return text(InetAddress.getByAddress(network)) + "/" + prefix;
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An address as people write it: the longest run of zeros of version 6 left out, RFC 5952. */
  public static String text(InetAddress address) {
    if (address instanceof Inet4Address) {
      return address.getHostAddress();
    }
    byte[] bytes = address.getAddress();
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (bytes[2 * i] & 0xFF) << 8 | bytes[2 * i + 1] & 0xFF;
    }
    int start = -1;
    int longest = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - i > longest) {
        start = i;
        longest = end - i;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == start) {
        text.append("::");
        i += longest - 1;
      } else {
        text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":");
        text.append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }
}
