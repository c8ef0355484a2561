package io.hardway.cli.value;

/** Where a container's control group is made: always below the group of ours. */
public final class GroupPath {
  private static final String OURS = "hardway";

  private GroupPath() {}

  /**
   * Reads a parent like {@code batch/night}, which is below {@code hardway}; {@code hardway/batch}
   * and {@code /hardway/batch} say the same as {@code batch}.
   *
   * @return the path from the root of a hierarchy, without a slash before it
   * @throws IllegalArgumentException where it is elsewhere or has parts that are no names
   */
  public static String parse(String text) {
    boolean absolute = text.startsWith("/");
    String path = absolute ? text.substring(1) : text;
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw new IllegalArgumentException(
            "a cgroup is named by plain parts, like batch/night, without . and .. and empty ones");
      }
    }
    if (path.equals(OURS) || path.startsWith(OURS + "/")) {
      return path;
    }
    if (absolute) {
      throw new IllegalArgumentException(
          "containers stay below the cgroup " + OURS + ": write it like " + path);
    }
    return OURS + "/" + path;
  }
}
