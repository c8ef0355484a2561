package io.hardway.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Figures for people, as docker writes them. */
final class Units {
  private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  private static final String[] DECIMAL = {"B", "kB", "MB", "GB", "TB", "PB"};

  private Units() {}

  /** Bytes in units of 1024, with four significant digits: {@code 1.5MiB}. */
  static String binary(long bytes) {
    return scaled(bytes, 1024, BINARY);
  }

  /** Bytes in units of 1000: {@code 12.3MB}. */
  static String decimal(long bytes) {
    return scaled(bytes, 1000, DECIMAL);
  }

  private static String scaled(long bytes, int step, String[] units) {
    double value = bytes;
    int unit = 0;
    while (value >= step && unit < units.length - 1) {
      value /= step;
      unit++;
    }
    return significant(value) + units[unit];
  }

  private static String significant(double value) {
    double scale = value >= 1000 ? 1 : value >= 100 ? 10 : value >= 10 ? 100 : 1000;
    double rounded = Math.round(value * scale) / scale;
    String text = Double.toString(rounded);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  /** How long ago a time was, {@code 3 minutes}. */
  static String since(String time) {
    Instant then;
    try {
      then = Instant.parse(time);
    } catch (DateTimeParseException unknown) {
      return "a while";
    }
    long seconds = Math.max(0, Duration.between(then, Instant.now()).getSeconds());
    if (seconds < 1) {
      return "Less than a second";
    }
    if (seconds == 1) {
      return "1 second";
    }
    if (seconds < 60) {
      return seconds + " seconds";
    }
    long minutes = seconds / 60;
    if (minutes == 1) {
      return "About a minute";
    }
    if (minutes < 60) {
      return minutes + " minutes";
    }
    long hours = Math.round(seconds / 3600.0);
    if (hours == 1) {
      return "About an hour";
    }
    if (hours < 48) {
      return hours + " hours";
    }
    long days = hours / 24;
    if (days < 14) {
      return days + " days";
    }
    if (days < 60) {
      return days / 7 + " weeks";
    }
    return days < 730 ? days / 30 + " months" : days / 365 + " years";
  }
}
