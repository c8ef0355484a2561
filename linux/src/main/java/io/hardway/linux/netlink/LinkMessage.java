package io.hardway.linux.netlink;

import io.hardway.spi.Text;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Requests about network interfaces; rtnetlink(7), struct ifinfomsg.
 *
 * @since 0.1
 */
public final class LinkMessage {
  /** NETLINK_ROUTE. */
  public static final int ROUTE = 0;

  /** The index of the loopback interface: the first of every network namespace. */
  public static final int LOOPBACK_INDEX = 1;

  private static final short RTM_NEWLINK = 16;
  private static final short NLM_F_REQUEST = 1;
  private static final int IFF_UP = 1;
  private static final int HEADER = 16;
  private static final int INTERFACE = 16;

  private LinkMessage() {}

  /** Sets an interface up. */
  public static Text up(int index) {
    ByteBuffer message = ByteBuffer.allocate(HEADER + INTERFACE).order(ByteOrder.nativeOrder());
    message
        .putInt(HEADER + INTERFACE)
        .putShort(RTM_NEWLINK)
        .putShort(NLM_F_REQUEST)
        .putInt(0)
        .putInt(0);
    message
        .put((byte) 0)
        .put((byte) 0)
        .putShort((short) 0)
        .putInt(index)
        .putInt(IFF_UP)
        .putInt(IFF_UP);
    return Text.bytes(message.array());
  }
}
