package io.hardway.core;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A message of protocol buffers while it is written; each field has a number that its definition
 * gives it.
 */
final class ProtocolMessage {
  private static final int VARINT = 0;
  private static final int BYTES = 2;
  private static final int SEVEN_BITS = 0x7f;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Adds a number that is not negative. */
  ProtocolMessage number(int field, long value) {
    varint((long) field << 3 | VARINT);
    varint(value);
    return this;
  }

  /** Adds a truth. */
  ProtocolMessage yes(int field) {
    return number(field, 1);
  }

  /** Adds text. */
  ProtocolMessage text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a message. */
  ProtocolMessage message(int field, ProtocolMessage value) {
    return bytes(field, value.toBytes());
  }

  /** What has been written. */
  byte[] toBytes() {
    return bytes.toByteArray();
  }

  private ProtocolMessage bytes(int field, byte[] value) {
    varint((long) field << 3 | BYTES);
    varint(value.length);
    bytes.writeBytes(value);
    return this;
  }

  private void varint(long value) {
    long rest = value;
    while (rest > SEVEN_BITS) {
      bytes.write((int) (rest & SEVEN_BITS) | SEVEN_BITS + 1);
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }
}
