package io.hardway.linux.netlink;

import io.hardway.spi.Text;
import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * Requests about addresses of interfaces; rtnetlink(7), struct ifaddrmsg; linux/if_addr.h.
 *
 * @since 0.1
 */
public final class AddressMessage {
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int RTM_NEWADDR = 20;
  static final int IFA_ADDRESS = 1;
  static final int IFA_LOCAL = 2;
  static final int IFA_BROADCAST = 4;
  static final int IFA_FLAGS = 8;
  private static final int IFA_F_NODAD = 2;

  /** IFA_F_NOPREFIXROUTE, IFA_F_MCAUTOJOIN: what somebody has said of an address. */
  private static final int KEPT_FLAGS = 0x600;

  private AddressMessage() {}

  /**
   * Gives an interface an address; one it has is an error (EEXIST). A version 6 address is used at
   * once, without asking the neighbours whether it is theirs (duplicate address detection): who
   * gives them out knows.
   *
   * @param index the interface
   * @param prefix how many bits say the network: 0 to 32, or 128
   */
  public static Text add(int index, InetAddress address, int prefix) {
    boolean four = address instanceof Inet4Address;
    requirePrefix(address, prefix);
    MessageBuffer message =
        new MessageBuffer(RTM_NEWADDR, MessageBuffer.NLM_F_CREATE | MessageBuffer.NLM_F_EXCL)
            .putByte(four ? AF_INET : AF_INET6)
            .putByte(prefix)
            .putByte(four ? 0 : IFA_F_NODAD)
            .putByte(0)
            .putInt(index)
            .attribute(IFA_LOCAL, address.getAddress())
            .attribute(IFA_ADDRESS, address.getAddress());
    if (four && prefix < 31) {
      message.attribute(IFA_BROADCAST, broadcast(address.getAddress(), prefix));
    }
    return message.text();
  }

  /**
   * Gives an interface an address that another had in another network namespace, with what was said
   * of it there.
   */
  public static Text add(int index, InterfaceAddress address) {
    boolean four = address.local() instanceof Inet4Address;
    int flags = address.flags() & KEPT_FLAGS | (four ? 0 : IFA_F_NODAD);
    MessageBuffer message =
        new MessageBuffer(RTM_NEWADDR, MessageBuffer.NLM_F_CREATE | MessageBuffer.NLM_F_EXCL)
            .putByte(four ? AF_INET : AF_INET6)
            .putByte(address.prefix())
            .putByte(flags & 0xFF)
            .putByte(0)
            .putInt(index)
            .attribute(IFA_LOCAL, address.local().getAddress())
            .attribute(IFA_ADDRESS, address.peer().orElse(address.local()).getAddress());
    address
        .broadcast()
        .ifPresent(broadcast -> message.attribute(IFA_BROADCAST, broadcast.getAddress()));
    return message.attribute(IFA_FLAGS, flags).text();
  }

  static void requirePrefix(InetAddress address, int prefix) {
    if (prefix < 0 || prefix > 8 * address.getAddress().length) {
      throw new IllegalArgumentException(
          prefix + " is no number of bits of a network of " + address.getHostAddress());
    }
  }

  private static byte[] broadcast(byte[] address, int prefix) {
    byte[] result = address.clone();
    for (int bit = prefix; bit < 8 * result.length; bit++) {
      result[bit / 8] |= (byte) (0x80 >> bit % 8);
    }
    return result;
  }
}
