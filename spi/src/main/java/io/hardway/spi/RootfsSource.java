package io.hardway.spi;

import java.nio.file.Path;
import java.util.List;

/**
 * What a root file system is made of.
 *
 * @since 0.1
 */
public final class RootfsSource {
  private final String kind;
  private final List<Path> paths;

  private RootfsSource(String kind, List<Path> paths) {
    this.kind = kind;
    this.paths = paths;
  }

  /**
   * A stack of directories, the uppermost first; the container's writes go to a layer of its own.
   */
  public static RootfsSource directories(List<Path> uppermostFirst) {
    if (uppermostFirst.isEmpty()) {
      throw new IllegalArgumentException("a root file system needs a directory");
    }
    return new RootfsSource("directories", List.copyOf(uppermostFirst));
  }

  /** A tar archive, possibly compressed. */
  public static RootfsSource archive(Path file) {
    return new RootfsSource("archive", List.of(file));
  }

  /**
   * Directories that a provider has prepared in its store, the uppermost first. They are kept while
   * there is a container that is made of them.
   */
  public static RootfsSource prepared(List<Path> uppermostFirst) {
    if (uppermostFirst.isEmpty()) {
      throw new IllegalArgumentException("a root file system needs a directory");
    }
    return new RootfsSource("prepared", List.copyOf(uppermostFirst));
  }

  /** The host's own files. */
  public static RootfsSource hostRoot() {
    return new RootfsSource("host", List.of(Path.of("/")));
  }

  /** A directory that is used as it is, as in an OCI bundle: writes go to it. */
  public static RootfsSource bundle(Path directory) {
    return new RootfsSource("bundle", List.of(directory));
  }

  /** {@code directories}, {@code archive}, {@code prepared}, {@code host} or {@code bundle}. */
  public String kind() {
    return kind;
  }

  /** The directories or the archive. */
  public List<Path> paths() {
    return paths;
  }
}
