package io.hardway.cli.reference;

import io.hardway.cli.option.Option;
import io.hardway.cli.option.OptionTable;
import java.util.List;
import java.util.Map;

/** The completion script for zsh. */
final class ZshCompletion {
  private static final String BEGINNING =
      """
      #compdef hardway
      # Completes hardway's commands in zsh. Written by: hardway completion zsh

      _hardway_containers() {
        local -a names
        names=(${(f)"$(_call_program containers $hardway_program ps --all --format '{{.Names}}' 2>/dev/null)"})
        _describe -t containers container names
      }

      _hardway_volumes() {
        local -a names
        names=(${(f)"$(_call_program volumes $hardway_program volume ls --quiet 2>/dev/null)"})
        _describe -t volumes volume names
      }

      """;

  private static final String END =
      """

      _hardway() {
        local -a hardway_program
        local i
        # The options before the command name the state whose containers are meant.
        hardway_program=($words[1])
        for ((i = 2; i < CURRENT - 1; i++)); do
          case $words[i] in
            (--config | --plugin-dir | --root | --state)
              hardway_program+=($words[i] $words[i+1])
              ((i++))
              ;;
            (-*) ;;
            (*) break ;;
          esac
        done
        _arguments -S -A '-*' \\
      """;

  private static final String CALL =
      """
      }

      if [[ $funcstack[1] == _hardway ]]; then
        _hardway "$@"
      else
        compdef _hardway hardway
      fi
      """;

  private ZshCompletion() {}

  /** The script. */
  static String of(List<OptionTable> tables) {
    StringBuilder script = new StringBuilder(BEGINNING);
    Map<String, List<String>> groups = Groups.of(tables);
    script.append("_hardway_command() {\n  local -a names\n  if ((CURRENT == 1)); then\n");
    names(script, tables, groups);
    script.append("    return\n  fi\n  case $words[1] in\n");
    groups.forEach(
        (first, seconds) -> {
          script.append("    (").append(first).append(")\n");
          if (seconds.isEmpty()) {
            arguments(script, table(tables, first), "      ");
          } else {
            group(script, tables, first, seconds);
          }
          script.append("      ;;\n");
        });
    script.append("  esac\n}\n").append(END);
    specifications(script, tables.get(0), "    ");
    return script.append(CALL).toString();
  }

  private static void names(
      StringBuilder script, List<OptionTable> tables, Map<String, List<String>> groups) {
    script.append("    names=(\n");
    for (String first : groups.keySet()) {
      script
          .append("      ")
          .append(quoted(first + ":" + Groups.summary(tables, first).replace(":", "\\:")))
          .append('\n');
    }
    script.append("    )\n    _describe -t commands command names\n");
  }

  private static void group(
      StringBuilder script, List<OptionTable> tables, String first, List<String> seconds) {
    script.append("      shift words\n      ((CURRENT--))\n      if ((CURRENT == 1)); then\n");
    script.append("        names=(");
    for (String second : seconds) {
      String summary = table(tables, first + " " + second).summary().replace(":", "\\:");
      script.append("\n          ").append(quoted(second + ":" + summary));
    }
    script.append("\n        )\n        _describe -t commands command names\n        return\n");
    script.append("      fi\n      case $words[1] in\n");
    for (String second : seconds) {
      script.append("        (").append(second).append(")\n");
      arguments(script, table(tables, first + " " + second), "          ");
      script.append("          ;;\n");
    }
    script.append("      esac\n");
  }

  private static OptionTable table(List<OptionTable> tables, String command) {
    for (OptionTable table : tables) {
      if (table.command().equals(command)) {
        return table;
      }
    }
    throw new IllegalArgumentException(command);
  }

  private static void arguments(StringBuilder script, OptionTable table, String indent) {
    script.append(indent).append("_arguments -s -S");
    script.append(table.isInterspersed() ? "" : " -A '-*'").append(" \\\n");
    specifications(script, table, indent + "  ");
  }

  private static void specifications(StringBuilder script, OptionTable table, String indent) {
    for (Option option : table.options()) {
      String again = option.isRepeatable() ? "*" : "";
      String said = "[" + bracketed(option.description()) + "]" + value(option);
      // --flag=value and --flag value
      String name = "--" + option.name() + (option.isSwitch() ? "" : "=");
      if (option.hasShorthand()) {
        String letter = "-" + option.shorthand();
        String excluded =
            option.isRepeatable() ? "'*'" : "'(" + letter + " --" + option.name() + ")'";
        script.append(indent).append(excluded).append('{').append(letter);
        script.append(option.isSwitch() ? "" : "+").append(',').append(name).append('}');
        script.append(quoted(said)).append(" \\\n");
      } else {
        script.append(indent).append(quoted(again + name + said)).append(" \\\n");
      }
    }
    script.append(indent).append("'--help[Print the help and quit]'");
    switch (Operand.of(table)) {
      case CONTAINER ->
          script.append(" \\\n").append(indent).append("'*:container:_hardway_containers'");
      case CONTAINER_AND_PROGRAM ->
          script
              .append(" \\\n")
              .append(indent)
              .append("'1:container:_hardway_containers' '*::program:_normal'");
      case PROGRAM -> script.append(" \\\n").append(indent).append("'*::program:_normal'");
      case VOLUME -> script.append(" \\\n").append(indent).append("'*:volume:_hardway_volumes'");
      case COMMAND -> script.append(" \\\n").append(indent).append("'*:: :_hardway_command'");
      case SHELL -> script.append(" \\\n").append(indent).append("'1:shell:(bash fish zsh)'");
      default -> {}
    }
    script.append('\n');
  }

  private static String value(Option option) {
    return switch (Operand.of(option)) {
      case NONE -> "";
      case FILE -> ":" + option.valueName().replace(":", "\\:") + ":_files";
      case DIRECTORY -> ":" + option.valueName().replace(":", "\\:") + ":_files -/";
      default -> ":" + option.valueName().replace(":", "\\:") + ": ";
    };
  }

  private static String bracketed(String text) {
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]");
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
