package io.hardway.spi;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the kernel counts what it has killed for lack of memory.
 *
 * @since 0.1
 */
public final class OomCounter {
  private final Path file;
  private final String key;
  private final Optional<Path> control;

  /** The number after the key on its line of the file, which poll(2) tells of when it changes. */
  public OomCounter(Path file, String key) {
    this(file, key, Optional.empty());
  }

  private OomCounter(Path file, String key, Optional<Path> control) {
    this.file = file;
    this.key = key;
    this.control = control;
  }

  /**
   * The same counter of cgroup version 1, which tells through an eventfd that is registered in this
   * file; cgroup-v1/memory.rst, "OOM Control".
   */
  public OomCounter withControl(Path eventControl) {
    return new OomCounter(file, key, Optional.of(eventControl));
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /** The key. */
  public String key() {
    return key;
  }

  /** Version 1's {@code cgroup.event_control} of the group; absent where the file is polled. */
  public Optional<Path> control() {
    return control;
  }
}
