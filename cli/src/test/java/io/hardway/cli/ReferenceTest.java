package io.hardway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.cli.option.Option;
import io.hardway.cli.option.OptionTable;
import io.hardway.cli.reference.Reference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written from the tables of the real commands. */
class ReferenceTest {
  private static final Reference REFERENCE = new Reference(Commands.tables());

  @TempDir Path folder;

  /** What bash offers at the end of a command line; a script stands in for the program. */
  private List<String> completed(String line) throws IOException, InterruptedException {
    Files.writeString(folder.resolve("script"), REFERENCE.completion("bash"));
    Path program = folder.resolve("hardway");
    Files.writeString(
        program,
        """
        #!/bin/sh
        case "$*" in
          'ps --all --format {{.Names}}') echo web; echo worker ;;
          '--state /s ps --all --format {{.Names}}') echo elsewhere ;;
          'volume ls --quiet') echo store ;;
        esac
        """);
    assertTrue(program.toFile().setExecutable(true));
    String script =
        """
        source "$1/script"
        PATH=$1:$PATH
        compopt() { :; }
        read -ra COMP_WORDS <<<"$2"
        case $2 in *' ') COMP_WORDS+=('') ;; esac
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _hardway
        printf '%s\\n' "${COMPREPLY[@]}"
        """;
    Process bash =
        new ProcessBuilder("bash", "-euc", script, "bash", folder.toString(), line)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String printed = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, bash.waitFor(), printed);
    return printed.lines().filter(word -> !word.isEmpty()).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'hardway r'|rename rm run",
        "'hardway --state /s ren'|rename",
        "'hardway run --memory-r'|--memory-reservation",
        "'hardway run -m 64m --memory-r'|--memory-reservation",
        "'hardway run --rootfs scr'|script",
        "'hardway run --rootfs = scr'|script",
        "'hardway run --name '|''",
        "'hardway run --rootfs / scr'|script",
        "'hardway run --rootfs / sh --mem'|''",
        "'hardway rm '|web worker",
        "'hardway rm wo'|worker",
        "'hardway --state /s rm '|elsewhere",
        "'hardway exec -it w'|web worker",
        "'hardway exec web scr'|script",
        "'hardway volume '|create inspect ls prune rm",
        "'hardway volume rm '|store",
        "'hardway explain run --memory-r'|--memory-reservation",
        "'hardway explain volume r'|rm",
        "'hardway completion '|bash fish zsh",
      })
  void bashOffersWhatFits(String line, String offered) throws Exception {
    List<String> words = offered.isEmpty() ? List.of() : List.of(offered.split(" "));
    assertEquals(words, completed(line));
  }

  @Test
  void everyScriptAndEveryManualPageHasEveryOption() throws IOException {
    REFERENCE.writeTo(folder);
    String bash = Files.readString(folder.resolve("bash-completion/completions/hardway"));
    String zsh = Files.readString(folder.resolve("zsh/site-functions/_hardway"));
    String fish = Files.readString(folder.resolve("fish/vendor_completions.d/hardway.fish"));
    for (OptionTable table : Commands.tables()) {
      String name = ("hardway " + table.command()).strip().replace(' ', '-');
      String page = Files.readString(folder.resolve("man/man1/" + name + ".1"));
      for (Option option : table.options()) {
        String flag = "--" + option.name();
        assertTrue(page.contains(flag.replace("-", "\\-")), name + " " + flag);
        assertTrue(bash.contains(flag), name + " " + flag);
        assertTrue(zsh.contains(flag), name + " " + flag);
        assertTrue(fish.contains("-l " + option.name() + " "), name + " " + flag);
      }
    }
  }

  /** Written again with {@code -Dreference.accept=true}. */
  @Test
  void theGuideListsTheCommandsAsTheyAre() throws IOException {
    Path page = Path.of("../docs/guide/commands.md");
    if (Boolean.getBoolean("reference.accept")) {
      Files.writeString(page, REFERENCE.markdown());
    }
    assertEquals(
        REFERENCE.markdown(),
        Files.readString(page),
        "commands or options have changed: run this test with -Dreference.accept=true");
  }
}
