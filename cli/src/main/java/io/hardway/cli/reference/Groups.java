package io.hardway.cli.reference;

import io.hardway.cli.option.OptionTable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The commands by their first words: {@code volume} has {@code ls}, {@code ps} has nothing. */
final class Groups {
  private Groups() {}

  /** The first words in order, each with its second words; empty for a command of one word. */
  static Map<String, List<String>> of(List<OptionTable> commands) {
    Map<String, List<String>> groups = new TreeMap<>();
    for (OptionTable table : commands) {
      String command = table.command();
      int space = command.indexOf(' ');
      if (space > 0) {
        groups
            .computeIfAbsent(command.substring(0, space), first -> new java.util.ArrayList<>())
            .add(command.substring(space + 1));
      } else if (!command.isEmpty()) {
        groups.put(command, List.of());
      }
    }
    return groups;
  }

  /** What a group of commands is called where a summary is wanted. */
  static String summary(List<OptionTable> commands, String first) {
    for (OptionTable table : commands) {
      if (table.command().equals(first)) {
        return table.summary();
      }
    }
    return "Commands about the " + first;
  }
}
