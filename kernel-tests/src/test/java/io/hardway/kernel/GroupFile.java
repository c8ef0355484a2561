package io.hardway.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of a container's cgroups, as the kernel has them on this host. */
final class GroupFile {
  private static final Path GROUPS = Path.of("/sys/fs/cgroup");

  private GroupFile() {}

  /** The content of a file, by its name in a controller of version 1 and by that in version 2. */
  static String text(String id, String controller, String one, String two) throws IOException {
    Path first = GROUPS.resolve(controller).resolve("hardway").resolve(id).resolve(one);
    Path second = GROUPS.resolve("hardway").resolve(id).resolve(two);
    return Files.readString(Files.isRegularFile(first) ? first : second).strip();
  }

  /** The number alone in a file, or after a key where one is given behind the file's name. */
  static long number(String id, String controller, String one, String two) throws IOException {
    String text = text(id, controller, one.split(" ")[0], two.split(" ")[0]);
    String key = (isVersionOne(controller) ? one : two).replaceFirst("^\\S+ ?", "");
    if (key.isEmpty()) {
      return Long.parseLong(text);
    }
    for (String line : text.split("\n")) {
      if (line.startsWith(key + " ")) {
        return Long.parseLong(line.substring(key.length() + 1).strip());
      }
    }
    throw new AssertionError("no " + key + " in " + text);
  }

  /** Nanoseconds of processor time used so far. */
  static long cpuNanos(String id) throws IOException {
    return isVersionOne("cpuacct")
        ? number(id, "cpuacct", "cpuacct.usage", "")
        : number(id, "", "", "cpu.stat usage_usec") * 1000;
  }

  static boolean isVersionOne(String controller) {
    return Files.exists(GROUPS.resolve(controller).resolve("tasks"));
  }
}
