package io.hardway.distribution;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the native launcher compares a jar with before it lets the ahead-of-time cache answer for
 * it: its size and a digest of its table of contents, which holds name, size and CRC-32 of every
 * entry. The same is computed by {@code installation.c}.
 *
 * <p>It finds out that a jar was replaced, whatever its times say. It is no protection against
 * somebody who makes a jar with this digest on purpose: who may write the installation may write
 * the cache too.
 */
final class JarDigest {
  private static final int END_RECORD = 22;
  private static final int END_SIGNATURE = 0x06054b50;

  private JarDigest() {}

  /** A line {@code SIZE DIGEST NAME} for each jar. */
  static List<String> lines(List<Path> jars) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path jar : jars) {
      lines.add(line(jar));
    }
    return lines;
  }

  private static String line(Path jar) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(jar.toFile(), "r")) {
      long size = file.length();
      ByteBuffer end = read(file, size - END_RECORD, END_RECORD);
      if (end.getInt(0) != END_SIGNATURE) {
        throw new IOException(jar + " ends in a comment: the native launcher would not read it");
      }
      long offset = Integer.toUnsignedLong(end.getInt(16));
      ByteBuffer table = read(file, offset, (int) (size - offset));
      return size + " " + Long.toHexString(digest(table)) + " " + jar.getFileName();
    }
  }

  private static ByteBuffer read(RandomAccessFile file, long offset, int length)
      throws IOException {
    byte[] bytes = new byte[length];
    file.seek(offset);
    file.readFully(bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** FNV-1a over words of 8 bytes, the last one filled up with zeros. */
  private static long digest(ByteBuffer bytes) {
    ByteBuffer padded =
        ByteBuffer.allocate((bytes.remaining() + 7) / 8 * 8).order(ByteOrder.LITTLE_ENDIAN);
    padded.put(bytes).clear();
    long hash = 0xcbf29ce484222325L;
    while (padded.hasRemaining()) {
      hash = (hash ^ padded.getLong()) * 0x100000001b3L;
      hash ^= hash >>> 32;
    }
    return hash;
  }
}
