package io.hardway.cli.value;

import io.hardway.cli.option.ValueParser;

/** A whole number with bounds. */
public final class WholeNumber {
  private WholeNumber() {}

  /** Reads numbers between two bounds, both included. */
  public static ValueParser<Long> between(long least, long most) {
    return text -> {
      long number = parse(text);
      if (number < least || number > most) {
        throw new IllegalArgumentException("must be between " + least + " and " + most);
      }
      return number;
    };
  }

  /** Reads any number of 64 bits. */
  public static long parse(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is no whole number", e);
    }
  }

  /** Reads an octal number of file permissions, 0 to 07777. */
  public static int parseMode(String text) {
    int mode = -1;
    try {
      mode = Integer.parseInt(text, 8);
    } catch (NumberFormatException e) {
      // answered below, together with numbers that are out of range
    }
    if (mode < 0 || mode > 07777) {
      throw new IllegalArgumentException(
          "'" + text + "' is no octal mode between 0 and 7777, like 1777");
    }
    return mode;
  }
}
