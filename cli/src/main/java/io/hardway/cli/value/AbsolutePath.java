package io.hardway.cli.value;

/** A directory inside a container, as {@code --workdir} takes it. */
public final class AbsolutePath {
  private AbsolutePath() {}

  /**
   * Reads a path.
   *
   * @throws IllegalArgumentException where it does not begin at the root
   */
  public static String parse(String text) {
    if (!text.startsWith("/")) {
      throw new IllegalArgumentException(
          "the working directory '" + text + "' is invalid, it needs to be an absolute path");
    }
    return text;
  }
}
