package io.hardway.cli.log;

import ch.qos.logback.classic.LoggerContext;
import java.io.OutputStream;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/** The loggers, and logback once it has been needed. */
final class LazyLoggers implements ILoggerFactory {
  private final Level least;
  private final OutputStream out;
  private LoggerContext logback;

  LazyLoggers() {
    this(Logging.level(), System.err);
  }

  /**
   * Loggers of their own.
   *
   * @param least the least level that is logged
   * @param out where it goes
   */
  LazyLoggers(Level least, OutputStream out) {
    this.least = least;
    this.out = out;
  }

  @Override
  public Logger getLogger(String name) {
    return new LazyLogger(name, this);
  }

  boolean isEnabled(Level level) {
    return level.toInt() >= least.toInt();
  }

  /** Whether anything has been logged. */
  synchronized boolean isStarted() {
    return logback != null;
  }

  synchronized ch.qos.logback.classic.Logger logback(String name) {
    if (logback == null) {
      logback = Logback.start(out);
    }
    return logback.getLogger(name);
  }
}
