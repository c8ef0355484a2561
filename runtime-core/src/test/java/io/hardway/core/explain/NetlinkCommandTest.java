package io.hardway.core.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardway.linux.netlink.AddressMessage;
import io.hardway.linux.netlink.LinkMessage;
import io.hardway.linux.netlink.MacAddress;
import io.hardway.linux.netlink.RouteMessage;
import io.hardway.spi.IntOperand;
import io.hardway.spi.IntSlot;
import io.hardway.spi.Subnet;
import io.hardway.spi.Text;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.PlanAssembler;
import org.junit.jupiter.api.Test;

class NetlinkCommandTest {
  private static String command(Text message) {
    return NetlinkCommand.of(new Operation.Netlink(IntOperand.of(0), message));
  }

  @Test
  void interfaces() {
    IntSlot pid = new PlanAssembler().forPlugin("test").intSlot("pid");
    assertEquals("ip link set dev lo up", command(LinkMessage.up(1)));
    assertEquals(
        "ip link set dev hw0 type bridge_slave hairpin on",
        command(LinkMessage.set().name("hw0").hairpin().build()));
    assertEquals("ip link del dev hw0", command(LinkMessage.delete("hw0")));
    assertEquals(
        "ip link add name br0 index 77 mtu 1400 type bridge",
        command(LinkMessage.add().name("br0").index(77).mtu(1400).bridge().build()));
    assertEquals(
        "ip link add name hw0 master if77 type veth peer name eth0 index 2"
            + " address 02:42:0a:09:00:02 netns $pid && ip link set dev hw0 up",
        command(
            LinkMessage.add()
                .name("hw0")
                .master(77)
                .up()
                .peer(
                    LinkMessage.peer()
                        .name("eth0")
                        .index(2)
                        .address(MacAddress.parse("02:42:0a:09:00:02"))
                        .namespaceOf(pid))
                .build()));
  }

  @Test
  void addressesAndRoutes() {
    assertEquals(
        "ip addr add 10.9.0.2/24 broadcast + dev if2",
        command(AddressMessage.add(2, Subnet.address("10.9.0.2"), 24)));
    assertEquals(
        "ip addr add fd00:9::2/64 dev if2 nodad",
        command(AddressMessage.add(2, Subnet.address("fd00:9::2"), 64)));
    assertEquals(
        "ip route add default via 10.9.0.1 dev if2",
        command(RouteMessage.addDefault(Subnet.address("10.9.0.1"), 2)));
    assertEquals(
        "ip route add 10.8.0.0/16 via 10.9.0.1 dev if2",
        command(RouteMessage.add(Subnet.address("10.8.0.0"), 16, Subnet.address("10.9.0.1"), 2)));
  }

  @Test
  void whatHasNoCommandIsSaid() {
    assertEquals("# sends a netlink request of 3 bytes", command(Text.bytes(new byte[] {1, 2, 3})));
    assertEquals("# sends netlink request 0 of 16 bytes", command(Text.bytes(new byte[16])));
  }
}
