package io.hardway.linux.cgroup;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What to write to a group's file so that it says again what it says now; cgroup-v2.rst, "Format".
 *
 * @since 0.1
 */
public final class FormerValue {
  private FormerValue() {}

  /**
   * The value that takes another back.
   *
   * @param written the value that is going to be written: of a file with a line for each device or
   *     interface it names the line
   * @return empty where there is no such file, or nothing is known to take it back
   */
  public static Optional<String> of(Path file, String written) {
    String text = CgroupFile.text(file);
    String key = key(written);
    if (!key.isEmpty()) {
      for (String line : text.split("\n")) {
        if (line.startsWith(key + " ")) {
          return Optional.of(line);
        }
      }
      return without(file.getFileName().toString(), key);
    }
    if (text.isEmpty()) {
      return effective(file);
    }
    int end = text.indexOf('\n');
    String first = end < 0 ? text : text.substring(0, end);
    boolean isNamed = Character.isLetter(first.charAt(0)) && !first.startsWith("max");
    return Optional.of(isNamed ? first.substring(first.lastIndexOf(' ') + 1) : first);
  }

  /** The kernel lets no group with processes give up its list: it gets what it had in effect. */
  private static Optional<String> effective(Path file) {
    String text = CgroupFile.text(file.resolveSibling(file.getFileName() + ".effective"));
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  /** The first of several words, where it is a name. */
  private static String key(String written) {
    int space = written.indexOf(' ');
    String first = space < 0 ? "" : written.substring(0, space);
    boolean isName =
        first.indexOf(':') > 0 || !first.isEmpty() && Character.isLetter(first.charAt(0));
    return isName && !first.equals("max") ? first : "";
  }

  /** What says that there is no line of this key. */
  private static Optional<String> without(String file, String key) {
    return switch (file) {
      case "io.max" -> Optional.of(key + " rbps=max wbps=max riops=max wiops=max");
      case "io.weight", "io.bfq.weight" -> Optional.of(key + " default");
      case "io.latency" -> Optional.of(key + " target=0");
      default -> file.startsWith("blkio.") ? Optional.of(key + " 0") : Optional.empty();
    };
  }
}
