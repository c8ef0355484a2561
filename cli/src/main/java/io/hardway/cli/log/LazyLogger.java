package io.hardway.cli.log;

import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** A logger that hands what is enabled to logback's of the same name. */
final class LazyLogger extends LegacyAbstractLogger {
  private static final long serialVersionUID = 1L;

  private final transient LazyLoggers loggers;

  LazyLogger(String name, LazyLoggers loggers) {
    this.name = name;
    this.loggers = loggers;
  }

  @Override
  public boolean isTraceEnabled() {
    return loggers.isEnabled(Level.TRACE);
  }

  @Override
  public boolean isDebugEnabled() {
    return loggers.isEnabled(Level.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return loggers.isEnabled(Level.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return loggers.isEnabled(Level.WARN);
  }

  @Override
  public boolean isErrorEnabled() {
    return loggers.isEnabled(Level.ERROR);
  }

  @Override
  protected String getFullyQualifiedCallerName() {
    return LazyLogger.class.getName();
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level, Marker marker, String pattern, Object[] arguments, Throwable thrown) {
    loggers
        .logback(name)
        .log(
            marker,
            getFullyQualifiedCallerName(),
            level.toInt(),
            MessageFormatter.basicArrayFormat(pattern, arguments),
            null,
            thrown);
  }
}
