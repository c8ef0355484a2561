package com.example.hardway;

import io.hardway.spi.Host;
import io.hardway.spi.NetworkProvider;
import io.hardway.spi.NetworkRequest;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Support;
import io.hardway.spi.Text;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Loopback only, with an MTU as Ethernet has it: programs that talk to themselves meet the packet
 * sizes they will meet on a wire. The network option {@code mtu} gives another one.
 */
public final class LoopbackMtuProvider implements NetworkProvider {
  private static final int SCORE = 1;
  private static final int ETHERNET = 1500;
  private static final int LEAST = 68;
  private static final int MOST = 65_536;

  private static final int NETLINK_ROUTE = 0;
  private static final short RTM_NEWLINK = 16;
  private static final short NLM_F_REQUEST = 1;
  private static final short IFLA_MTU = 4;
  private static final int IFF_UP = 1;
  private static final int LOOPBACK_INDEX = 1;

  @Override
  public String name() {
    return "net-lo-mtu";
  }

  @Override
  public String description() {
    return "loopback only, with the MTU of Ethernet";
  }

  @Override
  public Support probe(Host host) {
    return host.supportsNamespace("net")
        ? Support.usable(SCORE, "")
        : Support.unusable(
            "the kernel has no network namespaces: use --network host, or a kernel with CONFIG_NET_NS");
  }

  @Override
  public void contribute(NetworkRequest request, PlanBuilder plan) {
    int mtu = mtu(request.options().get("mtu"));
    plan.enter()
        .netlink(NETLINK_ROUTE, upWithMtu(mtu))
        .label("bring the loopback interface up with an MTU of " + mtu);
  }

  private static int mtu(String asked) {
    if (asked == null) {
      return ETHERNET;
    }
    try {
      int mtu = Integer.parseInt(asked);
      if (mtu >= LEAST && mtu <= MOST) {
        return mtu;
      }
    } catch (NumberFormatException notNumber) {
      throw refusal(asked);
    }
    throw refusal(asked);
  }

  private static PlanningException refusal(String asked) {
    return new PlanningException(
        "the network option mtu=" + asked + " is no MTU",
        "give a number from " + LEAST + " to " + MOST);
  }

  /** RTM_NEWLINK: struct nlmsghdr, struct ifinfomsg, and one attribute; rtnetlink(7). */
  private static Text upWithMtu(int mtu) {
    ByteBuffer message = ByteBuffer.allocate(16 + 16 + 8).order(ByteOrder.nativeOrder());
    message
        .putInt(message.capacity())
        .putShort(RTM_NEWLINK)
        .putShort(NLM_F_REQUEST)
        .putInt(0)
        .putInt(0);
    message.putInt(0).putInt(LOOPBACK_INDEX).putInt(IFF_UP).putInt(IFF_UP);
    message.putShort((short) 8).putShort(IFLA_MTU).putInt(mtu);
    return Text.bytes(message.array());
  }
}
