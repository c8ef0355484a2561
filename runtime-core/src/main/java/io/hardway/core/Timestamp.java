package io.hardway.core;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Points in time as they are stored: RFC 3339, in UTC, with up to nine digits of a second. */
public final class Timestamp {
  private static final int WITHOUT_SECONDS = "2026-01-01T00:00".length();

  private Timestamp() {}

  /** This moment. */
  public static String now() {
    return of(Instant.now());
  }

  /**
   * The same text as {@link Instant#toString}, which sets up formatters first: they take a JVM that
   * has just started 3 ms.
   */
  static String of(Instant instant) {
    String text =
        LocalDateTime.ofEpochSecond(instant.getEpochSecond(), instant.getNano(), ZoneOffset.UTC)
            .toString();
    return text + (text.length() == WITHOUT_SECONDS ? ":00Z" : "Z");
  }
}
