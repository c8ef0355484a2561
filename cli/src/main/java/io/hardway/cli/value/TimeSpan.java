package io.hardway.cli.value;

import java.math.BigDecimal;
import java.time.Duration;

/** A length of time as Go writes it: {@code 1h30m}, {@code 10s}, {@code 1.5s}, {@code 300ms}. */
public final class TimeSpan {
  private static final BigDecimal LONGEST = BigDecimal.valueOf(Long.MAX_VALUE);

  private TimeSpan() {}

  /**
   * Reads a length of time.
   *
   * @throws IllegalArgumentException where a unit is missing or unknown, or it is longer than 292
   *     years
   */
  public static Duration parse(String text) {
    boolean negative = text.startsWith("-");
    int at = negative || text.startsWith("+") ? 1 : 0;
    if (text.substring(at).equals("0")) {
      return Duration.ZERO;
    }
    if (at == text.length() || text.length() > 100) {
      throw invalid(text);
    }
    BigDecimal nanos = BigDecimal.ZERO;
    while (at < text.length()) {
      int numberEnd = at;
      while (numberEnd < text.length() && isNumber(text.charAt(numberEnd))) {
        numberEnd++;
      }
      int unitEnd = numberEnd;
      while (unitEnd < text.length() && !isNumber(text.charAt(unitEnd))) {
        unitEnd++;
      }
      nanos =
          nanos.add(
              number(text, at, numberEnd).multiply(unit(text, text.substring(numberEnd, unitEnd))));
      at = unitEnd;
    }
    if (nanos.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("'" + text + "' is longer than 292 years");
    }
    return Duration.ofNanos(negative ? -nanos.longValue() : nanos.longValue());
  }

  private static BigDecimal number(String text, int from, int to) {
    try {
      return new BigDecimal(text.substring(from, to));
    } catch (NumberFormatException e) {
      throw invalid(text);
    }
  }

  private static BigDecimal unit(String text, String unit) {
    return BigDecimal.valueOf(
        switch (unit) {
          case "ns" -> 1L;
          case "us", "µs", "μs" -> 1_000L;
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "m" -> 60_000_000_000L;
          case "h" -> 3_600_000_000_000L;
          default -> throw invalid(text);
        });
  }

  private static boolean isNumber(char c) {
    return c >= '0' && c <= '9' || c == '.';
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException(
        "'"
            + text
            + "' is no duration; write numbers with ns, us, ms, s, m or h, like 1h30m or 10s");
  }
}
