package io.hardway.isolation.linux;

import io.hardway.spi.PlanningException;
import io.hardway.spi.spec.IdMapping;
import java.util.List;

/** What the kernel asks of the ranges of a user namespace; user_namespaces(7). */
final class IdMaps {
  private static final int MOST = 340;

  private IdMaps() {}

  /**
   * Checks ranges before anything is made.
   *
   * @throws PlanningException where two overlap, root is in none, or there are too many
   */
  static void require(String what, List<IdMapping> ranges) {
    boolean hasRoot = false;
    for (int i = 0; i < ranges.size(); i++) {
      IdMapping range = ranges.get(i);
      hasRoot |= range.containerId() == 0;
      for (IdMapping other : ranges.subList(0, i)) {
        if (overlap(range.containerId(), range.size(), other.containerId(), other.size())
            || overlap(range.hostId(), range.size(), other.hostId(), other.size())) {
          throw new PlanningException(
              "the " + what + " id ranges " + text(other) + " and " + text(range) + " overlap",
              "give each id once, inside and outside");
        }
      }
    }
    if (!hasRoot) {
      throw new PlanningException(
          "no range of " + what + " ids begins with 0: the container would be set up by nobody",
          "map 0, like 0:100000:65536");
    }
    if (ranges.size() > MOST) {
      throw new PlanningException(
          "the kernel takes no more than " + MOST + " ranges of " + what + " ids",
          "join ranges that follow one another");
    }
  }

  private static boolean overlap(long first, long size, long otherFirst, long otherSize) {
    return first < otherFirst + otherSize && otherFirst < first + size;
  }

  private static String text(IdMapping range) {
    return range.containerId() + ":" + range.hostId() + ":" + range.size();
  }
}
