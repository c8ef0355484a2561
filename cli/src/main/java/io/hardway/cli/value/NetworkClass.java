package io.hardway.cli.value;

/**
 * The class of a container's packets: a number, {@code 0x100001}, or {@code 10:1} as tc(8) writes
 * it; cgroup-v1/net_cls.rst.
 */
public final class NetworkClass {
  private static final long MOST = 0xFFFFFFFFL;
  private static final long MOST_PART = 0xFFFF;
  private static final int MAJOR_SHIFT = 16;
  private static final int HEX = 16;
  private static final int DECIMAL = 10;

  private NetworkClass() {}

  /**
   * Reads a class.
   *
   * @return 0 to 2^32 - 1
   * @throws IllegalArgumentException where it has none of these forms
   */
  public static long parse(String text) {
    int colon = text.indexOf(':');
    if (colon > 0) {
      long major = number(text, text.substring(0, colon), HEX, MOST_PART);
      return major << MAJOR_SHIFT | number(text, text.substring(colon + 1), HEX, MOST_PART);
    }
    return text.startsWith("0x")
        ? number(text, text.substring(2), HEX, MOST)
        : number(text, text, DECIMAL, MOST);
  }

  private static long number(String text, String digits, int radix, long most) {
    long number = -1;
    if (!digits.startsWith("-") && !digits.startsWith("+")) {
      try {
        number = Long.parseLong(digits, radix);
      } catch (NumberFormatException e) {
        // answered below, together with numbers that are out of range
      }
    }
    if (number < 0 || number > most) {
      throw new IllegalArgumentException(
          "'" + text + "' is no network class; write it like 0x100001 or 10:1");
    }
    return number;
  }
}
