package io.hardway.cli.value;

/** A truth value as Go's strconv.ParseBool reads it. */
public final class TruthValue {
  private TruthValue() {}

  /** Whether the text says yes; a key without a value does. */
  public static boolean parse(String key, String text) {
    return switch (text) {
      case "", "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default ->
          throw new IllegalArgumentException(
              "invalid value for " + key + ": " + text + "; use true or false");
    };
  }
}
