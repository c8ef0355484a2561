package io.hardway.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Lines in columns, as docker prints them: three spaces between. */
final class Table {
  private static final int GAP = 3;

  private final List<List<String>> rows = new ArrayList<>();

  /** A table with these headings. */
  Table(String... headings) {
    rows.add(List.of(headings));
  }

  /** Adds a row. */
  void add(String... cells) {
    rows.add(List.of(cells));
  }

  /** Prints it. */
  void print(PrintStream out) {
    int columns = 0;
    for (List<String> row : rows) {
      columns = Math.max(columns, row.size());
    }
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(row.get(i));
        if (i < row.size() - 1) {
          line.append(" ".repeat(widths[i] - row.get(i).length() + GAP));
        }
      }
      out.println(line);
    }
  }
}
