package io.hardway.linux.cgroup;

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
