package io.hardway.core.explain;

/**
 * Whether text goes to a terminal that shows colours; ECMA-48, "select graphic rendition".
 *
 * @since 0.1
 */
public enum Colours {
  /** For files and pipes. */
  NONE,
  /** For terminals. */
  ANSI;

  private static final int[] OF_PLUGINS = {36, 33, 35, 32, 34, 31};

  String bold(String text) {
    return paint("1", text);
  }

  String faint(String text) {
    return paint("2", text);
  }

  String command(String text) {
    return paint(text.startsWith("#") ? "2" : "32", text);
  }

  /** The name of a plugin, each in its colour. */
  String plugin(int index, String text) {
    return paint(Integer.toString(OF_PLUGINS[index % OF_PLUGINS.length]), text);
  }

  private String paint(String code, String text) {
    return this == NONE || text.isEmpty() ? text : "\033[" + code + "m" + text + "\033[0m";
  }
}
