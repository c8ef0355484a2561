package io.hardway.cli.value;

import io.hardway.spi.spec.TimeOffset;
import java.math.BigDecimal;
import java.time.Duration;

/**
 * How far a clock of a time namespace is ahead, from {@code --time-offset}: {@code boottime=1000}
 * (seconds), {@code monotonic=-2h}; time_namespaces(7).
 *
 * @param clock {@code monotonic} or {@code boottime}
 * @param offset what it is ahead by
 */
public record ClockOffset(String clock, TimeOffset offset) {

  /**
   * Reads an offset.
   *
   * @throws IllegalArgumentException where the clock is unknown or the offset is neither seconds
   *     nor a duration
   */
  public static ClockOffset parse(String text) {
    KeyValue setting = KeyValue.parseBoth(text);
    String clock = setting.key();
    if (!clock.equals("monotonic") && !clock.equals("boottime")) {
      throw new IllegalArgumentException(
          "there is no offset for clock '" + clock + "'; use monotonic or boottime");
    }
    Duration ahead =
        isSeconds(setting.value()) ? seconds(setting.value()) : TimeSpan.parse(setting.value());
    return new ClockOffset(
        clock, TimeOffset.builder().secs(ahead.getSeconds()).nanosecs(ahead.getNano()).build());
  }

  private static boolean isSeconds(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '.' && (c < '0' || c > '9') && !(i == 0 && (c == '-' || c == '+'))) {
        return false;
      }
    }
    return true;
  }

  private static Duration seconds(String text) {
    BigDecimal nanos;
    try {
      nanos = new BigDecimal(text).movePointRight(9);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is no number of seconds", e);
    }
    if (nanos.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new IllegalArgumentException("'" + text + "' seconds are more than 292 years");
    }
    return Duration.ofNanos(nanos.longValue());
  }
}
