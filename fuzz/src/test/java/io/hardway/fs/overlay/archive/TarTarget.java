package io.hardway.fs.overlay.archive;

import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Any bytes are an archive or are refused in words; no name that is taken leads upwards. */
public final class TarTarget {
  private static final int BLOCK = 512;

  private TarTarget() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    byte[] archive = data.clone();
    for (int start = 0; start + BLOCK <= archive.length; start += BLOCK) {
      correct(archive, start);
    }
    byte[] buffer = new byte[100];
    try {
      TarReader reader = new TarReader(new ByteArrayInputStream(archive));
      for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
        String name =
            "/"
                + new String(
                    Unpacker.plain(entry.name), java.nio.charset.StandardCharsets.ISO_8859_1)
                + "/";
        if (name.contains("/../")
            || name.contains("/./")
            || name.contains("//") && name.length() > 2) {
          throw new AssertionError("not plain: " + name);
        }
        while (reader.read(buffer, buffer.length) >= 0) {}
      }
    } catch (IOException refused) {
      if (refused.getMessage() == null || refused.getMessage().isEmpty()) {
        throw new AssertionError("refused without a word", refused);
      }
    }
  }

  /** Gives what may be a header its checksum, which would never be guessed. */
  private static void correct(byte[] archive, int start) {
    int sum = 0;
    for (int i = start; i < start + BLOCK; i++) {
      sum += i >= start + 148 && i < start + 156 ? ' ' : archive[i] & 0xff;
    }
    String digits = Integer.toOctalString(sum);
    String text = "0".repeat(6 - digits.length()) + digits + "\0 ";
    for (int i = 0; i < 8; i++) {
      archive[start + 148 + i] = (byte) text.charAt(i);
    }
  }
}
