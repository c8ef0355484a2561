package io.hardway.cli.value;

/**
 * The keys that let go of a terminal, as {@code --detach-keys} takes them: single characters, or
 * {@code ctrl-} and one of a to z, {@code @ [ \ ] ^ _}, with commas between; none at all for none.
 */
public final class DetachKeys {
  private static final int MOST = 16;
  private static final String CONTROL = "ctrl-";

  private DetachKeys() {}

  /**
   * Reads keys.
   *
   * @return the text
   * @throws IllegalArgumentException where one is no key, or there are more than 16
   */
  public static String parse(String text) {
    if (text.isEmpty()) {
      return text;
    }
    var keys = Words.split(text, ',');
    if (keys.size() > MOST) {
      throw new IllegalArgumentException("there are " + MOST + " keys at most");
    }
    for (String key : keys) {
      if (!isKey(key)) {
        throw new IllegalArgumentException(
            "'" + key + "' is no key; write single characters or ctrl-X, separated by commas");
      }
    }
    return text;
  }

  private static boolean isKey(String key) {
    if (key.length() == 1) {
      return key.charAt(0) < 0x7f;
    }
    if (key.length() != CONTROL.length() + 1 || !key.startsWith(CONTROL)) {
      return false;
    }
    char letter = key.charAt(CONTROL.length());
    return letter >= 'a' && letter <= 'z' || letter == '@' || letter >= '[' && letter <= '_';
  }
}
