package io.hardway.cli.value;

/** A word for the container's {@code /etc/resolv.conf}; resolv.conf(5). */
public final class SearchDomain {
  private static final int MOST = 253;

  private SearchDomain() {}

  /**
   * Reads a domain in which names are looked up; {@code .} says that there is none.
   *
   * @throws IllegalArgumentException where it is no name of a domain
   */
  public static String parse(String text) {
    String name = text.strip();
    boolean right = !name.isEmpty() && name.length() <= MOST;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      right &=
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || c == '-'
              || c == '_'
              || c == '.' && (i == 0 ? name.length() == 1 : name.charAt(i - 1) != '.');
    }
    if (!right) {
      throw new IllegalArgumentException(text + " is not a valid domain");
    }
    return name;
  }

  /**
   * Reads an option of the resolver, like {@code ndots:2}.
   *
   * @throws IllegalArgumentException where it is not one word
   */
  public static String option(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
        throw new IllegalArgumentException("'" + text + "' is not one word");
      }
    }
    if (text.isEmpty()) {
      throw new IllegalArgumentException("an option is empty");
    }
    return text;
  }
}
