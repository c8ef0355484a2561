package io.hardway.linux.netlink;

import io.hardway.spi.FdSlot;
import io.hardway.spi.IntSlot;
import io.hardway.spi.Slot;
import io.hardway.spi.Text;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One netlink request as it grows: header, fixed part, attributes; netlink(7). The kernel numbers
 * are in the machine's byte order, lengths are filled in at the end.
 */
final class MessageBuffer {
  static final int NLM_F_REQUEST = 0x1;
  static final int NLM_F_EXCL = 0x200;
  static final int NLM_F_CREATE = 0x400;

  private static final int LENGTH_OF_TYPE = 4;

  private final List<Splice> splices = new ArrayList<>();
  private ByteBuffer buffer = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());

  /** A number that is known when the plan is performed, at its place. */
  private record Splice(int position, Slot slot) {}

  MessageBuffer(int type, int flags) {
    putInt(0).putShort(type).putShort(NLM_F_REQUEST | flags).putInt(0).putInt(0);
  }

  MessageBuffer putByte(int value) {
    room(1).put((byte) value);
    return this;
  }

  MessageBuffer putShort(int value) {
    room(2).putShort((short) value);
    return this;
  }

  MessageBuffer putInt(int value) {
    room(4).putInt(value);
    return this;
  }

  MessageBuffer attribute(int type, byte[] value) {
    putShort(LENGTH_OF_TYPE + value.length).putShort(type);
    room(value.length).put(value);
    return pad();
  }

  MessageBuffer attribute(int type, String text) {
    return attribute(type, (text + "\0").getBytes(StandardCharsets.UTF_8));
  }

  MessageBuffer attribute(int type, int value) {
    return putShort(LENGTH_OF_TYPE + 4).putShort(type).putInt(value);
  }

  /** A number, or that of a descriptor. */
  MessageBuffer attribute(int type, Slot slot) {
    putShort(LENGTH_OF_TYPE + 4).putShort(type);
    splices.add(new Splice(buffer.position(), slot));
    return putInt(0);
  }

  /** Begins an attribute of attributes; the result is for {@link #end}. */
  int begin(int type) {
    int start = buffer.position();
    putShort(0).putShort(type);
    return start;
  }

  MessageBuffer end(int start) {
    buffer.putShort(start, (short) (buffer.position() - start));
    return this;
  }

  private MessageBuffer pad() {
    while (buffer.position() % 4 != 0) {
      putByte(0);
    }
    return this;
  }

  private ByteBuffer room(int bytes) {
    if (buffer.remaining() < bytes) {
      int size = Math.max(2 * buffer.capacity(), buffer.position() + bytes);
      ByteBuffer larger = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
      larger.put(buffer.flip());
      buffer = larger;
    }
    return buffer;
  }

  /** The bytes, zeros where a slot goes. */
  byte[] bytes() {
    buffer.putInt(0, buffer.position());
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  /** For a plan step. */
  Text text() {
    byte[] bytes = bytes();
    if (splices.isEmpty()) {
      return Text.bytes(bytes);
    }
    Text.Builder text = Text.builder();
    int from = 0;
    for (Splice splice : splices) {
      text.bytes(Arrays.copyOfRange(bytes, from, splice.position()));
      if (splice.slot() instanceof FdSlot descriptor) {
        text.binary(descriptor);
      } else {
        text.binary((IntSlot) splice.slot());
      }
      from = splice.position() + 4;
    }
    if (from < bytes.length) {
      text.bytes(Arrays.copyOfRange(bytes, from, bytes.length));
    }
    return text.build();
  }
}
