package io.hardway.core;

/** The right word nearest to a mistyped one. */
public final class NearestWord {
  private NearestWord() {}

  /**
   * The candidate that a word was probably meant to be: the one that differs in the fewest letters,
   * else the only one that starts with it; empty where none is near.
   */
  public static String of(String typed, String... candidates) {
    String best = "";
    int bestDistance = 1 + Math.min(3, (typed.length() + 1) / 3);
    String starting = "";
    int startingCount = 0;
    for (String candidate : candidates) {
      int distance = distance(typed, candidate);
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
      if (typed.length() > 1 && candidate.startsWith(typed)) {
        starting = candidate;
        startingCount++;
      }
    }
    return best.isEmpty() && startingCount == 1 ? starting : best;
  }

  /**
   * How many letters have to be added, removed, changed or swapped with their neighbour (optimal
   * string alignment).
   */
  public static int distance(String from, String to) {
    int[] beforeLast = new int[to.length() + 1];
    int[] last = new int[to.length() + 1];
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int change = last[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        int best = Math.min(change, Math.min(last[j], row[j - 1]) + 1);
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          best = Math.min(best, beforeLast[j - 2] + 1);
        }
        row[j] = best;
      }
      int[] spare = beforeLast;
      beforeLast = last;
      last = row;
      row = spare;
    }
    return last[to.length()];
  }
}
