package io.hardway.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.OutputStream;

/** Starts logback without a file of its configuration. */
final class Logback {
  private static final String PATTERN = "%date{ISO8601} %-5level %logger{0} - %msg%n";

  private Logback() {}

  /** A context that writes all it is given, a line an event. */
  static LoggerContext start(OutputStream out) {
    LoggerContext context = new LoggerContext();
    context.setName("hardway");
    context.setMDCAdapter(new LogbackMDCAdapter());
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setEncoder(encoder);
    appender.setOutputStream(out);
    appender.start();
    ch.qos.logback.classic.Logger root = context.getLogger("ROOT");
    root.setLevel(Level.TRACE);
    root.addAppender(appender);
    context.start();
    return context;
  }
}
