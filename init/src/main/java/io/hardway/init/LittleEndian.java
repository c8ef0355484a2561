package io.hardway.init;

import java.util.Arrays;

/** Bytes that grow, little-endian, as plans and frames have them. */
final class LittleEndian {
  private byte[] bytes;
  private int size;

  LittleEndian(int capacity) {
    bytes = new byte[capacity];
  }

  int size() {
    return size;
  }

  void u8(int value) {
    room(1);
    bytes[size++] = (byte) value;
  }

  void u16(int value) {
    room(2);
    bytes[size++] = (byte) value;
    bytes[size++] = (byte) (value >>> 8);
  }

  void u32(int value) {
    room(4);
    set32(size, value);
    size += 4;
  }

  void i64(long value) {
    u32((int) value);
    u32((int) (value >>> 32));
  }

  void raw(byte[] data) {
    room(data.length);
    System.arraycopy(data, 0, bytes, size, data.length);
    size += data.length;
  }

  void raw(LittleEndian other) {
    room(other.size);
    System.arraycopy(other.bytes, 0, bytes, size, other.size);
    size += other.size;
  }

  /** Fills up with zeros to a multiple of 4. */
  void align() {
    while ((size & 3) != 0) {
      u8(0);
    }
  }

  void set32(int at, int value) {
    bytes[at] = (byte) value;
    bytes[at + 1] = (byte) (value >>> 8);
    bytes[at + 2] = (byte) (value >>> 16);
    bytes[at + 3] = (byte) (value >>> 24);
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  static int read32(byte[] from, int at) {
    return (from[at] & 0xFF)
        | (from[at + 1] & 0xFF) << 8
        | (from[at + 2] & 0xFF) << 16
        | (from[at + 3] & 0xFF) << 24;
  }

  private void room(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
