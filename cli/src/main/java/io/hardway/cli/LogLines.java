package io.hardway.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * The lines of a log, one at a time, however long it is. A program prints bytes, and a piece of a
 * line may end within a character: a byte is kept as the character with its number.
 */
final class LogLines {
  private static final int CHUNK = 1 << 16;

  private LogLines() {}

  /**
   * Gives each whole line without its end.
   *
   * @return how many bytes the whole lines have
   */
  static long read(InputStream in, Consumer<String> each) throws IOException {
    byte[] chunk = new byte[CHUNK];
    ByteArrayOutputStream begun = new ByteArrayOutputStream();
    long whole = 0;
    long seen = 0;
    for (int count = in.read(chunk); count > 0; count = in.read(chunk)) {
      int start = 0;
      for (int i = 0; i < count; i++) {
        if (chunk[i] == '\n') {
          begun.write(chunk, start, i - start);
          each.accept(begun.toString(StandardCharsets.ISO_8859_1));
          begun.reset();
          start = i + 1;
          whole = seen + start;
        }
      }
      begun.write(chunk, start, count - start);
      seen += count;
    }
    return whole;
  }

  /** What was printed, again. */
  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
