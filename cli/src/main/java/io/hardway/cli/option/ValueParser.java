package io.hardway.cli.option;

/** Reads the value of an option. */
@FunctionalInterface
public interface ValueParser<T> {
  /**
   * Reads a value.
   *
   * @throws IllegalArgumentException says what is wrong with it and what would be right
   */
  T parse(String text);
}
