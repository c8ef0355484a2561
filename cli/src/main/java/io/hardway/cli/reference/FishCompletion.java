package io.hardway.cli.reference;

import io.hardway.cli.option.Option;
import io.hardway.cli.option.OptionTable;
import java.util.List;
import java.util.Map;

/** The completion script for fish. */
final class FishCompletion {
  private static final String WALK =
      """
      # The command that is being typed; "none" before there is one, "program" behind it.
      function __hardway_command
          set -l words (commandline -opc)
          set -l command ''
          set -l count 0
          set -e words[1]
          while set -q words[1]
              set -l word $words[1]
              set -e words[1]
              if string match -q -- '-*' $word
                  if contains -- $word (__hardway_valued "$command")
                      set -e words[1]
                  end
              else if test -z "$command"; or contains -- $command $__hardway_prefixes
                  set command $word
              else if contains -- $command $__hardway_groups
                  set command "$command $word"
              else if contains -- $command $__hardway_runners
                  set count (math $count + 1)
                  if test $command != exec; or test $count -gt 1
                      echo program
                      return
                  end
              end
          end
          if test -z "$command"; or contains -- $command $__hardway_prefixes
              test -z "$command"; and echo none; or echo $command
          else if test "$command" = exec -a $count -gt 0
              echo program
          else
              echo $command
          end
      end

      function __hardway_is
          test (__hardway_command) = "$argv"
      end

      # The options before the command name the state whose containers are meant.
      function __hardway_call
          set -l words (commandline -opc)
          set -l call $words[1]
          set -e words[1]
          while set -q words[2]; and contains -- $words[1] (__hardway_valued '')
              set -a call $words[1] $words[2]
              set -e words[1..2]
          end
          $call $argv 2>/dev/null
      end

      complete -c hardway -f
      complete -c hardway -n '__hardway_is program' -F
      """;

  private FishCompletion() {}

  /** The script. */
  static String of(List<OptionTable> tables) {
    StringBuilder script =
        new StringBuilder(
            "# Completes hardway's commands in fish. Written by: hardway completion fish\n\n");
    Map<String, List<String>> groups = Groups.of(tables);
    variables(script, tables, groups);
    valued(script, tables);
    script.append(WALK);
    for (OptionTable table : tables) {
      complete(script, tables, groups, table);
    }
    groups.forEach(
        (first, seconds) -> {
          for (String second : seconds) {
            for (OptionTable table : tables) {
              if (table.command().equals(first + " " + second)) {
                line(script, first, "-a " + second + " -d " + quoted(table.summary()));
              }
            }
          }
        });
    return script.toString();
  }

  private static void variables(
      StringBuilder script, List<OptionTable> tables, Map<String, List<String>> groups) {
    StringBuilder prefixes = new StringBuilder("set -g __hardway_prefixes");
    StringBuilder runners = new StringBuilder("set -g __hardway_runners");
    for (OptionTable table : tables) {
      switch (Operand.of(table)) {
        case COMMAND -> prefixes.append(table.command().isEmpty() ? "" : " " + table.command());
        case PROGRAM, CONTAINER_AND_PROGRAM -> runners.append(' ').append(table.command());
        default -> {}
      }
    }
    script.append(prefixes).append('\n').append(runners).append('\n');
    script.append("set -g __hardway_groups");
    groups.forEach((first, seconds) -> script.append(seconds.isEmpty() ? "" : " " + first));
    script.append("\n\n");
  }

  private static void valued(StringBuilder script, List<OptionTable> tables) {
    script.append("function __hardway_valued\n    switch \"$argv\"\n");
    for (OptionTable table : tables) {
      StringBuilder names = new StringBuilder();
      for (Option option : table.options()) {
        if (!option.isSwitch()) {
          names.append(option.hasShorthand() ? " -" + option.shorthand() : "");
          names.append(" --").append(option.name());
        }
      }
      if (!names.isEmpty()) {
        script.append("        case '").append(table.command()).append("'\n");
        script.append("            string split ' ' -- '").append(names.substring(1)).append("'\n");
      }
    }
    script.append("    end\nend\n\n");
  }

  private static void complete(
      StringBuilder script,
      List<OptionTable> tables,
      Map<String, List<String>> groups,
      OptionTable table) {
    String command = table.command().isEmpty() ? "none" : table.command();
    for (Option option : table.options()) {
      String letter = option.hasShorthand() ? "-s " + option.shorthand() + " " : "";
      String value =
          switch (Operand.of(option)) {
            case NONE -> "";
            case FILE -> " -r -F";
            case DIRECTORY -> " -x -a '(__fish_complete_directories)'";
            default -> " -x";
          };
      line(
          script,
          command,
          letter + "-l " + option.name() + value + " -d " + quoted(option.description()));
    }
    switch (Operand.of(table)) {
      case CONTAINER, CONTAINER_AND_PROGRAM ->
          line(script, command, "-a '(__hardway_call ps --all --format \"{{.Names}}\")'");
      case VOLUME -> line(script, command, "-a '(__hardway_call volume ls --quiet)'");
      case SHELL -> line(script, command, "-a 'bash fish zsh'");
      case PROGRAM -> line(script, command, "-F");
      case COMMAND -> {
        for (String first : groups.keySet()) {
          line(script, command, "-a " + first + " -d " + quoted(Groups.summary(tables, first)));
        }
      }
      default -> {}
    }
  }

  private static void line(StringBuilder script, String command, String what) {
    script.append("complete -c hardway -n '__hardway_is ").append(command).append("' ");
    script.append(what).append('\n');
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
