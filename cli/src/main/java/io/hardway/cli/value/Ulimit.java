package io.hardway.cli.value;

import io.hardway.cli.option.Suggestion;
import io.hardway.spi.spec.Rlimit;

/**
 * A resource limit as {@code --ulimit} takes it: {@code nofile=1024:2048}, {@code core=-1};
 * setrlimit(2).
 */
public final class Ulimit {
  private static final String[] NAMES = {
    "as",
    "core",
    "cpu",
    "data",
    "fsize",
    "locks",
    "memlock",
    "msgqueue",
    "nice",
    "nofile",
    "nproc",
    "rss",
    "rtprio",
    "rttime",
    "sigpending",
    "stack"
  };

  private Ulimit() {}

  /**
   * Reads a limit.
   *
   * @throws IllegalArgumentException where the name is unknown, a number is wrong, or the soft
   *     limit is above the hard one
   */
  public static Rlimit parse(String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException("write it as NAME=SOFT[:HARD], like nofile=1024:2048");
    }
    String name = name(text.substring(0, equals));
    String limits = text.substring(equals + 1);
    int colon = limits.indexOf(':');
    long soft = bound(colon < 0 ? limits : limits.substring(0, colon));
    long hard = colon < 0 ? soft : bound(limits.substring(colon + 1));
    if (hard != -1 && (soft == -1 || soft > hard)) {
      throw new IllegalArgumentException(
          "ulimit soft limit must be less than or equal to hard limit: "
              + limits.substring(0, colon)
              + " > "
              + hard);
    }
    return Rlimit.builder().type("RLIMIT_" + upper(name)).soft(soft).hard(hard).build();
  }

  private static String name(String typed) {
    for (String name : NAMES) {
      if (name.equals(typed)) {
        return name;
      }
    }
    String near = Suggestion.nearest(typed, NAMES);
    throw new IllegalArgumentException(
        "invalid ulimit type: "
            + typed
            + (near.isEmpty()
                ? "; there are " + String.join(", ", NAMES)
                : "; did you mean " + near + "?"));
  }

  private static long bound(String text) {
    if (text.equals("unlimited")) {
      return -1;
    }
    long bound = WholeNumber.parse(text);
    if (bound < -1) {
      throw new IllegalArgumentException("a limit is not negative; -1 stands for unlimited");
    }
    return bound;
  }

  private static String upper(String name) {
    StringBuilder upper = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      upper.append((char) (name.charAt(i) - 32));
    }
    return upper.toString();
  }
}
