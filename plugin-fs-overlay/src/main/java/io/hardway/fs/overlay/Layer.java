package io.hardway.fs.overlay;

import io.hardway.spi.Container;
import java.nio.file.Path;

/**
 * The part of a container's data directory that holds what the container writes: {@code
 * layer/upper} and {@code layer/work} for its root, {@code layer/below/KEY} with the same two for
 * each further file system of the host that the root shows.
 *
 * <p>The directory is mode 0700: what is in it may be setuid, and must not be reachable by the
 * host's other users.
 */
final class Layer {
  private final Path directory;

  Layer(Container container) {
    this.directory = container.data().resolve("layer");
  }

  /** The directory of it all. */
  Path directory() {
    return directory;
  }

  /** Where writes to the root go. */
  Path upper() {
    return directory.resolve("upper");
  }

  /** The kernel's scratch directory beside {@link #upper()}. */
  Path work() {
    return directory.resolve("work");
  }

  /** The parent of all {@link #branch}es. */
  Path branches() {
    return directory.resolve("below");
  }

  /**
   * The directory of what is mounted at a path below the root. All are beside each other, never
   * inside what the container can write: a link that the container made must not decide where the
   * next start writes.
   */
  Path branch(String path) {
    return branches().resolve(path.substring(1).replace("%", "%25").replace("/", "%2F"));
  }
}
