package io.hardway.linux.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** An eBPF program that is being written, {@code struct bpf_insn[]}; {@code linux/bpf.h}. */
final class Instructions {
  /** Bytes of one instruction. */
  static final int SIZE = 8;

  private static final int LOAD_WORD = 0x61;
  private static final int MOVE = 0xb7;
  private static final int AND = 0x57;
  private static final int SHIFT_RIGHT = 0x77;
  private static final int JUMP = 0x05;
  private static final int JUMP_NOT_EQUAL = 0x55;
  private static final int JUMP_NOT_EQUAL_32 = 0x56;
  private static final int JUMP_SET = 0x45;
  private static final int EXIT = 0x95;

  private final ByteBuffer bytes;

  Instructions(int capacity, ByteOrder order) {
    bytes = ByteBuffer.allocate(capacity * SIZE).order(order);
  }

  /** Loads 32 bits from the memory that another register points to. */
  Instructions load(int register, int pointer, int offset) {
    return add(LOAD_WORD, register, pointer, offset, 0);
  }

  /** Keeps of a register what is in the mask, whose sign is extended. */
  Instructions and(int register, int mask) {
    return add(AND, register, 0, 0, mask);
  }

  /** Shifts a register to the right, filling it with zeros. */
  Instructions shiftRight(int register, int bits) {
    return add(SHIFT_RIGHT, register, 0, 0, bits);
  }

  /** Passes over the next instructions. */
  Instructions jump(int passed) {
    return add(JUMP, 0, 0, passed, 0);
  }

  /** Passes over the next instructions where a register is not zero. */
  Instructions unlessZero(int register, int passed) {
    return add(JUMP_NOT_EQUAL, register, 0, passed, 0);
  }

  /** Passes over the next instructions where the lower half of a register is not this. */
  Instructions unlessEqual(int register, int value, int passed) {
    return add(JUMP_NOT_EQUAL_32, register, 0, passed, value);
  }

  /** Passes over the next instructions where a register has one of the bits. */
  Instructions ifAny(int register, int bits, int passed) {
    return add(JUMP_SET, register, 0, passed, bits);
  }

  /** Ends with this. */
  Instructions end(int result) {
    return add(MOVE, 0, 0, 0, result).add(EXIT, 0, 0, 0, 0);
  }

  private Instructions add(int code, int to, int from, int offset, int value) {
    // Two fields of four bits each: the compiler lays them out as it does bytes.
    int registers = bytes.order() == ByteOrder.LITTLE_ENDIAN ? from << 4 | to : to << 4 | from;
    bytes.put((byte) code).put((byte) registers).putShort((short) offset).putInt(value);
    return this;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes.array(), bytes.position());
  }
}
