package io.hardway.cli.value;

/**
 * A signal by name or number: {@code SIGTERM}, {@code TERM}, {@code 15}, {@code RTMIN+3};
 * signal(7).
 */
public final class SignalName {
  private static final String[] NAMES = {
    "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
    "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU",
    "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS"
  };

  /** As glibc counts: it keeps 32 and 33 for itself. */
  private static final int RTMIN = 34;

  private static final int RTMAX = 64;

  private SignalName() {}

  /**
   * Reads a signal.
   *
   * @return its number, 1 to 64
   * @throws IllegalArgumentException where there is no such signal
   */
  public static int parse(String text) {
    String name = withoutPrefix(text);
    int number = -1;
    if (!name.isEmpty() && Character.isDigit(name.charAt(0))) {
      number = parseNumber(name);
    } else if (name.startsWith("RTMIN")) {
      number = RTMIN + offset(name, '+');
    } else if (name.startsWith("RTMAX")) {
      number = RTMAX - offset(name, '-');
    } else {
      number = byName(name);
    }
    if (number < 1 || number > RTMAX) {
      throw new IllegalArgumentException(
          "invalid signal: " + text + "; use a name like SIGTERM or a number from 1 to 64");
    }
    return number;
  }

  /** The name of a signal, like {@code SIGTERM}. */
  public static String of(int number) {
    if (number > 0 && number < NAMES.length) {
      return "SIG" + NAMES[number];
    }
    return number >= RTMIN && number <= RTMAX ? "SIGRTMIN+" + (number - RTMIN) : "signal " + number;
  }

  private static String withoutPrefix(String text) {
    StringBuilder upper = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      upper.append(c >= 'a' && c <= 'z' ? (char) (c - 32) : c);
    }
    return upper.toString().startsWith("SIG") ? upper.substring(3) : upper.toString();
  }

  private static int byName(String name) {
    switch (name) {
      case "IOT":
        return 6;
      case "CLD":
        return 17;
      case "POLL":
        return 29;
      default:
        for (int i = 1; i < NAMES.length; i++) {
          if (NAMES[i].equals(name)) {
            return i;
          }
        }
        return -1;
    }
  }

  private static int offset(String name, char sign) {
    if (name.length() == 5) {
      return 0;
    }
    int offset = name.charAt(5) == sign ? parseNumber(name.substring(6)) : -1;
    return offset < 0 || offset > RTMAX - RTMIN ? RTMAX : offset;
  }

  private static int parseNumber(String digits) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
