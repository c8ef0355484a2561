package io.hardway.spi;

import java.nio.file.Path;

/**
 * Where the kernel counts what it has killed for lack of memory.
 *
 * @since 0.1
 */
public final class OomCounter {
  private final Path file;
  private final String key;

  /** The number after the key on its line of the file. */
  public OomCounter(Path file, String key) {
    this.file = file;
    this.key = key;
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /** The key. */
  public String key() {
    return key;
  }
}
