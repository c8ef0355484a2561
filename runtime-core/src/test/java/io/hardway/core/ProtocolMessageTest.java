package io.hardway.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples are those of the definition of the encoding of protocol buffers, and its edges. */
class ProtocolMessageTest {
  private static String hex(ProtocolMessage message) {
    return HexFormat.of().formatHex(message.toBytes());
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, 0800",
    "1, 127, 087f",
    "1, 128, 088001",
    "1, 150, 089601",
    "16, 1, 800101",
    "38, 1073741824, b0028080808004",
  })
  void aNumberHasSevenBitsInEachByte(int field, long value, String wanted) {
    assertEquals(wanted, hex(new ProtocolMessage().number(field, value)));
  }

  @Test
  void textAndMessagesHaveTheirLengthBeforeThem() {
    assertEquals("120774657374696e67", hex(new ProtocolMessage().text(2, "testing")));
    assertEquals("0a02c3a9", hex(new ProtocolMessage().text(1, "é")));
    assertEquals(
        "1a03089601", hex(new ProtocolMessage().message(3, new ProtocolMessage().number(1, 150))));
  }
}
