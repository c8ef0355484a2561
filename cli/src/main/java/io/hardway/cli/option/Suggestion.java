package io.hardway.cli.option;

import io.hardway.core.NearestWord;

/** The right word nearest to a mistyped one. */
public final class Suggestion {
  private Suggestion() {}

  /** {@code (did you mean --memory?)}, or nothing where no option is near. */
  static String forOption(OptionTable table, String typed) {
    String[] names = new String[table.options().size()];
    for (int i = 0; i < names.length; i++) {
      names[i] = table.options().get(i).name();
    }
    String near = nearest(typed, names);
    return near.isEmpty() ? "" : " (did you mean --" + near + "?)";
  }

  /** As for {@code -name}, where the user may have meant {@code --name}. */
  static String forSingleDash(OptionTable table, String word) {
    String name = word.substring(1);
    int equals = name.indexOf('=');
    return name.length() < 3 ? "" : forOption(table, equals < 0 ? name : name.substring(0, equals));
  }

  /** As {@link NearestWord#of}. */
  public static String nearest(String typed, String... candidates) {
    return NearestWord.of(typed, candidates);
  }
}
