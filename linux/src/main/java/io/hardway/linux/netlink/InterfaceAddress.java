package io.hardway.linux.netlink;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An address that an interface has; rtnetlink(7), struct ifaddrmsg.
 *
 * @param local the address
 * @param peer the other end's, where there is one
 * @param prefix how many bits say the network
 * @param broadcast of version 4, where there is one
 * @param flags {@code IFA_F_*} of {@code linux/if_addr.h}
 * @since 0.1
 */
public record InterfaceAddress(
    InetAddress local,
    Optional<InetAddress> peer,
    int prefix,
    Optional<InetAddress> broadcast,
    int flags) {
  private static final int NLMSG_ERROR = 2;
  private static final int NLMSG_DONE = 3;
  private static final int HEADER = 16;
  private static final int IFADDRMSG = 8;
  private static final int IFA_F_PERMANENT = 0x80;
  private static final int RT_SCOPE_UNIVERSE = 0;

  /** What one datagram says; whether there are more. */
  static boolean read(ByteBuffer answer, int index, List<InterfaceAddress> addresses)
      throws IOException {
    ByteBuffer buffer = answer.order(ByteOrder.nativeOrder());
    for (int at = 0; at + HEADER <= buffer.limit(); ) {
      int length = buffer.getInt(at);
      int type = buffer.getShort(at + 4) & 0xFFFF;
      if (type == NLMSG_DONE) {
        return false;
      }
      if (type == NLMSG_ERROR || length < HEADER || at + length > buffer.limit()) {
        throw new IOException("the kernel does not tell the addresses of interfaces");
      }
      if (type == AddressMessage.RTM_NEWADDR && length >= HEADER + IFADDRMSG) {
        address(buffer.slice(at, length).order(ByteOrder.nativeOrder()), index)
            .ifPresent(addresses::add);
      }
      at += (length + 3) & ~3;
    }
    return true;
  }

  private static Optional<InterfaceAddress> address(ByteBuffer message, int index)
      throws UnknownHostException {
    Map<Integer, byte[]> attributes = new TreeMap<>();
    for (int at = HEADER + IFADDRMSG; at + 4 <= message.limit(); ) {
      int length = message.getShort(at) & 0xFFFF;
      if (length < 4 || at + length > message.limit()) {
        break;
      }
      byte[] value = new byte[length - 4];
      message.get(at + 4, value);
      attributes.put(message.getShort(at + 2) & 0x3FFF, value);
      at += (length + 3) & ~3;
    }
    byte[] word = attributes.get(AddressMessage.IFA_FLAGS);
    int flags =
        word != null && word.length == 4
            ? ByteBuffer.wrap(word).order(ByteOrder.nativeOrder()).getInt()
            : message.get(HEADER + 2) & 0xFF;
    boolean lasts = (flags & IFA_F_PERMANENT) != 0;
    byte[] other = attributes.get(AddressMessage.IFA_ADDRESS);
    byte[] local = attributes.getOrDefault(AddressMessage.IFA_LOCAL, other);
    if (message.getInt(HEADER + 4) != index
        || message.get(HEADER + 3) != RT_SCOPE_UNIVERSE
        || !lasts
        || local == null) {
      return Optional.empty();
    }
    InetAddress own = InetAddress.getByAddress(local);
    InetAddress peer = other == null ? own : InetAddress.getByAddress(other);
    byte[] broadcast = attributes.get(AddressMessage.IFA_BROADCAST);
    return Optional.of(
        new InterfaceAddress(
            own,
            peer.equals(own) ? Optional.empty() : Optional.of(peer),
            message.get(HEADER + 1) & 0xFF,
            broadcast == null ? Optional.empty() : Optional.of(InetAddress.getByAddress(broadcast)),
            flags));
  }
}
