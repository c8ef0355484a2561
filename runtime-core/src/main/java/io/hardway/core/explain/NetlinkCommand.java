package io.hardway.core.explain;

import io.hardway.spi.Text;
import io.hardway.spi.plan.Operation;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The ip(8) command that sends a netlink request; rtnetlink(7). */
final class NetlinkCommand {
  private static final int NETLINK_ROUTE = 0;
  private static final int RTM_NEWLINK = 16;
  private static final int RTM_SETLINK = 19;
  private static final int HEADER = 16;
  private static final int IFINFOMSG = 16;
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_MTU = 4;
  private static final int IFF_UP = 1;

  private NetlinkCommand() {}

  /** The command, or a comment with the type of a message that is no change of a link. */
  static String of(Operation.Netlink o) {
    byte[] bytes = bytes(o.message());
    if (bytes.length < HEADER) {
      return "# sends a netlink request of " + bytes.length + " bytes";
    }
    ByteBuffer message = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int type = message.getShort(4) & 0xFFFF;
    boolean link =
        ShellWords.literal(o.protocol(), -1) == NETLINK_ROUTE
            && (type == RTM_NEWLINK || type == RTM_SETLINK);
    if (!link || bytes.length < HEADER + IFINFOMSG) {
      return "# sends netlink request " + type + " of " + bytes.length + " bytes";
    }
    return link(message);
  }

  private static String link(ByteBuffer message) {
    int index = message.getInt(HEADER + 4);
    int flags = message.getInt(HEADER + 8);
    int change = message.getInt(HEADER + 12);
    String name = index == 1 ? "lo" : "if" + index;
    StringBuilder settings = new StringBuilder();
    for (int at = HEADER + IFINFOMSG; at + 4 <= message.limit(); ) {
      int length = message.getShort(at) & 0xFFFF;
      if (length < 4 || at + length > message.limit()) {
        break;
      }
      int type = message.getShort(at + 2) & 0x3FFF;
      if (type == IFLA_IFNAME) {
        byte[] value = new byte[length - 4];
        message.get(at + 4, value);
        name = new String(value, StandardCharsets.UTF_8).replace("\0", "");
      } else if (type == IFLA_MTU) {
        settings.append(" mtu ").append(message.getInt(at + 4));
      }
      at += (length + 3) & ~3;
    }
    if ((change & IFF_UP) != 0 || (flags & IFF_UP) != 0) {
      settings.append((flags & IFF_UP) != 0 ? " up" : " down");
    }
    return "ip link set dev " + ShellWords.quote(name) + settings;
  }

  /** The message with zeros where a slot is spliced in. */
  private static byte[] bytes(Text text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Text.Piece piece : text.pieces()) {
      if (piece.isBytes()) {
        bytes.writeBytes(piece.bytes());
      } else if (piece.isLiteral()) {
        bytes.writeBytes(piece.literal().getBytes(StandardCharsets.UTF_8));
      } else {
        bytes.writeBytes(new byte[4]);
      }
    }
    return bytes.toByteArray();
  }
}
