package io.hardway.cli.reference;

import io.hardway.cli.option.Option;
import io.hardway.cli.option.OptionTable;
import java.util.List;

/** A manual page in roff, man(7). */
final class ManualPage {
  private static final String STATUS =
      """
      .SH EXIT STATUS
      The program's own, 128 and the signal that ended it, 127 where there is no such program, 126 where it cannot be executed, 125 where Hardway failed.
      """;

  private ManualPage() {}

  /** The name of a command's page. */
  static String name(OptionTable table) {
    return table.command().isEmpty() ? "hardway" : "hardway-" + table.command().replace(' ', '-');
  }

  /** The page of a command; with all commands for the one of no command. */
  static String of(OptionTable table, List<OptionTable> tables) {
    StringBuilder page = new StringBuilder();
    page.append(".TH ").append(name(table).toUpperCase(java.util.Locale.ROOT)).append(" 1\n");
    page.append(".SH NAME\n").append(name(table).replace("-", "\\-")).append(" \\- ");
    page.append(text(table.summary())).append('\n');
    String command = ("hardway " + table.command()).strip();
    page.append(".SH SYNOPSIS\n.B ").append(text(command)).append('\n');
    if (!table.synopsis().isEmpty()) {
      page.append(text(table.synopsis())).append('\n');
    }
    if (table.command().isEmpty()) {
      page.append(".SH COMMANDS\n");
      for (OptionTable other : tables) {
        if (!other.command().isEmpty()) {
          page.append(".TP\n.B ").append(text(other.command())).append('\n');
          page.append(text(other.summary())).append(".\n");
        }
      }
    }
    options(page, table);
    page.append(STATUS);
    if (!table.command().isEmpty()) {
      page.append(".SH SEE ALSO\n.BR hardway (1)\n");
    }
    return page.toString();
  }

  private static void options(StringBuilder page, OptionTable table) {
    page.append(".SH OPTIONS\n");
    for (Option option : table.options()) {
      page.append(".TP\n\\fB").append(text(option.spelling())).append("\\fR");
      if (!option.isSwitch()) {
        page.append(" \\fI").append(text(option.valueName())).append("\\fR");
      }
      page.append('\n').append(text(option.description())).append('.');
      if (option.isRepeatable()) {
        page.append(" Can be given several times.");
      }
      if (!option.defaultText().isEmpty()) {
        page.append(" Default: ").append(text(option.defaultText())).append('.');
      }
      page.append('\n');
    }
    page.append(".TP\n\\fB\\-\\-help\\fR\nPrint the help and quit.\n");
  }

  /** What roff would read as its own, at the beginning of a line or within. */
  private static String text(String plain) {
    String escaped = plain.replace("\\", "\\e").replace("-", "\\-");
    return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
  }
}
