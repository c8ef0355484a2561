package io.hardway.cli.value;

/**
 * A set of processors or memory nodes as the cpuset controller takes it: {@code 0-2,7};
 * cgroup-v2.rst, {@code cpuset.cpus}.
 */
public final class ProcessorList {
  private ProcessorList() {}

  /**
   * Checks the form; what the machine has is the controller's to say.
   *
   * @throws IllegalArgumentException where it is no list of numbers and ranges
   */
  public static String parse(String text) {
    for (String part : Words.split(text, ',')) {
      int dash = part.indexOf('-');
      int first = number(text, dash < 0 ? part : part.substring(0, dash));
      if (dash >= 0 && number(text, part.substring(dash + 1)) < first) {
        throw invalid(text);
      }
    }
    return text;
  }

  private static int number(String text, String digits) {
    if (digits.isEmpty() || digits.length() > 5) {
      throw invalid(text);
    }
    for (int i = 0; i < digits.length(); i++) {
      if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
        throw invalid(text);
      }
    }
    return Integer.parseInt(digits);
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is no list of numbers; write it like 0-2,7");
  }
}
