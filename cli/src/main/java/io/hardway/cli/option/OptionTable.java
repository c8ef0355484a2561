package io.hardway.cli.option;

import java.util.ArrayList;
import java.util.List;

/**
 * What one command takes: its options and its positional arguments. Only the table of the command
 * that runs is made.
 *
 * <p>The parser, the help, the completion scripts and the manual pages all read this table.
 */
public final class OptionTable {
  private final String command;
  private final String synopsis;
  private final String summary;
  private String program = "hardway";
  private final ArrayList<Option> options = new ArrayList<>(96);
  private boolean interspersed = true;
  private int minimum;
  private int maximum = Integer.MAX_VALUE;

  /**
   * An empty table; {@code --help} is there from the beginning.
   *
   * @param command the command as it is typed, like {@code volume ls}
   * @param synopsis what follows the command, like {@code [OPTIONS] CONTAINER}
   * @param summary one sentence
   */
  public OptionTable(String command, String synopsis, String summary) {
    this.command = command;
    this.synopsis = synopsis;
    this.summary = summary;
  }

  /**
   * The command as it is typed, like {@code volume ls}; empty for the options before the command.
   */
  public String command() {
    return command;
  }

  /** What follows the command in its usage line. */
  public String synopsis() {
    return synopsis;
  }

  /** What the command does, in one sentence. */
  public String summary() {
    return summary;
  }

  /** The options in the order of the help, without aliases. */
  public List<Option> options() {
    List<Option> shown = new ArrayList<>(options.size());
    for (Option option : options) {
      if (!option.isAlias()) {
        shown.add(option);
      }
    }
    return shown;
  }

  /** Whether options may follow positional arguments. */
  public boolean isInterspersed() {
    return interspersed;
  }

  /** The fewest positional arguments it takes. */
  public int minimum() {
    return minimum;
  }

  /** The most positional arguments it takes. */
  public int maximum() {
    return maximum;
  }

  /** The program that has the command. */
  public String program() {
    return program;
  }

  /** Sets the program that has the command; {@code hardway} by default. */
  public OptionTable program(String value) {
    program = value;
    return this;
  }

  /** Adds a switch. */
  public OptionTable flag(String name, String description) {
    return flag(name, Option.NO_SHORTHAND, description);
  }

  /** Adds a switch with a short form. */
  public OptionTable flag(String name, char shorthand, String description) {
    return add(new Option(name, shorthand, "", false, "", description, ""));
  }

  /** Adds a switch that is on unless it is given as {@code --name=false}. */
  public OptionTable enabledFlag(String name, String description) {
    return add(new Option(name, Option.NO_SHORTHAND, "", false, "true", description, ""));
  }

  /** Adds an option with a value. */
  public OptionTable value(String name, String valueName, String description) {
    return value(name, Option.NO_SHORTHAND, valueName, description);
  }

  /** Adds an option with a value and a short form. */
  public OptionTable value(String name, char shorthand, String valueName, String description) {
    return value(name, shorthand, valueName, "", description);
  }

  /** Adds an option with a value, a short form and a default. */
  public OptionTable value(
      String name, char shorthand, String valueName, String defaultText, String description) {
    return add(new Option(name, shorthand, valueName, false, defaultText, description, ""));
  }

  /** Adds an option that can be given several times. */
  public OptionTable list(String name, String valueName, String description) {
    return list(name, Option.NO_SHORTHAND, valueName, description);
  }

  /** Adds an option that can be given several times, with a short form. */
  public OptionTable list(String name, char shorthand, String valueName, String description) {
    return add(new Option(name, shorthand, valueName, true, "", description, ""));
  }

  /** Adds another spelling of an option that is in the table already. */
  public OptionTable alias(String name, String target) {
    Option option = find(target);
    if (option == null) {
      throw new IllegalStateException(
          "--" + name + " is an alias of an unknown option, --" + target);
    }
    return add(
        new Option(
            name,
            Option.NO_SHORTHAND,
            option.valueName(),
            option.isRepeatable(),
            option.defaultText(),
            option.description(),
            target));
  }

  /** Sets how many positional arguments there must be. */
  public OptionTable arguments(int fewest, int most) {
    minimum = fewest;
    maximum = most;
    return this;
  }

  /**
   * Ends the options at the first positional argument, as for a command that has another command
   * behind it.
   */
  public OptionTable optionsFirst() {
    interspersed = false;
    return this;
  }

  /** The option with that long name or alias; null when there is none. */
  Option find(String name) {
    for (int i = 0; i < options.size(); i++) {
      if (options.get(i).name().equals(name)) {
        return options.get(i);
      }
    }
    return null;
  }

  /** The option with that short form; null when there is none. */
  Option find(char shorthand) {
    for (int i = 0; i < options.size(); i++) {
      if (options.get(i).shorthand() == shorthand) {
        return options.get(i);
      }
    }
    return null;
  }

  private OptionTable add(Option option) {
    options.add(option);
    return this;
  }
}
