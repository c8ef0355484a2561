package io.hardway.cli.option;

/** One option of a command: a line of its {@link OptionTable}. */
public final class Option {
  static final char NO_SHORTHAND = 0;

  private final String name;
  private final char shorthand;
  private final String valueName;
  private final boolean repeatable;
  private final String defaultText;
  private final String description;
  private final String target;

  Option(
      String name,
      char shorthand,
      String valueName,
      boolean repeatable,
      String defaultText,
      String description,
      String target) {
    this.name = name;
    this.shorthand = shorthand;
    this.valueName = valueName;
    this.repeatable = repeatable;
    this.defaultText = defaultText;
    this.description = description;
    this.target = target;
  }

  /** The long name without its dashes. */
  public String name() {
    return name;
  }

  /** Whether there is a short form. */
  public boolean hasShorthand() {
    return shorthand != NO_SHORTHAND;
  }

  /** The letter of the short form. */
  public char shorthand() {
    return shorthand;
  }

  /** What its value is called in the help, like {@code bytes}; empty for a switch. */
  public String valueName() {
    return valueName;
  }

  /** Whether it is a switch: on, or off with {@code =false}. */
  public boolean isSwitch() {
    return valueName.isEmpty();
  }

  /** Whether it can be given several times, each adding a value; otherwise the last one counts. */
  public boolean isRepeatable() {
    return repeatable;
  }

  /** The value it has when it is not given; empty for none. */
  public String defaultText() {
    return defaultText;
  }

  /** One sentence for the help. */
  public String description() {
    return description;
  }

  /** Whether it is another spelling of an option, accepted but not shown. */
  public boolean isAlias() {
    return !target.isEmpty();
  }

  /** The option that an alias stands for. */
  String target() {
    return target;
  }

  /** How error messages and the help write it: {@code -m, --memory}. */
  public String spelling() {
    return hasShorthand() ? "-" + shorthand + ", --" + name : "--" + name;
  }

  @Override
  public String toString() {
    return spelling();
  }
}
