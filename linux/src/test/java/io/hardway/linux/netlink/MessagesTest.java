package io.hardway.linux.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.IntSlot;
import io.hardway.spi.Text;
import io.hardway.spi.plan.PlanAssembler;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Against what iproute2 sends for the same, as captured on a little-endian machine. */
class MessagesTest {
  private static final int BRIDGE = 77;

  private static byte[] bytes(Text text) {
    assertEquals(1, text.pieces().size());
    return text.pieces().get(0).bytes();
  }

  private static InetAddress address(String text) throws Exception {
    return InetAddress.getByName(text);
  }

  /**
   * The kind, the flags without the wish for an answer, the fixed part; then what attributes there
   * are, in whatever order; strings with or without their zero.
   */
  private static String meaning(byte[] message, int fixed) {
    ByteBuffer buffer = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(message.length, buffer.getInt(0));
    return "type "
        + buffer.getShort(4)
        + " flags "
        + Integer.toHexString(buffer.getShort(6) & ~4)
        + " "
        + HexFormat.of().formatHex(message, 16, 16 + fixed)
        + attributes(buffer, 16 + fixed, message.length, 0);
  }

  private static Map<String, String> attributes(ByteBuffer buffer, int from, int to, int depth) {
    Map<String, String> found = new TreeMap<>();
    for (int at = from; at < to; ) {
      int length = buffer.getShort(at) & 0xFFFF;
      int type = buffer.getShort(at + 2) & 0x7FFF;
      byte[] value = new byte[length - 4];
      buffer.get(at + 4, value);
      boolean peer = depth == 2;
      boolean nested =
          depth == 0 && type == LinkMessage.IFLA_LINKINFO
              || depth == 1 && type == LinkMessage.IFLA_INFO_DATA
              || peer;
      found.put(
          depth + "." + type,
          nested
              ? HexFormat.of().formatHex(value, 0, peer ? 16 : 0)
                  + attributes(buffer, at + (peer ? 20 : 4), at + length, depth + 1)
              : HexFormat.of().formatHex(value).replaceFirst("(00)+$", ""));
      at += (length + 3) & ~3;
    }
    return found;
  }

  private static void same(String captured, int fixed, Text ours) {
    assertEquals(meaning(HexFormat.of().parseHex(captured), fixed), meaning(bytes(ours), fixed));
  }

  @Test
  void aBridge() {
    same(
        "38000000100005065d73076b00000000000000000000000000000000000000000800030062723100100012000a0001006272696467650000",
        16,
        LinkMessage.add().name("br1").bridge().build());
  }

  @Test
  void up() {
    same(
        "20000000100005005d73076b00000000000000004d0000000100000001000000",
        16,
        LinkMessage.up(BRIDGE));
  }

  @Test
  void aPairOfWhichOneEndIsAPort() {
    same(
        "74000000100005065d73076b000000000000000084030000000000000000000008000400aa05000008000a004d00000008000300766830003c0012000800010076657468300002002c000100000000008603000000000000000000000a00010002420ac800020000090003006574683900000000",
        16,
        LinkMessage.add()
            .name("vh0")
            .index(900)
            .mtu(1450)
            .master(BRIDGE)
            .peer(
                LinkMessage.peer()
                    .name("eth9")
                    .index(902)
                    .address(MacAddress.parse("02:42:0a:c8:00:02")))
            .build());
  }

  @Test
  void addressesOfBothVersions() throws Exception {
    same(
        "30000000140005065d73076b00000000021800004d000000080002000ac80001080004000ac800ff080001000ac80001",
        8,
        AddressMessage.add(BRIDGE, address("10.200.0.1"), 24));
    same(
        "40000000140005065d73076b000000000a4002004d00000014000200fd00000900000000000000000000000114000100fd000009000000000000000000000001",
        8,
        AddressMessage.add(BRIDGE, address("fd00:9::1"), 64));
  }

  @Test
  void routesOfBothVersions() throws Exception {
    same(
        "2c000000180005065d73076b0000000002000000fe03000100000000080005000ac80007080004004d000000",
        12,
        RouteMessage.addDefault(address("10.200.0.7"), BRIDGE));
    same(
        "34000000180005065e73076b0000000002100000fe03000100000000080001000a090000080005000ac80007080004004d000000",
        12,
        RouteMessage.add(address("10.9.0.0"), 16, address("10.200.0.7"), BRIDGE));
    assertThrows(
        IllegalArgumentException.class,
        () -> RouteMessage.add(address("10.9.0.0"), 33, address("10.200.0.7"), BRIDGE));
  }

  @Test
  void aPidIsSplicedInWhereItsAttributeIs() {
    IntSlot pid = new PlanAssembler().forPlugin("test").intSlot("pid");
    Text text =
        LinkMessage.add()
            .name("vh0")
            .peer(LinkMessage.peer().name("eth0").namespaceOf(pid))
            .build();
    assertEquals(2, text.pieces().size());
    byte[] before = text.pieces().get(0).bytes();
    assertTrue(text.pieces().get(1).isBinary());
    ByteBuffer message = ByteBuffer.wrap(before).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(before.length + 4, message.getInt(0));
    assertEquals(LinkMessage.IFLA_NET_NS_PID, message.getShort(before.length - 2));
  }

  @Test
  void namesThatAreNoneAreRefused() {
    for (String name : new String[] {"", "a/b", "a b", "sixteen-letters-", ".", "..", "eth0:1"}) {
      assertThrows(IllegalArgumentException.class, () -> LinkMessage.add().name(name), name);
    }
  }

  @Test
  void hardwareAddresses() {
    assertEquals("02:42:0a:c8:00:02", MacAddress.of(new byte[] {10, (byte) 200, 0, 2}).toString());
    for (String text : new String[] {"", "02:42", "01:00:5e:00:00:01", "02:42:ac:11:00:0g", "x"}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> MacAddress.parse(text)).getMessage();
      assertTrue(message.contains("'" + text + "'"), message);
    }
  }

  @Test
  void anElementIsAskedForAsNftDoes() {
    byte[] message = bytes(NftablesMessage.findInterface("hardway", "bridges", "hardway0"));
    assertEquals(
        "4c0000000d0a0100000000000000000001000000"
            + "0c0001006861726477617900"
            + "0c0002006272696467657300"
            + "200003801c0001801800018014000100"
            + "68617264776179300000000000000000",
        HexFormat.of().formatHex(message));
    assertThrows(
        IllegalArgumentException.class,
        () -> NftablesMessage.findInterface("hardway", "bridges", "sixteen-letters-"));
  }

  /** A nested tuple with the protocol, and what of it counts. */
  @Test
  void flowsOfAProtocol() {
    assertEquals(
        "3800000001010103000000000000000002000000"
            + "100001800c0002800500010011000000"
            + "14001980080001000800000008000200"
            + "00000000",
        HexFormat.of().formatHex(bytes(ConntrackMessage.list(17, false))));
  }
}
