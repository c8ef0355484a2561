package io.hardway.fs.overlay;

import io.hardway.spi.PlanningException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/**
 * A directory of the host that a root is made of: where it really is, and what its first look says.
 */
final class Directory {
  private final Path path;
  private final int mode;
  private final long uid;
  private final long gid;

  private Directory(Path path, int mode, long uid, long gid) {
    this.path = path;
    this.mode = mode;
    this.uid = uid;
    this.gid = gid;
  }

  /**
   * Looks at a directory.
   *
   * @throws PlanningException where there is none, or it cannot be reached
   */
  static Directory of(Path named) {
    Path path;
    try {
      path = named.toRealPath();
    } catch (IOException e) {
      throw new PlanningException(
          "no root file system at " + named + ": " + reason(e, named),
          "name a directory that exists and that you may read",
          e);
    }
    Map<String, Object> attributes;
    try {
      attributes =
          Files.readAttributes(path, "unix:mode,uid,gid,isDirectory", LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw new PlanningException(
          path + " cannot be looked at: " + reason(e, path), "check its permissions", e);
    }
    if (!Boolean.TRUE.equals(attributes.get("isDirectory"))) {
      throw new PlanningException(
          path + " is not a directory",
          "name a directory, or an archive that ends in .tar, .tar.gz or .tar.zst");
    }
    int mode = ((Number) attributes.get("mode")).intValue() & 07777;
    return new Directory(
        path,
        mode,
        ((Number) attributes.get("uid")).longValue(),
        ((Number) attributes.get("gid")).longValue());
  }

  /** A directory of root's that everybody may look at, which is not there to be looked at. */
  static Directory assumed(Path path) {
    return new Directory(path, 0755, 0, 0);
  }

  private static String reason(IOException e, Path path) {
    if (e instanceof java.nio.file.NoSuchFileException) {
      return "it does not exist";
    }
    if (e instanceof java.nio.file.AccessDeniedException) {
      return "permission denied";
    }
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message.replace(path + ": ", "");
  }

  /** Its path, without links. */
  Path path() {
    return path;
  }

  /** Its permission bits. */
  int mode() {
    return mode;
  }

  /** Its owner. */
  long uid() {
    return uid;
  }

  /** Its group. */
  long gid() {
    return gid;
  }
}
