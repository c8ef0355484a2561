package io.hardway.cli.value;

/** Who a process runs as, {@code USER[:GROUP]}, each a name or a number. */
public final class UserName {
  private UserName() {}

  /**
   * Checks the form; whether they exist is decided inside the container.
   *
   * @throws IllegalArgumentException where a part is empty, there are more than two, or a number is
   *     beyond 32 bits
   */
  public static String parse(String text) {
    int colon = text.indexOf(':');
    String user = colon < 0 ? text : text.substring(0, colon);
    check(text, user);
    if (colon >= 0) {
      check(text, text.substring(colon + 1));
    }
    return text;
  }

  private static void check(String text, String part) {
    if (part.isEmpty()
        || part.indexOf(':') >= 0
        || part.indexOf('\n') >= 0
        || part.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("'" + text + "' is not USER or USER:GROUP");
    }
    for (int i = 0; i < part.length(); i++) {
      if (part.charAt(i) < '0' || part.charAt(i) > '9') {
        return;
      }
    }
    if (part.length() > 10 || Long.parseLong(part) > 0xFFFFFFFEL) {
      throw new IllegalArgumentException("'" + part + "' is no id; ids are from 0 to 4294967294");
    }
  }
}
