package io.hardway.cli.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.event.Level;

class LazyLoggerTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void whatIsNotEnabledStartsNothing() {
    LazyLoggers loggers = new LazyLoggers(Level.INFO, out);
    Logger logger = loggers.getLogger("io.hardway.core.Plugins");
    logger.debug("chosen {}", "cgroup-v1");
    assertFalse(loggers.isStarted());
    assertEquals("", printed());
  }

  @Test
  void whatIsEnabledIsALineWithItsLevelAndItsSource() {
    LazyLoggers loggers = new LazyLoggers(Level.DEBUG, out);
    Logger logger = loggers.getLogger("io.hardway.core.Plugins");
    logger.debug("chosen {} of {}", "cgroup-v1", 2);
    logger.trace("more");
    assertTrue(loggers.isStarted());
    assertTrue(printed().matches("\\S+ \\S+ DEBUG Plugins - chosen cgroup-v1 of 2\n"), printed());
  }

  @Test
  void anExceptionIsLoggedWithItsTrace() {
    new LazyLoggers(Level.WARN, out)
        .getLogger("plugin")
        .warn("it failed", new IllegalStateException("why"));
    assertTrue(printed().contains("WARN  plugin - it failed"), printed());
    assertTrue(printed().contains("java.lang.IllegalStateException: why"), printed());
    assertTrue(printed().contains("LazyLoggerTest.java"), printed());
  }
}
