package io.hardway.linux.netlink;

import io.hardway.spi.Text;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Questions about tables of nftables, of the family {@code inet}; linux/netfilter/nf_tables.h.
 *
 * @since 0.1
 */
public final class NftablesMessage {
  /** The netlink protocol of these, NETLINK_NETFILTER. */
  public static final int NETFILTER = 12;

  private static final int NFNL_SUBSYS_NFTABLES = 10;
  private static final int NFT_MSG_GETSETELEM = 13;
  private static final int NFPROTO_INET = 1;
  private static final int NFTA_SET_ELEM_LIST_TABLE = 1;
  private static final int NFTA_SET_ELEM_LIST_SET = 2;
  private static final int NFTA_SET_ELEM_LIST_ELEMENTS = 3;
  private static final int NFTA_LIST_ELEM = 1;
  private static final int NFTA_SET_ELEM_KEY = 1;
  private static final int NFTA_DATA_VALUE = 1;
  private static final int NLA_F_NESTED = 1 << 15;

  private NftablesMessage() {}

  /**
   * Asks for an element of a set of names of interfaces; refused (ENOENT) where there is no such
   * table, set or element.
   *
   * @param interfaceName at most 15 bytes
   */
  public static Text findInterface(String table, String set, String interfaceName) {
    byte[] name = interfaceName.getBytes(StandardCharsets.UTF_8);
    if (name.length >= LinkMessage.NAME_LENGTH + 1) {
      throw new IllegalArgumentException(interfaceName + " is too long for an interface's name");
    }
    MessageBuffer message =
        new MessageBuffer(NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETSETELEM, 0)
            .putByte(NFPROTO_INET)
            .putByte(0)
            .putShort(0)
            .attribute(NFTA_SET_ELEM_LIST_TABLE, table)
            .attribute(NFTA_SET_ELEM_LIST_SET, set);
    int elements = message.begin(NLA_F_NESTED | NFTA_SET_ELEM_LIST_ELEMENTS);
    int element = message.begin(NLA_F_NESTED | NFTA_LIST_ELEM);
    int key = message.begin(NLA_F_NESTED | NFTA_SET_ELEM_KEY);
    message.attribute(NFTA_DATA_VALUE, Arrays.copyOf(name, LinkMessage.NAME_LENGTH + 1));
    return message.end(key).end(element).end(elements).text();
  }
}
