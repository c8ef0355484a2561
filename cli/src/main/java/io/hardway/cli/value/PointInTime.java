package io.hardway.cli.value;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;

/**
 * A moment as {@code --since} and {@code --until} take it: RFC 3339 ({@code 2026-01-02T15:04:05Z},
 * or with less of it, in the local zone), seconds since 1970 ({@code 1767366245.5}), or how long
 * ago ({@code 10m}).
 */
public final class PointInTime {
  private PointInTime() {}

  /**
   * Reads a moment.
   *
   * @param now what "ago" counts from
   * @param zone what dates without a zone are in
   */
  public static Instant parse(String text, Instant now, ZoneId zone) {
    try {
      if (isSeconds(text)) {
        return seconds(text);
      }
      if (text.indexOf('-', 1) > 0 && text.length() >= 10) {
        return date(text, zone);
      }
      Duration ago = TimeSpan.parse(text);
      return now.minus(ago);
    } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is no time; write 2026-01-02T15:04:05Z, seconds since 1970, or how long ago, like 10m",
          e);
    }
  }

  private static boolean isSeconds(String text) {
    boolean digits = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '.' && (c < '0' || c > '9')) {
        return false;
      }
      digits |= c != '.';
    }
    return digits && text.length() < 40;
  }

  private static Instant seconds(String text) {
    BigDecimal seconds = new BigDecimal(text);
    long whole = seconds.toBigInteger().longValueExact();
    return Instant.ofEpochSecond(
        whole, seconds.subtract(BigDecimal.valueOf(whole)).movePointRight(9).longValue());
  }

  private static Instant date(String text, ZoneId zone) {
    if (text.length() == 10) {
      return LocalDate.parse(text).atStartOfDay(zone).toInstant();
    }
    boolean zoned = text.endsWith("Z") || text.indexOf('+', 10) > 0 || text.indexOf('-', 10) > 0;
    return zoned
        ? OffsetDateTime.parse(text).toInstant()
        : LocalDateTime.parse(text).atZone(zone).toInstant();
  }
}
