package io.hardway.cli.option;

import java.util.List;

/**
 * Reads arguments by an {@link OptionTable} as pflag does: {@code --flag=value}, {@code --flag
 * value}, {@code -abc}, {@code -ofile}, {@code -o=file}, {@code --switch=false}, and {@code --} as
 * the end of the options. A single dash is an argument.
 */
public final class CommandLine {
  private final OptionTable table;
  private final String[] words;
  private final Arguments arguments;
  private int next;

  private CommandLine(OptionTable table, String[] words, int from) {
    this.table = table;
    this.words = words;
    this.next = from;
    this.arguments = new Arguments(table);
  }

  /**
   * Reads all words from an index on, and checks how many arguments there are.
   *
   * @throws HelpRequest where {@code --help} is among the options
   * @throws UsageException where an option is unknown, lacks its value or is no switch's value, or
   *     the number of arguments is wrong
   */
  public static Arguments parse(OptionTable table, String[] words, int from) {
    CommandLine line = new CommandLine(table, words, from);
    line.read();
    line.checkCount();
    return line.arguments;
  }

  /** As {@link #parse(OptionTable, String[], int)} for a list of words. */
  public static Arguments parse(OptionTable table, List<String> words) {
    return parse(table, words.toArray(new String[0]), 0);
  }

  private void read() {
    while (next < words.length) {
      String word = words[next++];
      if (word.equals("--")) {
        takeRest();
      } else if (word.startsWith("--")) {
        readLong(word.substring(2));
      } else if (word.length() > 1 && word.charAt(0) == '-') {
        readShort(word);
      } else {
        arguments.addPositional(word);
        if (!table.isInterspersed()) {
          takeRest();
        }
      }
    }
  }

  private void takeRest() {
    while (next < words.length) {
      arguments.addPositional(words[next++]);
    }
  }

  private void readLong(String word) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    if (name.isEmpty() || name.charAt(0) == '-') {
      throw new UsageException(table, "bad flag syntax: --" + word);
    }
    if (name.equals("help")) {
      throw new HelpRequest(table);
    }
    Option option = table.find(name);
    if (option == null) {
      throw new UsageException(
          table, "unknown flag: --" + name + Suggestion.forOption(table, name));
    }
    if (equals >= 0) {
      put(option, word.substring(equals + 1));
    } else if (option.isSwitch()) {
      arguments.put(option, "true");
    } else if (next < words.length) {
      put(option, words[next++]);
    } else {
      throw new UsageException(table, "flag needs an argument: --" + name);
    }
  }

  private void readShort(String word) {
    int at = 1;
    while (at < word.length()) {
      char letter = word.charAt(at++);
      Option option = table.find(letter);
      if (option == null) {
        if (letter == 'h') {
          throw new HelpRequest(table);
        }
        throw new UsageException(
            table,
            "unknown shorthand flag: '"
                + letter
                + "' in "
                + word
                + Suggestion.forSingleDash(table, word));
      }
      if (at < word.length() && word.charAt(at) == '=') {
        put(option, word.substring(at + 1));
        return;
      }
      if (option.isSwitch()) {
        arguments.put(option, "true");
      } else if (at < word.length()) {
        put(option, word.substring(at));
        return;
      } else if (next < words.length) {
        put(option, words[next++]);
        return;
      } else {
        throw new UsageException(table, "flag needs an argument: '" + letter + "' in " + word);
      }
    }
  }

  private void put(Option option, String value) {
    arguments.put(option, option.isSwitch() ? truth(option, value) : value);
  }

  /** The spellings Go's strconv.ParseBool accepts. */
  private String truth(Option option, String value) {
    return switch (value) {
      case "1", "t", "T", "true", "TRUE", "True" -> "true";
      case "0", "f", "F", "false", "FALSE", "False" -> "false";
      default ->
          throw new UsageException(
              table,
              "invalid argument \""
                  + value
                  + "\" for \""
                  + option.spelling()
                  + "\" flag: use true or false");
    };
  }

  private void checkCount() {
    int count = arguments.positional().size();
    if (count >= table.minimum() && count <= table.maximum()) {
      return;
    }
    String said;
    int wanted;
    if (table.maximum() == 0) {
      throw wrongCount(
          "accepts no arguments, but was given \"" + arguments.positional().get(0) + "\"");
    } else if (table.minimum() == table.maximum()) {
      said = "requires ";
      wanted = table.minimum();
    } else if (count < table.minimum()) {
      said = "requires at least ";
      wanted = table.minimum();
    } else {
      said = "accepts at most ";
      wanted = table.maximum();
    }
    throw wrongCount(said + wanted + (wanted == 1 ? " argument" : " arguments"));
  }

  private UsageException wrongCount(String said) {
    return new UsageException(
        table,
        "'" + table.program() + " " + table.command() + "' " + said,
        UsageException.WRONG_ARGUMENTS);
  }
}
