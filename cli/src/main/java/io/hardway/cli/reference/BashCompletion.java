package io.hardway.cli.reference;

import io.hardway.cli.option.Option;
import io.hardway.cli.option.OptionTable;
import java.util.List;
import java.util.Map;

/** The completion script for bash. */
final class BashCompletion {
  private static final String FUNCTIONS =
      """

      # The words typed before the cursor decide; options before the command name the same state.
      _hardway() {
        local cur=${COMP_WORDS[COMP_CWORD]} program=${COMP_WORDS[0]/#\\~/$HOME}
        local command= word flag= plain= count=0 i=1
        local flags values files directories operand words
        local -a global=()
        _hardway_table ''
        while ((i < COMP_CWORD)); do
          word=${COMP_WORDS[i]}
          if [[ -z $plain && $word == -- ]]; then
            plain=yes
          elif [[ -z $plain && $word == -?* ]]; then
            if [[ " $values " == *" $word "* ]]; then
              flag=$word
              [[ ${COMP_WORDS[i + 1]} == '=' ]] && ((i += 1))
              ((i += 1))
              [[ -z $command ]] && ((i < COMP_CWORD)) && global+=("$flag" "${COMP_WORDS[i]}")
            fi
          elif [[ $operand == group ]]; then
            command+=" $word" plain=
            _hardway_table "$command"
          elif [[ $operand == command ]]; then
            command=$word plain=
            _hardway_table "$command"
          else
            ((count += 1))
            [[ $operand == *program ]] && plain=yes
          fi
          ((i += 1))
        done
        [[ $cur == '=' ]] && cur=
        COMPREPLY=()
        if ((i > COMP_CWORD)); then
          if [[ " $files " == *" $flag "* ]]; then
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -f -- "$cur")
          elif [[ " $directories " == *" $flag "* ]]; then
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -d -- "$cur")
          fi
          return
        fi
        if [[ -z $plain && $cur == -* ]]; then
          mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$cur")
          return
        fi
        case $operand in
          container+program) ((count > 0)) && operand=program || operand=container ;;
        esac
        case $operand in
          container) words=$("$program" "${global[@]}" ps --all --format '{{.Names}}' 2>/dev/null) ;;
          volume) words=$("$program" "${global[@]}" volume ls --quiet 2>/dev/null) ;;
          program)
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -f -- "$cur")
            return
            ;;
        esac
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
      }

      complete -F _hardway hardway
      """;

  private BashCompletion() {}

  /** The script. */
  static String of(List<OptionTable> tables) {
    StringBuilder script =
        new StringBuilder(
            "# Completes hardway's commands in bash. Written by: hardway completion bash\n\n");
    script.append("_hardway_table() {\n");
    script.append("  flags= values= files= directories= operand= words=\n");
    script.append("  case $1 in\n");
    Map<String, List<String>> groups = Groups.of(tables);
    for (OptionTable table : tables) {
      add(script, table, groups);
    }
    groups.forEach(
        (first, seconds) -> {
          if (!seconds.isEmpty()) {
            item(script, first);
            script.append("      operand=group words='");
            script.append(String.join(" ", seconds)).append("'\n      ;;\n");
          }
        });
    return script.append("  esac\n}\n").append(FUNCTIONS).toString();
  }

  private static void add(
      StringBuilder script, OptionTable table, Map<String, List<String>> groups) {
    StringBuilder flags = new StringBuilder("--help");
    StringBuilder values = new StringBuilder();
    StringBuilder files = new StringBuilder();
    StringBuilder directories = new StringBuilder();
    for (Option option : table.options()) {
      String spellings =
          (option.hasShorthand() ? " -" + option.shorthand() : "") + " --" + option.name();
      flags.append(spellings);
      if (!option.isSwitch()) {
        values.append(spellings);
      }
      switch (Operand.of(option)) {
        case FILE -> files.append(spellings);
        case DIRECTORY -> directories.append(spellings);
        default -> {}
      }
    }
    item(script, table.command());
    script.append("      flags='").append(flags).append("'\n");
    assign(script, "values", values);
    assign(script, "files", files);
    assign(script, "directories", directories);
    String operand =
        switch (Operand.of(table)) {
          case CONTAINER -> "container";
          case CONTAINER_AND_PROGRAM -> "container+program";
          case PROGRAM -> "program";
          case VOLUME -> "volume";
          case COMMAND -> "command words='" + String.join(" ", groups.keySet()) + "'";
          case SHELL -> "words words='bash fish zsh'";
          default -> "none";
        };
    script.append("      operand=").append(operand).append("\n      ;;\n");
  }

  private static void item(StringBuilder script, String command) {
    script.append("    '").append(command).append("')\n");
  }

  private static void assign(StringBuilder script, String name, StringBuilder words) {
    if (!words.isEmpty()) {
      script.append("      ").append(name).append("='").append(words.substring(1)).append("'\n");
    }
  }
}
