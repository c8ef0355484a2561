package io.hardway.spi;

import java.nio.file.Path;

/**
 * Where a step finds a file: an absolute path of the host, or a path inside a directory that a step
 * has opened. The latter is resolved with {@code openat2(RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS)}:
 * no link in it leads outside.
 *
 * @since 0.1
 */
public final class Location {
  private final FdSlot directory;
  private final Text path;

  private Location(FdSlot directory, Text path) {
    this.directory = directory;
    this.path = path;
  }

  /** A path of the host; absolute. */
  public static Location host(Path path) {
    return new Location(FdSlot.NONE, Text.of(path));
  }

  /** A path of the host; absolute. */
  public static Location host(String path) {
    return new Location(FdSlot.NONE, Text.of(path));
  }

  /** A path of the host with slots spliced in; absolute. */
  public static Location host(Text path) {
    return new Location(FdSlot.NONE, path);
  }

  /** A path inside an open directory, as if that were {@code /}. */
  public static Location in(FdSlot directory, String path) {
    return new Location(directory, Text.of(path));
  }

  /** A path inside an open directory, as if that were {@code /}. */
  public static Location in(FdSlot directory, Text path) {
    return new Location(directory, path);
  }

  /** The directory; {@link FdSlot#NONE} for the host. */
  public FdSlot directory() {
    return directory;
  }

  /** The path. */
  public Text path() {
    return path;
  }
}
