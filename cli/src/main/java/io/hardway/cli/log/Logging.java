package io.hardway.cli.log;

import io.hardway.cli.option.Arguments;
import java.util.List;
import java.util.Locale;
import org.slf4j.event.Level;

/** How much is logged. What is said here is read when the first logger is made, if ever. */
public final class Logging {
  /** The level that {@code --log-level} has by default. */
  public static final String DEFAULT = "info";

  static final String LEVEL = "hardway.log-level";
  private static final List<String> LEVELS = List.of("debug", "info", "warn", "error", "fatal");

  private Logging() {}

  /**
   * Takes {@code --debug} and {@code --log-level}.
   *
   * @throws io.hardway.cli.option.UsageException where the level is none
   */
  public static void set(Arguments global) {
    String level = global.flag("debug") ? "debug" : global.text("log-level").orElse(DEFAULT);
    if (!LEVELS.contains(level)) {
      throw global.refuse("log-level", level, "there are " + String.join(", ", LEVELS));
    }
    System.setProperty(LEVEL, level.equals("fatal") ? "error" : level);
    System.setProperty("hardway.decisions", level.equals("debug") ? "on" : "off");
    // Named, since looking for providers would open every jar; and without SLF4J's word about it.
    System.setProperty("slf4j.provider", "io.hardway.cli.log.LazyProvider");
    System.setProperty("slf4j.internal.verbosity", "WARN");
  }

  /** The least level that is logged. */
  static Level level() {
    return Level.valueOf(System.getProperty(LEVEL, DEFAULT).toUpperCase(Locale.ROOT));
  }
}
