package io.hardway.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubnetTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0/0",
        "10.1.2.0/24",
        "10.1.2.3/32",
        "fd00::/64",
        "::/0",
        "2001:db8:0:1::/64"
      })
  void saysWhatItHasRead(String text) {
    assertEquals(text, Subnet.parse(text).toString());
    assertEquals(Subnet.parse(text), Subnet.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/24",
        "10.0.0.0",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/x",
        "10.0/16",
        "10.0.0.1/24",
        "localhost/24",
        "fd00::1/64",
        "fd00::/129",
        "1.2.3.4.5/8",
        "256.0.0.0/8",
        "10.0.0.0/-1",
        "fe80::%1/64"
      })
  void refusesWhatIsNone(String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Subnet.parse(text)).getMessage();
    assertTrue(message.contains(text.replaceFirst("/.*", "")), message);
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.2.0/24, 254, 10.1.2.1, 10.1.2.254",
    "10.1.0.0/16, 65534, 10.1.0.1, 10.1.255.254",
    "10.1.2.4/30, 2, 10.1.2.5, 10.1.2.6",
    "10.1.2.4/31, 2, 10.1.2.4, 10.1.2.5",
    "10.1.2.4/32, 1, 10.1.2.4, 10.1.2.4",
    "fd00::/126, 3, fd00::1, fd00::3",
    "fd00::/64, 2147483647, fd00::1, fd00::7fff:ffff",
  })
  void givesAddressesOut(String text, int size, String first, String last) {
    Subnet subnet = Subnet.parse(text);
    assertEquals(size, subnet.size());
    assertEquals(first, Subnet.text(subnet.at(1)));
    assertEquals(last, Subnet.text(subnet.at(size)));
    assertTrue(subnet.contains(subnet.at(size)));
  }

  @Test
  void knowsWhatItHasInCommon() {
    Subnet large = Subnet.parse("10.0.0.0/8");
    Subnet small = Subnet.parse("10.255.0.0/16");
    assertTrue(large.overlaps(small) && small.overlaps(large));
    assertFalse(small.overlaps(Subnet.parse("10.254.0.0/16")));
    assertFalse(large.overlaps(Subnet.parse("fd00::/8")));
    assertTrue(large.contains(Subnet.address("10.3.4.5")));
    assertFalse(large.contains(Subnet.address("11.0.0.0")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"::", "::1", "fd00::1", "1:0:0:1::1", "1:2:3:4:5:6:7:8", "fe80::a:0:0:1"})
  void writesAddressesShort(String text) {
    assertEquals(text, Subnet.text(Subnet.address(text)));
  }
}
