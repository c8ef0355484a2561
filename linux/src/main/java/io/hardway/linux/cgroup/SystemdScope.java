package io.hardway.linux.cgroup;

import io.hardway.spi.PlanningException;
import java.util.List;

/**
 * The unit of systemd that a container's group is of: a transient scope in a slice;
 * systemd.scope(5), systemd.slice(5).
 *
 * @param slice the slice it is in
 * @param name the name of the unit
 * @since 0.1
 */
public record SystemdScope(String slice, String name) {
  private static final String SLICE = ".slice";
  private static final String ROOT = "-.slice";
  private static final int MOST = 255;

  /**
   * The one that a cgroup path names, {@code SLICE:PREFIX:NAME}. Without a slice it is {@code
   * system.slice}; without a prefix the name stands alone.
   *
   * @throws PlanningException where the path is of another form, or names no unit
   */
  public static SystemdScope of(String cgroupsPath) {
    List<String> parts = List.of(cgroupsPath.split(":", -1));
    if (parts.size() != 3 || parts.get(2).isEmpty()) {
      throw new PlanningException(
          "the cgroup path " + cgroupsPath + " names no unit of systemd",
          "write SLICE:PREFIX:NAME, as --systemd-cgroup has it, like system.slice:hardway:one");
    }
    String slice = parts.get(0).isEmpty() ? "system.slice" : parts.get(0);
    String prefix = parts.get(1);
    if (parts.get(2).endsWith(SLICE)) {
      throw new PlanningException(
          "the cgroup path " + cgroupsPath + " names a slice, in which no process can be",
          "name a scope: leave " + SLICE + " out");
    }
    String name = (prefix.isEmpty() ? "" : prefix + "-") + parts.get(2) + ".scope";
    requireSlice(slice);
    requireName(name);
    return new SystemdScope(slice, name);
  }

  private static void requireSlice(String slice) {
    boolean isOne = slice.endsWith(SLICE);
    for (String part : isOne ? parts(slice) : List.<String>of()) {
      isOne &= !part.isEmpty();
    }
    if (!isOne) {
      throw new PlanningException(
          slice + " is no slice of systemd", "write it like a-b.slice, for one within a.slice");
    }
    requireName(slice);
  }

  private static List<String> parts(String slice) {
    return slice.equals(ROOT)
        ? List.of()
        : List.of(slice.substring(0, slice.length() - SLICE.length()).split("-", -1));
  }

  private static void requireName(String unit) {
    boolean isOne = unit.length() <= MOST;
    for (int i = 0; isOne && i < unit.length(); i++) {
      char c = unit.charAt(i);
      isOne =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || ":_.\\-".indexOf(c) >= 0;
    }
    if (!isOne) {
      throw new PlanningException(
          unit + " is no name of a unit of systemd",
          "use at most " + MOST + " letters, digits and : _ . \\ -");
    }
  }

  /** Where its group is, below the root of the hierarchy: each slice is within the one before. */
  public String path() {
    StringBuilder path = new StringBuilder();
    StringBuilder above = new StringBuilder();
    for (String part : parts(slice)) {
      above.append(above.isEmpty() ? "" : "-").append(part);
      path.append(above).append(SLICE).append('/');
    }
    return path + name;
  }
}
