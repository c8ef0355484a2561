package io.hardway.linux.cgroup;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Files of a group as they are read: a group may go at any time, then they say nothing.
 *
 * @since 0.1
 */
public final class CgroupFile {
  private CgroupFile() {}

  /** The trimmed content; empty where there is none. */
  public static String text(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException gone) {
      return "";
    }
  }

  /** A number alone in its file; absent where there is none, or a word like {@code max}. */
  public static OptionalLong number(Path file) {
    return parse(text(file));
  }

  /** The number after a key, as in {@code memory.stat}; absent where there is none. */
  public static OptionalLong number(Path file, String key) {
    for (String line : text(file).split("\n")) {
      if (line.startsWith(key + " ")) {
        return parse(line.substring(key.length() + 1).strip());
      }
    }
    return OptionalLong.empty();
  }

  private static OptionalLong parse(String text) {
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException absent) {
      return OptionalLong.empty();
    }
  }

  /** The pids in a group and below it. */
  public static List<Long> processes(Path directory) {
    List<Long> pids = new ArrayList<>();
    for (String line : text(directory.resolve("cgroup.procs")).split("\n")) {
      parse(line).ifPresent(pids::add);
    }
    try (DirectoryStream<Path> children =
        Files.newDirectoryStream(
            directory, child -> Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS))) {
      for (Path child : children) {
        pids.addAll(processes(child));
      }
    } catch (IOException gone) {
      return pids;
    }
    return pids;
  }
}
