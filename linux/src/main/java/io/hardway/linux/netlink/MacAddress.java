package io.hardway.linux.netlink;

import java.util.HexFormat;

/**
 * The hardware address of an Ethernet interface.
 *
 * @since 0.1
 */
public final class MacAddress {
  private static final int LENGTH = 6;
  private static final int MULTICAST = 1;
  private static final int LOCAL = 2;

  private final byte[] bytes;

  private MacAddress(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads one like {@code 02:42:ac:11:00:02}.
   *
   * @throws IllegalArgumentException where it is not six bytes, or the address of many
   */
  public static MacAddress parse(String text) {
    byte[] bytes;
    try {
      bytes = HexFormat.ofDelimiter(":").parseHex(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' is not a valid mac address", e);
    }
    if (bytes.length != LENGTH || (bytes[0] & MULTICAST) != 0) {
      throw new IllegalArgumentException("'" + text + "' is not a valid mac address");
    }
    return new MacAddress(bytes);
  }

  /**
   * A locally administered one that is always the same for these bytes, of which the last four
   * count.
   */
  public static MacAddress of(byte[] seed) {
    byte[] bytes = new byte[LENGTH];
    bytes[0] = LOCAL;
    bytes[1] = 0x42;
    for (int i = 1; i <= 4 && i <= seed.length; i++) {
      bytes[LENGTH - i] = seed[seed.length - i];
    }
    return new MacAddress(bytes);
  }

  /** The six bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** As people write it. */
  @Override
  public String toString() {
    return HexFormat.ofDelimiter(":").formatHex(bytes);
  }
}
