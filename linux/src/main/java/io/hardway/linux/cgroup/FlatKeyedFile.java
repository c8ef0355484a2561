package io.hardway.linux.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * A group's file with a key and a number on each line, like {@code cpu.stat} and {@code
 * memory.stat}; cgroup-v2.rst, "Interface Files", "Flat keyed".
 *
 * @since 0.1
 */
public final class FlatKeyedFile {
  private final String text;

  private FlatKeyedFile(String text) {
    this.text = "\n" + text;
  }

  /** What is in the file now; no keys where there is no such file. */
  public static FlatKeyedFile read(Path file) {
    try {
      return new FlatKeyedFile(Files.readString(file));
    } catch (IOException gone) {
      return new FlatKeyedFile("");
    }
  }

  /** A file that is not there. */
  public static FlatKeyedFile absent() {
    return new FlatKeyedFile("");
  }

  /** The number after a key; empty where there is no such key, or no number. */
  public OptionalLong number(String key) {
    int at = text.indexOf("\n" + key + " ");
    if (at < 0) {
      return OptionalLong.empty();
    }
    int start = at + key.length() + 2;
    int end = text.indexOf('\n', start);
    try {
      return OptionalLong.of(
          Long.parseLong(text.substring(start, end < 0 ? text.length() : end).strip()));
    } catch (NumberFormatException other) {
      return OptionalLong.empty();
    }
  }
}
