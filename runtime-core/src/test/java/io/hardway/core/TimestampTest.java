package io.hardway.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-27T17:03:00Z",
        "2026-11-27T17:03:09Z",
        "2026-11-27T00:00:00.5Z",
        "2026-11-27T17:03:09.120Z",
        "2026-11-27T17:03:09.000001Z",
        "2026-11-27T17:03:09.123456789Z",
        "1969-12-31T23:59:59.999999999Z",
      })
  void aPointInTimeIsWrittenAsTheJdkWritesIt(String text) {
    Instant instant = Instant.parse(text);
    assertEquals(instant.toString(), Timestamp.of(instant));
  }
}
