package io.hardway.kernel;

import java.util.Map;
import java.util.TreeMap;

/**
 * What scripts say of their checks: a line {@code RESULT NAME ok} or {@code RESULT NAME FAILED …}
 * each.
 */
final class CheckResults {
  private static final String RESULT = "RESULT ";

  private CheckResults() {}

  /** What was said of each; of one that spoke twice, the failure. */
  static Map<String, String> read(String output) {
    Map<String, String> results = new TreeMap<>();
    for (String line : output.split("\r?\n")) {
      if (line.startsWith(RESULT)) {
        String[] words = line.substring(RESULT.length()).split(" ", 2);
        results.merge(
            words[0],
            words.length > 1 ? words[1].strip() : "",
            (first, second) -> first.equals("ok") ? second : first);
      }
    }
    return results;
  }
}
