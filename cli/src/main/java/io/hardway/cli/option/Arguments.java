package io.hardway.cli.option;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the user typed behind a command: the options by their long names, and the positional
 * arguments.
 */
public final class Arguments {
  private final OptionTable table;
  private final List<String> positional = new ArrayList<>();
  private final List<Option> given = new ArrayList<>();
  private final List<String> values = new ArrayList<>();

  Arguments(OptionTable table) {
    this.table = table;
  }

  void put(Option option, String value) {
    given.add(option.isAlias() ? table.find(option.target()) : option);
    values.add(value);
  }

  void addPositional(String value) {
    positional.add(value);
  }

  /** The table they were read with. */
  public OptionTable table() {
    return table;
  }

  /** Whether the option was given at all. */
  public boolean has(String name) {
    return last(option(name)) >= 0;
  }

  /** Whether the switch is on. */
  public boolean flag(String name) {
    Option option = option(name);
    int index = last(option);
    return (index < 0 ? option.defaultText() : values.get(index)).equals("true");
  }

  /** The option's value: the last one given, else its default; absent when it has none. */
  public Optional<String> text(String name) {
    Option option = option(name);
    int index = last(option);
    if (index >= 0) {
      return Optional.of(values.get(index));
    }
    return option.defaultText().isEmpty() ? Optional.empty() : Optional.of(option.defaultText());
  }

  /** All values of an option that can be given several times, in order. */
  public List<String> list(String name) {
    Option option = option(name);
    List<String> found = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      if (given.get(i) == option) {
        found.add(values.get(i));
      }
    }
    return found;
  }

  /** What is not an option. */
  public List<String> positional() {
    return positional;
  }

  /**
   * The option's value, read by a parser of such values.
   *
   * @throws UsageException where the parser refuses it; names the option and the value
   */
  public <T> Optional<T> value(String name, ValueParser<T> parser) {
    Optional<String> text = text(name);
    return text.isEmpty() ? Optional.empty() : Optional.of(parse(name, text.get(), parser));
  }

  /**
   * All values of an option, each read by a parser of such values.
   *
   * @throws UsageException where the parser refuses one; names the option and the value
   */
  public <T> List<T> values(String name, ValueParser<T> parser) {
    List<String> texts = list(name);
    List<T> parsed = new ArrayList<>(texts.size());
    for (String text : texts) {
      parsed.add(parse(name, text, parser));
    }
    return parsed;
  }

  /** A refusal of what was given for an option, in the words of a wrong value. */
  public UsageException refuse(String name, String value, String reason) {
    return new UsageException(
        table,
        "invalid argument \""
            + value
            + "\" for \""
            + option(name).spelling()
            + "\" flag: "
            + reason);
  }

  /** A refusal of how options or arguments were combined. */
  public UsageException refuse(String reason) {
    return new UsageException(table, reason);
  }

  private <T> T parse(String name, String text, ValueParser<T> parser) {
    try {
      return parser.parse(text);
    } catch (IllegalArgumentException e) {
      throw refuse(name, text, e.getMessage());
    }
  }

  private int last(Option option) {
    for (int i = given.size() - 1; i >= 0; i--) {
      if (given.get(i) == option) {
        return i;
      }
    }
    return -1;
  }

  private Option option(String name) {
    Option option = table.find(name);
    if (option == null) {
      throw new IllegalStateException("command " + table.command() + " has no option --" + name);
    }
    return option;
  }
}
