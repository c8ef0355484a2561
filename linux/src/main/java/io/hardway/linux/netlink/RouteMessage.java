package io.hardway.linux.netlink;

import io.hardway.spi.Text;
import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * Requests about routes; rtnetlink(7), struct rtmsg; linux/rtnetlink.h.
 *
 * @since 0.1
 */
public final class RouteMessage {
  static final int RTM_NEWROUTE = 24;
  private static final int RTA_DST = 1;
  private static final int RTA_OIF = 4;
  private static final int RTA_GATEWAY = 5;
  private static final int RT_TABLE_MAIN = 254;
  private static final int RTPROT_BOOT = 3;
  private static final int RT_SCOPE_UNIVERSE = 0;
  private static final int RTN_UNICAST = 1;

  private RouteMessage() {}

  /**
   * Sends what has no other route to a gateway; where there is such a route it is an error
   * (EEXIST).
   *
   * @param index the interface the gateway is behind
   */
  public static Text addDefault(InetAddress gateway, int index) {
    return fixed(gateway, 0)
        .attribute(RTA_GATEWAY, gateway.getAddress())
        .attribute(RTA_OIF, index)
        .text();
  }

  /**
   * Sends what is for a network to a gateway.
   *
   * @param prefix how many bits say the network: 0 to 32, or 128
   * @param index the interface the gateway is behind
   */
  public static Text add(InetAddress network, int prefix, InetAddress gateway, int index) {
    AddressMessage.requirePrefix(network, prefix);
    return fixed(network, prefix)
        .attribute(RTA_DST, network.getAddress())
        .attribute(RTA_GATEWAY, gateway.getAddress())
        .attribute(RTA_OIF, index)
        .text();
  }

  private static MessageBuffer fixed(InetAddress address, int prefix) {
    return new MessageBuffer(RTM_NEWROUTE, MessageBuffer.NLM_F_CREATE | MessageBuffer.NLM_F_EXCL)
        .putByte(address instanceof Inet4Address ? AddressMessage.AF_INET : AddressMessage.AF_INET6)
        .putByte(prefix)
        .putByte(0)
        .putByte(0)
        .putByte(RT_TABLE_MAIN)
        .putByte(RTPROT_BOOT)
        .putByte(RT_SCOPE_UNIVERSE)
        .putByte(RTN_UNICAST)
        .putInt(0);
  }
}
