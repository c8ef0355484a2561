package io.hardway.cli.reference;

import io.hardway.cli.option.OptionTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** All that is written from the option tables. */
public final class Reference {
  private final List<OptionTable> tables;

  /**
   * Of these tables.
   *
   * @param tables first that of the options before the command, then the commands' in order
   */
  public Reference(List<OptionTable> tables) {
    this.tables = List.copyOf(tables);
  }

  /**
   * The completion script for a shell.
   *
   * @throws IllegalArgumentException where there is none for it
   */
  public String completion(String shell) {
    return switch (shell) {
      case "bash" -> BashCompletion.of(tables);
      case "fish" -> FishCompletion.of(tables);
      case "zsh" -> ZshCompletion.of(tables);
      default ->
          throw new IllegalArgumentException(
              "there is no completion for " + shell + ": there is one for bash, fish and zsh");
    };
  }

  /** The guide's page of all commands. */
  public String markdown() {
    return MarkdownPage.of(tables);
  }

  /**
   * Writes what an installation has of it to where shells and {@code man} look below {@code share}.
   */
  public void writeTo(Path share) throws IOException {
    write(share.resolve("bash-completion/completions/hardway"), completion("bash"));
    write(share.resolve("fish/vendor_completions.d/hardway.fish"), completion("fish"));
    write(share.resolve("zsh/site-functions/_hardway"), completion("zsh"));
    for (OptionTable table : tables) {
      write(
          share.resolve("man/man1").resolve(ManualPage.name(table) + ".1"),
          ManualPage.of(table, tables));
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
