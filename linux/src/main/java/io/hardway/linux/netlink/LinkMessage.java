package io.hardway.linux.netlink;

import io.hardway.spi.FdSlot;
import io.hardway.spi.IntSlot;
import io.hardway.spi.Text;

/**
 * Requests about network interfaces; rtnetlink(7), struct ifinfomsg; linux/if_link.h.
 *
 * @since 0.1
 */
public final class LinkMessage {
  /** NETLINK_ROUTE. */
  public static final int ROUTE = 0;

  /** The index of the loopback interface: the first of every network namespace. */
  public static final int LOOPBACK_INDEX = 1;

  /** The most bytes of an interface's name: IFNAMSIZ without the closing zero. */
  public static final int NAME_LENGTH = 15;

  static final int RTM_NEWLINK = 16;
  static final int RTM_DELLINK = 17;
  static final int IFLA_ADDRESS = 1;
  static final int IFLA_IFNAME = 3;
  static final int IFLA_MTU = 4;
  static final int IFLA_MASTER = 10;
  static final int IFLA_LINKINFO = 18;
  static final int IFLA_NET_NS_PID = 19;
  static final int IFLA_NET_NS_FD = 28;
  static final int IFLA_NEW_IFINDEX = 49;
  static final int IFLA_INFO_KIND = 1;
  static final int IFLA_INFO_DATA = 2;
  static final int IFLA_INFO_SLAVE_KIND = 4;
  static final int IFLA_INFO_SLAVE_DATA = 5;
  private static final int IFLA_BRPORT_MODE = 4;
  private static final int VETH_INFO_PEER = 1;
  private static final int IFF_UP = 1;

  private LinkMessage() {}

  /** Sets an interface up. */
  public static Text up(int index) {
    return set().index(index).up().build();
  }

  /** Makes an interface; one of this name is an error (EEXIST). */
  public static Builder add() {
    return new Builder(RTM_NEWLINK, MessageBuffer.NLM_F_CREATE | MessageBuffer.NLM_F_EXCL);
  }

  /** Changes an interface that exists, found by its index, or else by its name. */
  public static Builder set() {
    return new Builder(RTM_NEWLINK, 0);
  }

  /** Deletes an interface; both ends where it is one of a pair. */
  public static Text delete(String name) {
    return new Builder(RTM_DELLINK, 0).name(name).build();
  }

  /** The other end of a veth pair, for {@link Builder#peer}. */
  public static Builder peer() {
    return new Builder(RTM_NEWLINK, 0);
  }

  /**
   * Collects what a request says of an interface.
   *
   * @since 0.1
   */
  public static final class Builder {
    private final int type;
    private final int flags;
    private String name = "";
    private String kind = "";
    private byte[] address = {};
    private int index;
    private int mtu;
    private int master;
    private boolean up;
    private boolean hairpin;
    private IntSlot namespacePid;
    private FdSlot namespace;
    private int newIndex;
    private Builder peer;

    private Builder(int type, int flags) {
      this.type = type;
      this.flags = flags;
    }

    /**
     * Its name.
     *
     * @throws IllegalArgumentException where it is empty, longer than {@link #NAME_LENGTH} bytes,
     *     or has a slash or white space
     */
    public Builder name(String value) {
      boolean right = !value.isEmpty() && value.length() <= NAME_LENGTH;
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        right &= c > ' ' && c < 127 && c != '/' && c != ':';
      }
      if (!right || value.equals(".") || value.equals("..")) {
        throw new IllegalArgumentException("'" + value + "' is no name of an interface");
      }
      name = value;
      return this;
    }

    /** Its index, 1 or more; a new interface gets a free one where none is given. */
    public Builder index(int value) {
      index = value;
      return this;
    }

    /** Up. */
    public Builder up() {
      up = true;
      return this;
    }

    /** The largest packet in bytes. */
    public Builder mtu(int value) {
      mtu = value;
      return this;
    }

    /** Its hardware address: six bytes. */
    public Builder address(MacAddress value) {
      address = value.bytes();
      return this;
    }

    /** The index of the bridge it is a port of. */
    public Builder master(int value) {
      master = value;
      return this;
    }

    /** As a port of a bridge it sends back out what came in by it, where that is the way. */
    public Builder hairpin() {
      hairpin = true;
      return this;
    }

    /** The network namespace of this process is where it is made, or moved to. */
    public Builder namespaceOf(IntSlot pid) {
      namespacePid = pid;
      return this;
    }

    /** The network namespace it is moved to, as an open file. */
    public Builder namespace(FdSlot value) {
      namespace = value;
      return this;
    }

    /** Its index in the network namespace it is moved to; one in use is an error (EBUSY). */
    public Builder newIndex(int value) {
      newIndex = value;
      return this;
    }

    /** A bridge. */
    public Builder bridge() {
      kind = "bridge";
      return this;
    }

    /** One end of a pair; the other is said like an interface of its own. */
    public Builder peer(Builder other) {
      kind = "veth";
      peer = other;
      return this;
    }

    /** The request. */
    public Text build() {
      return message().text();
    }

    MessageBuffer message() {
      MessageBuffer message = new MessageBuffer(type, flags);
      fixed(message);
      attributes(message);
      return message;
    }

    private void fixed(MessageBuffer message) {
      int state = up ? IFF_UP : 0;
      message.putByte(0).putByte(0).putShort(0).putInt(index).putInt(state).putInt(state);
    }

    private void attributes(MessageBuffer message) {
      if (!name.isEmpty()) {
        message.attribute(IFLA_IFNAME, name);
      }
      if (address.length > 0) {
        message.attribute(IFLA_ADDRESS, address);
      }
      if (mtu > 0) {
        message.attribute(IFLA_MTU, mtu);
      }
      if (master > 0) {
        message.attribute(IFLA_MASTER, master);
      }
      if (namespacePid != null) {
        message.attribute(IFLA_NET_NS_PID, namespacePid);
      }
      if (namespace != null) {
        message.attribute(IFLA_NET_NS_FD, namespace);
      }
      if (newIndex > 0) {
        message.attribute(IFLA_NEW_IFINDEX, newIndex);
      }
      if (!kind.isEmpty()) {
        int information = message.begin(IFLA_LINKINFO);
        kind(message);
        message.end(information);
      }
      if (hairpin) {
        int information = message.begin(IFLA_LINKINFO);
        message.attribute(IFLA_INFO_SLAVE_KIND, "bridge");
        int port = message.begin(IFLA_INFO_SLAVE_DATA);
        message.attribute(IFLA_BRPORT_MODE, new byte[] {1}).end(port).end(information);
      }
    }

    private void kind(MessageBuffer message) {
      message.attribute(IFLA_INFO_KIND, kind);
      if (peer != null) {
        int data = message.begin(IFLA_INFO_DATA);
        int other = message.begin(VETH_INFO_PEER);
        peer.fixed(message);
        peer.attributes(message);
        message.end(other).end(data);
      }
    }
  }
}
