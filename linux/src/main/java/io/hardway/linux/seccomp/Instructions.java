package io.hardway.linux.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A classic BPF program that is being written, {@code struct sock_filter[]}; {@code
 * linux/filter.h}.
 */
final class Instructions {
  /** Bytes of one instruction. */
  static final int SIZE = 8;

  private static final int LOAD = 0x20;
  private static final int JUMP = 0x05;
  private static final int JUMP_EQUAL = 0x15;
  private static final int JUMP_GREATER = 0x25;
  private static final int JUMP_GREATER_OR_EQUAL = 0x35;
  private static final int RETURN = 0x06;
  private static final int LENGTH = 256;

  private final ByteBuffer bytes =
      ByteBuffer.allocate(LENGTH * SIZE).order(ByteOrder.nativeOrder());

  /** Loads a word of {@code struct seccomp_data}. */
  Instructions load(int offset) {
    return add(LOAD, 0, 0, offset);
  }

  /** Passes over the next instructions unless the word is this. */
  Instructions unlessEqual(int value, int passed) {
    return add(JUMP_EQUAL, 0, passed, value);
  }

  /** Passes over the next instructions unless the word is greater, as unsigned numbers. */
  Instructions unlessGreater(int value, int passed) {
    return add(JUMP_GREATER, 0, passed, value);
  }

  /** Passes over the next instructions where the word is this or more. */
  Instructions ifAtLeast(int value, int passed) {
    return add(JUMP_GREATER_OR_EQUAL, passed, 0, value);
  }

  /** Passes over the next instructions. */
  Instructions jump(int passed) {
    return add(JUMP, 0, 0, passed);
  }

  /** Ends with this. */
  Instructions end(int result) {
    return add(RETURN, 0, 0, result);
  }

  /** Adds what another has. */
  Instructions add(Instructions other) {
    bytes.put(other.bytes.array(), 0, other.bytes.position());
    return this;
  }

  private Instructions add(int code, int whenTrue, int whenFalse, int value) {
    bytes.putShort((short) code).put((byte) whenTrue).put((byte) whenFalse).putInt(value);
    return this;
  }

  int count() {
    return bytes.position() / SIZE;
  }

  /** These, and the program behind them. */
  byte[] before(byte[] program) {
    byte[] whole = new byte[bytes.position() + program.length];
    System.arraycopy(bytes.array(), 0, whole, 0, bytes.position());
    System.arraycopy(program, 0, whole, bytes.position(), program.length);
    return whole;
  }
}
