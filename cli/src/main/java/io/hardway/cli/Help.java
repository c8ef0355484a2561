package io.hardway.cli;

import io.hardway.cli.option.Option;
import io.hardway.cli.option.OptionTable;
import java.io.PrintStream;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** The help of a command, from its table, in docker's form. */
final class Help {
  private static final int GAP = 3;
  private static final int GROUP_WIDTH = 12;

  private Help() {}

  /** All of it. */
  static void print(PrintStream out, OptionTable table) {
    print(out, table, Commands::names, name -> Commands.of(name).table());
  }

  /** All of it, for a program with these commands. */
  static void print(
      PrintStream out,
      OptionTable table,
      Supplier<List<String>> names,
      Function<String, OptionTable> commands) {
    out.println();
    out.println("Usage:  " + usage(table));
    out.println();
    out.println(table.summary());
    if (table.command().isEmpty()) {
      out.println();
      out.println("Commands:");
      int width = 0;
      for (String name : names.get()) {
        width = Math.max(width, name.length());
      }
      for (String name : names.get()) {
        out.println("  " + padded(name, width + GAP) + commands.apply(name).summary());
      }
    }
    printOptions(out, table);
    if (table.command().isEmpty()) {
      out.println();
      out.println("Run '" + table.program() + " COMMAND --help' for more on a command.");
    }
  }

  /** That of the commands of two words that begin with one. */
  static void printGroup(PrintStream out, String first) {
    out.println();
    out.println("Usage:  hardway " + first + " COMMAND");
    out.println();
    out.println("Commands:");
    for (String second : Commands.members(first)) {
      OptionTable table = Commands.of(first + " " + second).table();
      out.println("  " + padded(second, GROUP_WIDTH) + table.summary());
    }
    out.println();
    out.println("Run 'hardway " + first + " COMMAND --help' for more on a command.");
  }

  /** What follows an error: how it is used, and where there is more. */
  static void printUsage(PrintStream out, OptionTable table) {
    out.println("Usage:  " + usage(table));
    out.println();
    out.println(
        "Run '"
            + table.program()
            + " "
            + (table.command().isEmpty() ? "" : table.command() + " ")
            + "--help' for more information");
  }

  private static String usage(OptionTable table) {
    return table.program()
        + " "
        + (table.command().isEmpty() ? "" : table.command() + " ")
        + table.synopsis();
  }

  private static void printOptions(PrintStream out, OptionTable table) {
    if (table.options().isEmpty()) {
      return;
    }
    out.println();
    out.println("Options:");
    int width = 0;
    for (Option option : table.options()) {
      width = Math.max(width, left(option).length());
    }
    for (Option option : table.options()) {
      String standard =
          option.defaultText().isEmpty() || option.isSwitch()
              ? ""
              : " (default " + option.defaultText() + ")";
      out.println("  " + padded(left(option), width + GAP) + option.description() + standard);
    }
  }

  private static String left(Option option) {
    String name = option.hasShorthand() ? option.spelling() : "    --" + option.name();
    String value = option.isRepeatable() ? option.valueName() + "..." : option.valueName();
    return option.isSwitch() ? name : name + " " + value;
  }

  private static String padded(String text, int width) {
    StringBuilder line = new StringBuilder(text);
    while (line.length() < width) {
      line.append(' ');
    }
    return line.toString();
  }
}
