package io.hardway.core;

import org.slf4j.LoggerFactory;

/**
 * What is decided and why, at SLF4J's debug level, under the names of the classes that decide.
 *
 * <p>The first logger costs milliseconds whatever its level is. So who starts a process for each
 * command, and knows that nobody listens, turns it off with the system property {@code
 * hardway.decisions}; then SLF4J is not even loaded.
 */
final class DecisionLog {
  private static final boolean ON = !System.getProperty("hardway.decisions", "").equals("off");

  private DecisionLog() {}

  /** Says something; the arguments fill the braces of the message. */
  static void say(Class<?> source, String message, Object... arguments) {
    if (ON) {
      LoggerFactory.getLogger(source).debug(message, arguments);
    }
  }
}
