package io.hardway.cli.value;

import io.hardway.cli.option.ValueParser;

/**
 * Which namespace of a kind a container gets.
 *
 * @param kind {@code private}, {@code host}, {@code container}, {@code ns}, or a word that only
 *     this kind of namespace knows
 * @param operand the container or the path; empty otherwise
 */
public record NamespaceMode(String kind, String operand) {

  /** A new namespace. */
  public static final NamespaceMode PRIVATE = new NamespaceMode("private", "");

  /**
   * Reads {@code private}, {@code host}, {@code container:NAME} and {@code ns:PATH}.
   *
   * @param title what the error calls it, like {@code PID mode}
   * @param further words that are accepted too
   */
  public static ValueParser<NamespaceMode> parser(String title, String... further) {
    return text -> parse(title, text, further);
  }

  private static NamespaceMode parse(String title, String text, String... further) {
    if (text.equals("private") || text.equals("host")) {
      return new NamespaceMode(text, "");
    }
    for (String word : further) {
      if (word.equals(text)) {
        return new NamespaceMode(word, "");
      }
    }
    if (text.startsWith("container:") && text.length() > 10) {
      return new NamespaceMode("container", text.substring(10));
    }
    if (text.startsWith("ns:/")) {
      return new NamespaceMode("ns", text.substring(3));
    }
    String words = further.length == 0 ? "" : String.join(", ", further) + ", ";
    throw new IllegalArgumentException(
        "invalid "
            + title
            + " '"
            + text
            + "'; there are "
            + words
            + "private, host, container:NAME and ns:/PATH");
  }

  /** Whether it is the host's. */
  public boolean isHost() {
    return kind.equals("host");
  }

  /** Whether it is another container's. */
  public boolean isContainer() {
    return kind.equals("container");
  }

  /** Whether it is at a path. */
  public boolean isPath() {
    return kind.equals("ns");
  }
}
