package io.hardway.cli.value;

/** A name that the kernel takes for a host or its domain; sethostname(2). */
public final class HostName {
  private static final int MOST = 64;

  private HostName() {}

  /**
   * Reads a name; an empty one stands for none.
   *
   * @throws IllegalArgumentException where it is longer than the kernel takes, or a letter could
   *     not stand in {@code /etc/hosts}
   */
  public static String parse(String text) {
    if (text.length() > MOST) {
      throw new IllegalArgumentException(
          "a host name has " + MOST + " characters at most, not " + text.length());
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean right =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || i > 0 && (c == '-' || c == '.')
              || c == '_';
      if (!right) {
        throw new IllegalArgumentException(
            "a host name is made of letters, digits, - _ and ., and begins with none of - and .");
      }
    }
    return text;
  }
}
