package io.hardway.cli.value;

/** The group that a container's control group is made in. */
public final class GroupPath {
  private static final String OURS = "hardway";

  private GroupPath() {}

  /**
   * Reads a parent: {@code batch/night} is below the group {@code hardway}, of which {@code
   * hardway/batch} and {@code /hardway/batch} are other ways to say it; {@code /system.slice/batch}
   * is from the root of the hierarchy.
   *
   * @return the parent as the OCI specification's {@code cgroupsPath} says it; empty for {@code
   *     hardway} itself
   * @throws IllegalArgumentException where it has parts that are no names
   */
  public static String parse(String text) {
    boolean absolute = text.startsWith("/");
    String path = absolute ? text.substring(1) : text;
    if (path.isEmpty() && absolute) {
      return "/";
    }
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw new IllegalArgumentException(
            "a cgroup is named by plain parts, like batch/night or /system.slice/batch, without . and .. and empty ones");
      }
    }
    if (path.equals(OURS)) {
      return "";
    }
    if (path.startsWith(OURS + "/")) {
      return path.substring(OURS.length() + 1);
    }
    return absolute ? "/" + path : path;
  }

  /** A group in a parent that was read. */
  public static String in(String parent, String name) {
    return parent.isEmpty() || parent.equals("/") ? parent + name : parent + "/" + name;
  }
}
