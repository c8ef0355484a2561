package io.hardway.cli.reference;

import io.hardway.cli.option.Option;
import io.hardway.cli.option.OptionTable;
import java.util.List;

/** The guide's page of all commands and their options. */
final class MarkdownPage {
  private MarkdownPage() {}

  /** The page. */
  static String of(List<OptionTable> tables) {
    StringBuilder page = new StringBuilder("# Commands\n\n");
    page.append(
        "Written from the tables that the parser reads. Names, short forms and meanings are docker's where docker has them.\n"
            + "Options marked with … can be given several times; a switch is turned off with `=false`.\n");
    for (OptionTable table : tables) {
      String command = ("hardway " + table.command()).strip();
      page.append("\n## ").append(command).append("\n\n`");
      page.append((command + " " + table.synopsis()).strip()).append("`\n\n");
      page.append(table.summary()).append(table.summary().endsWith(".") ? "\n" : ".\n");
      if (!table.options().isEmpty()) {
        page.append("\n| option | |\n|---|---|\n");
        for (Option option : table.options()) {
          add(page, option);
        }
      }
    }
    return page.toString();
  }

  private static void add(StringBuilder page, Option option) {
    page.append("| `").append(option.spelling());
    if (!option.isSwitch()) {
      page.append(' ').append(option.valueName().replace("|", "\\|"));
    }
    page.append('`').append(option.isRepeatable() ? " …" : "").append(" | ");
    page.append(option.description().replace("|", "\\|"));
    if (!option.defaultText().isEmpty()) {
      page.append(" (default ").append(option.defaultText()).append(')');
    }
    page.append(" |\n");
  }
}
