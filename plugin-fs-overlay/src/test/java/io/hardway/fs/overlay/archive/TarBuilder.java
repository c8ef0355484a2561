package io.hardway.fs.overlay.archive;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes tar archives, wrong ones too, as tests want them. */
final class TarBuilder {
  private static final int BLOCK = 512;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** One header, which {@link #add} completes. */
  static final class Header {
    private final byte[] block = new byte[BLOCK];
    private byte[] data = {};

    Header(char type, String name) {
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      System.arraycopy(bytes, 0, block, 0, Math.min(100, bytes.length));
      text(257, "ustar\00000");
      octal(100, 8, 0644);
      octal(108, 8, 0);
      octal(116, 8, 0);
      octal(124, 12, 0);
      octal(136, 12, 1_000_000_000);
      block[156] = (byte) type;
    }

    Header mode(int mode) {
      return octal(100, 8, mode);
    }

    Header owner(long uid, long gid) {
      return octal(108, 8, uid).octal(116, 8, gid);
    }

    Header link(String target) {
      return text(157, target);
    }

    Header device(long major, long minor) {
      return octal(329, 8, major).octal(337, 8, minor);
    }

    Header data(byte[] content) {
      data = content;
      return octal(124, 12, content.length);
    }

    Header octal(int at, int length, long value) {
      String digits = Long.toOctalString(value);
      return text(at, "0".repeat(length - 1 - digits.length()) + digits + "\0");
    }

    Header raw(int at, byte[] bytes) {
      System.arraycopy(bytes, 0, block, at, bytes.length);
      return this;
    }

    private Header text(int at, String text) {
      return raw(at, text.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  static Header entry(char type, String name) {
    return new Header(type, name);
  }

  TarBuilder add(Header header) {
    Arrays.fill(header.block, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : header.block) {
      sum += b & 0xff;
    }
    header.octal(148, 7, sum);
    out.writeBytes(header.block);
    out.writeBytes(header.data);
    out.writeBytes(new byte[(BLOCK - header.data.length % BLOCK) % BLOCK]);
    return this;
  }

  TarBuilder file(String name, String content) {
    return add(entry('0', name).data(content.getBytes(StandardCharsets.UTF_8)));
  }

  TarBuilder directory(String name) {
    return add(entry('5', name).mode(0755));
  }

  TarBuilder link(String name, String target) {
    return add(entry('2', name).mode(0777).link(target));
  }

  TarBuilder hardLink(String name, String target) {
    return add(entry('1', name).link(target));
  }

  /** A header of extended records, each {@code key=value}. */
  TarBuilder pax(char type, byte[]... records) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (byte[] record : records) {
      int length = record.length + 2;
      int digits = Integer.toString(length).length();
      while (Integer.toString(length + digits).length() != digits) {
        digits++;
      }
      data.writeBytes(((length + digits) + " ").getBytes(StandardCharsets.UTF_8));
      data.writeBytes(record);
      data.write('\n');
    }
    return add(entry(type, "pax").data(data.toByteArray()));
  }

  TarBuilder pax(String... records) {
    byte[][] bytes = new byte[records.length][];
    for (int i = 0; i < records.length; i++) {
      bytes[i] = records[i].getBytes(StandardCharsets.UTF_8);
    }
    return pax('x', bytes);
  }

  /** With the mark at its end. */
  byte[] end() {
    out.writeBytes(new byte[2 * BLOCK]);
    return out.toByteArray();
  }

  /** Without it. */
  byte[] cut() {
    return out.toByteArray();
  }
}
