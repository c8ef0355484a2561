package io.hardway.fs.overlay.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** An archive that cannot be unpacked; the message says where and why, the caller which file. */
final class ArchiveException extends IOException {
  private static final long serialVersionUID = 1L;

  ArchiveException(String message) {
    super(message);
  }

  ArchiveException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A name of an archive as it may be shown: it must not steer the reader's terminal. */
  static String shown(byte[] name) {
    String text = new String(name, StandardCharsets.UTF_8);
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints().forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return shown.length() > 200 ? shown.substring(0, 200) + "…" : shown.toString();
  }
}
