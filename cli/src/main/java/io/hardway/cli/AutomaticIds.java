package io.hardway.cli;

import io.hardway.core.HardwayException;
import java.util.Set;

/**
 * The ranges of ids that root gives to user namespaces nobody named ids for. No two containers have
 * the same, or a process that gets out of one could touch what is another's.
 */
final class AutomaticIds {
  /** How many ids a container has. */
  static final long SIZE = 65_536;

  private static final long BASE = 0x7000_0000L;
  private static final int RANGES = 4096;

  private AutomaticIds() {}

  /**
   * The first id of a free range. Where the search begins depends on the container's id, so that
   * commands at the same time do not meet.
   *
   * @param id the container's
   * @param taken the first ids of the ranges that containers have
   * @throws HardwayException where none is free
   */
  static long first(String id, Set<Long> taken) {
    long start = Long.parseLong(id.substring(0, 8), 16);
    for (int i = 0; i < RANGES; i++) {
      long first = BASE + (start + i) % RANGES * SIZE;
      if (!taken.contains(first)) {
        return first;
      }
    }
    throw new HardwayException(
        "all "
            + RANGES
            + " ranges of ids for --userns auto are in use: remove containers, or give ids with"
            + " --uidmap and --gidmap");
  }
}
