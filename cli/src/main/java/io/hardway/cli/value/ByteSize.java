package io.hardway.cli.value;

/**
 * A number of bytes as docker writes it: {@code 64m}, {@code 1.5g}, {@code 512k}, {@code 10MiB},
 * {@code 4096}. Units are powers of 1024.
 */
public final class ByteSize {
  private static final String UNITS = "bkmgtp";

  private ByteSize() {}

  /**
   * Reads a size.
   *
   * @return bytes, 0 or more
   * @throws IllegalArgumentException where it is no size, negative, or beyond 2^63
   */
  public static long parse(String text) {
    int end = 0;
    while (end < text.length() && (isDigit(text.charAt(end)) || text.charAt(end) == '.')) {
      end++;
    }
    if (end == 0 || !isDigit(text.charAt(0)) || !isDigit(text.charAt(end - 1))) {
      throw invalid(text);
    }
    int dot = text.indexOf('.');
    if (dot >= 0 && text.indexOf('.', dot + 1) >= 0) {
      throw invalid(text);
    }
    int shift = shift(text.substring(text.startsWith(" ", end) ? end + 1 : end));
    if (dot < 0 || dot > end) {
      long number = parseWhole(text, text.substring(0, end));
      if (number > Long.MAX_VALUE >> shift) {
        throw new IllegalArgumentException("size '" + text + "' is too large");
      }
      return number << shift;
    }
    double bytes = Double.parseDouble(text.substring(0, end)) * (1L << shift);
    if (bytes >= 0x1p63) {
      throw new IllegalArgumentException("size '" + text + "' is too large");
    }
    return (long) bytes;
  }

  /** As {@link #parse}, where {@code -1} means without a limit. */
  public static long parseOrUnlimited(String text) {
    return text.equals("-1") ? -1 : parse(text);
  }

  private static long parseWhole(String text, String digits) {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("size '" + text + "' is too large", e);
    }
  }

  private static int shift(String suffix) {
    if (suffix.isEmpty()) {
      return 0;
    }
    int unit = UNITS.indexOf(Character.toLowerCase(suffix.charAt(0)));
    String rest = suffix.substring(1);
    boolean known =
        unit >= 0
            && (rest.isEmpty()
                || unit > 0 && (rest.equalsIgnoreCase("b") || rest.equalsIgnoreCase("ib")));
    if (!known) {
      throw new IllegalArgumentException(
          "invalid suffix: '"
              + suffix
              + "'; sizes are numbers with b, k, m, g, t or p, like 64m or 1.5g");
    }
    return 10 * unit;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException(
        "invalid size: '"
            + text
            + "'; sizes are numbers with b, k, m, g, t or p, like 64m or 1.5g");
  }
}
