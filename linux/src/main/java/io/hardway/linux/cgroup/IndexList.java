package io.hardway.linux.cgroup;

import io.hardway.spi.PlanningException;
import java.util.BitSet;

/**
 * Lists of processors and memory nodes as the kernel writes them: {@code 0-2,7}; cpuset(7).
 *
 * @since 0.1
 */
public final class IndexList {
  /** More than any kernel has. */
  private static final int MOST = 1 << 16;

  private IndexList() {}

  /**
   * Whether all that are in the first list are in the second; a list that is none is in no other.
   */
  public static boolean isWithin(String list, String available) {
    try {
      BitSet wanted = parse(list);
      wanted.andNot(parse(available));
      return wanted.isEmpty();
    } catch (NumberFormatException | IndexOutOfBoundsException notOne) {
      return false;
    }
  }

  /**
   * Refuses a list of which not all are available; where it is not known what is, the kernel says.
   *
   * @param available the list of those that are there; empty: not known
   * @param what what the lists are of, like {@code processors}
   * @throws PlanningException as docker says it
   */
  public static void requireWithin(String list, String available, String what) {
    if (!available.isEmpty() && !isWithin(list, available)) {
      throw new PlanningException(
          "requested "
              + what
              + " are not available: requested "
              + list
              + ", available "
              + available,
          "ask for those that are there");
    }
  }

  /**
   * One bit each, the lowest in the first byte.
   *
   * @throws PlanningException where the list is none
   */
  public static byte[] bits(String list) {
    try {
      return parse(list).toByteArray();
    } catch (NumberFormatException | IndexOutOfBoundsException notOne) {
      throw new PlanningException(list + " is no list of numbers", "write it like 0-2,7");
    }
  }

  private static BitSet parse(String list) {
    BitSet indexes = new BitSet();
    for (String part : list.split(",")) {
      int dash = part.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
      int last = dash < 0 ? first : Integer.parseInt(part.substring(dash + 1));
      if (last >= MOST) {
        throw new IndexOutOfBoundsException(last);
      }
      indexes.set(first, last + 1);
    }
    return indexes;
  }
}
