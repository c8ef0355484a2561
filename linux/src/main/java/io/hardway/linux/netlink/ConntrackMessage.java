package io.hardway.linux.netlink;

import io.hardway.spi.Text;

/**
 * Questions about flows of packets that the kernel tracks; linux/netfilter/nfnetlink_conntrack.h.
 *
 * @since 0.1
 */
public final class ConntrackMessage {
  private static final int NFNL_SUBSYS_CTNETLINK = 1;
  private static final int IPCTNL_MSG_CT_GET = 1;
  private static final int NLM_F_DUMP = 0x300;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int NLA_F_NESTED = 1 << 15;
  private static final int CTA_TUPLE_ORIG = 1;
  private static final int CTA_TUPLE_PROTO = 2;
  private static final int CTA_PROTO_NUM = 1;
  private static final int CTA_FILTER = 25;
  private static final int CTA_FILTER_ORIG_FLAGS = 1;
  private static final int CTA_FILTER_REPLY_FLAGS = 2;

  /** Of the first packet's addresses the protocol counts. */
  private static final int ORIG_FLAGS = 1 << 3;

  private ConntrackMessage() {}

  /**
   * Asks for the flows of a protocol over IPv4 or IPv6. A kernel before 5.8 lists those of other
   * protocols, too.
   */
  public static Text list(int protocol, boolean version6) {
    MessageBuffer message =
        new MessageBuffer(NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET, NLM_F_DUMP)
            .putByte(version6 ? AF_INET6 : AF_INET)
            .putByte(0)
            .putShort(0);
    int tuple = message.begin(NLA_F_NESTED | CTA_TUPLE_ORIG);
    int numbers = message.begin(NLA_F_NESTED | CTA_TUPLE_PROTO);
    message.attribute(CTA_PROTO_NUM, new byte[] {(byte) protocol}).end(numbers).end(tuple);
    int filter = message.begin(NLA_F_NESTED | CTA_FILTER);
    return message
        .attribute(CTA_FILTER_ORIG_FLAGS, ORIG_FLAGS)
        .attribute(CTA_FILTER_REPLY_FLAGS, 0)
        .end(filter)
        .text();
  }
}
