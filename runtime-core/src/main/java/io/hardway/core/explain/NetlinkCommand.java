package io.hardway.core.explain;

import io.hardway.spi.Subnet;
import io.hardway.spi.Text;
import io.hardway.spi.plan.Operation;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** The ip(8) command that sends a netlink request; rtnetlink(7). */
final class NetlinkCommand {
  private static final int NETLINK_ROUTE = 0;
  private static final int RTM_NEWLINK = 16;
  private static final int RTM_DELLINK = 17;
  private static final int RTM_SETLINK = 19;
  private static final int RTM_NEWADDR = 20;
  private static final int RTM_NEWROUTE = 24;
  private static final int NLM_F_CREATE = 0x400;
  private static final int HEADER = 16;
  private static final int IFINFOMSG = 16;
  private static final int IFADDRMSG = 8;
  private static final int RTMSG = 12;
  private static final int IFLA_ADDRESS = 1;
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_MTU = 4;
  private static final int IFLA_MASTER = 10;
  private static final int IFLA_LINKINFO = 18;
  private static final int IFLA_NET_NS_PID = 19;
  private static final int IFLA_NET_NS_FD = 28;
  private static final int IFLA_NEW_IFINDEX = 49;
  private static final int IFLA_INFO_KIND = 1;
  private static final int IFLA_INFO_SLAVE_DATA = 5;
  private static final int IFLA_BRPORT_MODE = 4;
  private static final int IFLA_INFO_DATA = 2;
  private static final int VETH_INFO_PEER = 1;
  private static final int IFA_LOCAL = 2;
  private static final int RTA_DST = 1;
  private static final int RTA_OIF = 4;
  private static final int RTA_GATEWAY = 5;
  private static final int IFF_UP = 1;
  private static final int IPPROTO_UDP = 17;

  private final ByteBuffer message;

  private NetlinkCommand(byte[] bytes) {
    message = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The command, or a comment with the type of a message that has none. */
  static String of(Operation.Netlink o) {
    byte[] bytes = bytes(o.message());
    if (bytes.length < HEADER) {
      return "# sends a netlink request of " + bytes.length + " bytes";
    }
    NetlinkCommand command = new NetlinkCommand(bytes);
    int type = command.message.getShort(4) & 0xFFFF;
    boolean routing = ShellWords.literal(o.protocol(), -1) == NETLINK_ROUTE;
    String text = routing ? command.routing(type) : "";
    return text.isEmpty()
        ? "# sends netlink request " + type + " of " + bytes.length + " bytes"
        : text;
  }

  /** The conntrack(8) commands that remove flows. */
  static String of(Operation.ForgetFlows o) {
    long protocol = ShellWords.literal(o.protocol(), 0);
    StringBuilder line = new StringBuilder();
    for (Text destination : o.destinations()) {
      String[] words = destination.toString().split(" ");
      boolean isAny = words[0].equals("0.0.0.0") || words[0].equals("::");
      line.append(line.isEmpty() ? "" : "; ")
          .append("conntrack -D -f ")
          .append(words[0].contains(":") ? "ipv6" : "ipv4")
          .append(" -p ")
          .append(protocol == IPPROTO_UDP ? "udp" : Long.toString(protocol))
          .append(" --orig-port-dst ")
          .append(words[1])
          .append(isAny ? "" : " --orig-dst " + words[0]);
    }
    return line.toString();
  }

  private String routing(int type) {
    int length = message.limit() - HEADER;
    return switch (type) {
      case RTM_NEWLINK, RTM_SETLINK, RTM_DELLINK -> length < IFINFOMSG ? "" : link(type);
      case RTM_NEWADDR -> length < IFADDRMSG ? "" : address();
      case RTM_NEWROUTE -> length < RTMSG ? "" : route();
      default -> "";
    };
  }

  private String link(int type) {
    Map<Integer, ByteBuffer> attributes = attributes(message, HEADER + IFINFOMSG);
    int index = message.getInt(HEADER + 4);
    String name =
        attributes.containsKey(IFLA_IFNAME)
            ? string(attributes.get(IFLA_IFNAME))
            : interfaceName(index);
    if (type == RTM_DELLINK) {
      return "ip link del dev " + ShellWords.quote(name);
    }
    boolean creates = (message.getShort(6) & NLM_F_CREATE) != 0;
    String settings = settings(attributes);
    String state = state(message, HEADER);
    if (!creates) {
      String known = index > 0 ? interfaceName(index) : name;
      return "ip link set dev "
          + ShellWords.quote(known)
          + (name.equals(known) ? "" : " name " + ShellWords.quote(name))
          + settings
          + state
          + port(attributes.get(IFLA_LINKINFO));
    }
    String made =
        "ip link add name "
            + ShellWords.quote(name)
            + (index > 0 ? " index " + index : "")
            + settings
            + kind(attributes.get(IFLA_LINKINFO));
    return state.isEmpty() ? made : made + " && ip link set dev " + ShellWords.quote(name) + state;
  }

  /** As ip(8) calls one whose name is not said. */
  private static String interfaceName(int index) {
    return index == 1 ? "lo" : "if" + index;
  }

  private static String state(ByteBuffer buffer, int start) {
    int flags = buffer.getInt(start + 8);
    int change = buffer.getInt(start + 12);
    if ((change & IFF_UP) == 0 && (flags & IFF_UP) == 0) {
      return "";
    }
    return (flags & IFF_UP) != 0 ? " up" : " down";
  }

  private static String settings(Map<Integer, ByteBuffer> attributes) {
    StringBuilder settings = new StringBuilder();
    if (attributes.containsKey(IFLA_ADDRESS)) {
      settings
          .append(" address ")
          .append(HexFormat.ofDelimiter(":").formatHex(bytes(attributes.get(IFLA_ADDRESS))));
    }
    if (attributes.containsKey(IFLA_MTU)) {
      settings.append(" mtu ").append(attributes.get(IFLA_MTU).getInt(0));
    }
    if (attributes.containsKey(IFLA_MASTER)) {
      settings.append(" master ").append(interfaceName(attributes.get(IFLA_MASTER).getInt(0)));
    }
    if (attributes.containsKey(IFLA_NET_NS_PID)) {
      settings.append(" netns $pid");
    }
    if (attributes.containsKey(IFLA_NET_NS_FD)) {
      settings.append(" netns NAMESPACE");
    }
    if (attributes.containsKey(IFLA_NEW_IFINDEX)) {
      settings.append(" index ").append(attributes.get(IFLA_NEW_IFINDEX).getInt(0));
    }
    return settings.toString();
  }

  /** What it is as a port of a bridge. */
  private static String port(ByteBuffer information) {
    ByteBuffer data =
        information == null ? null : attributes(information, 0).get(IFLA_INFO_SLAVE_DATA);
    ByteBuffer hairpin = data == null ? null : attributes(data, 0).get(IFLA_BRPORT_MODE);
    return hairpin == null
        ? ""
        : " type bridge_slave hairpin " + (hairpin.get(0) == 1 ? "on" : "off");
  }

  private static String kind(ByteBuffer information) {
    if (information == null) {
      return "";
    }
    Map<Integer, ByteBuffer> attributes = attributes(information, 0);
    String kind = " type " + string(attributes.get(IFLA_INFO_KIND));
    ByteBuffer data = attributes.get(IFLA_INFO_DATA);
    ByteBuffer peer = data == null ? null : attributes(data, 0).get(VETH_INFO_PEER);
    if (peer == null || peer.limit() < IFINFOMSG) {
      return kind;
    }
    Map<Integer, ByteBuffer> other = attributes(peer, IFINFOMSG);
    int index = peer.getInt(4);
    return kind
        + " peer"
        + (other.containsKey(IFLA_IFNAME)
            ? " name " + ShellWords.quote(string(other.get(IFLA_IFNAME)))
            : "")
        + (index > 0 ? " index " + index : "")
        + settings(other);
  }

  private String address() {
    ByteBuffer local = attributes(message, HEADER + IFADDRMSG).get(IFA_LOCAL);
    int prefix = message.get(HEADER + 1) & 0xFF;
    String device = interfaceName(message.getInt(HEADER + 4));
    return local == null
        ? ""
        : "ip addr add "
            + address(local)
            + "/"
            + prefix
            + (local.limit() == 4 && prefix < 31 ? " broadcast +" : "")
            + " dev "
            + device
            + (local.limit() == 4 ? "" : " nodad");
  }

  private String route() {
    Map<Integer, ByteBuffer> attributes = attributes(message, HEADER + RTMSG);
    ByteBuffer gateway = attributes.get(RTA_GATEWAY);
    ByteBuffer device = attributes.get(RTA_OIF);
    if (gateway == null || device == null) {
      return "";
    }
    ByteBuffer network = attributes.get(RTA_DST);
    return "ip route add "
        + (network == null ? "default" : address(network) + "/" + (message.get(HEADER + 1) & 0xFF))
        + " via "
        + address(gateway)
        + " dev "
        + interfaceName(device.getInt(0));
  }

  private static String address(ByteBuffer value) {
    try {
      return Subnet.text(InetAddress.getByAddress(bytes(value)));
    } catch (UnknownHostException none) {
      return HexFormat.of().formatHex(bytes(value));
    }
  }

  /** The attributes from a place on, by type; what is cut off is left out. */
  private static Map<Integer, ByteBuffer> attributes(ByteBuffer buffer, int from) {
    Map<Integer, ByteBuffer> found = new TreeMap<>();
    for (int at = from; at + 4 <= buffer.limit(); ) {
      int length = buffer.getShort(at) & 0xFFFF;
      if (length < 4 || at + length > buffer.limit()) {
        break;
      }
      found.put(
          buffer.getShort(at + 2) & 0x3FFF,
          buffer.slice(at + 4, length - 4).order(ByteOrder.LITTLE_ENDIAN));
      at += (length + 3) & ~3;
    }
    return found;
  }

  private static byte[] bytes(ByteBuffer value) {
    byte[] bytes = new byte[value.limit()];
    value.get(0, bytes);
    return bytes;
  }

  private static String string(ByteBuffer value) {
    return value == null ? "" : new String(bytes(value), StandardCharsets.UTF_8).replace("\0", "");
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
