package io.hardway.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  /** A line of the default file that gives a key its default. */
  private static final Pattern COMMENTED = Pattern.compile("# ([a-z-]+ = .+)");

  @TempDir private Path directory;

  private static List<String> defaultFile() throws IOException {
    try (InputStream file = Settings.class.getResourceAsStream("config.toml")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("config.toml"), text);
  }

  private String refusalOf(String text) throws IOException {
    Path file = file(text);
    String message = assertThrows(HardwayException.class, () -> Settings.read(file)).getMessage();
    assertTrue(message.startsWith(file.toString()), message);
    return message.substring(file.toString().length());
  }

  @Test
  void theDefaultFileSetsNothing() throws IOException {
    Settings settings = Settings.read(file(String.join("\n", defaultFile())));
    assertEquals(Set.of(), settings.keysThatAreSet());
  }

  @Test
  void theDefaultFileUncommentedSetsEveryKeyThereIs() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : defaultFile()) {
      var commented = COMMENTED.matcher(line);
      lines.add(commented.matches() ? commented.group(1) : line);
    }
    Settings settings = Settings.read(file(String.join("\n", lines)));
    assertEquals(new TreeSet<>(Settings.knownKeys()), new TreeSet<>(settings.keysThatAreSet()));
    assertEquals("/run/hardway", settings.text("state"));
    assertEquals(List.of("/opt/hardway-plugins"), settings.texts("plugins.folders"));
    assertEquals("auto", settings.text("plugins.isolation"));
    assertEquals(10, settings.number("run.stop-timeout", 0));
    assertFalse(settings.isOn("run.init"));
  }

  @Test
  void everyKeyOfTheDefaultFileIsDescribedAboveIt() throws IOException {
    List<String> lines = defaultFile();
    boolean described = false;
    for (String line : lines) {
      if (COMMENTED.matcher(line).matches()) {
        assertTrue(described, line + " has no description");
      } else {
        described = line.startsWith("# ");
      }
    }
  }

  @Test
  void whatIsSetIsAnswered() throws IOException {
    Settings settings =
        Settings.read(
            file(
                """
                root = "/srv/containers"
                run.stop-timeout = 3

                [plugins]
                auto = [
                  "net-mine",
                  "net-yours",
                ]

                [log]
                "max-size" = "10m"
                """));
    assertEquals("/srv/containers", settings.text("root"));
    assertEquals(3, settings.number("run.stop-timeout", 10));
    assertEquals(List.of("net-mine", "net-yours"), settings.texts("plugins.auto"));
    assertEquals("10m", settings.text("log.max-size"));
    assertEquals("", settings.text("state"));
    assertEquals(1, settings.number("log.max-file", 1));
  }

  @Test
  void anUnknownKeyIsNamedWithItsLineAndTheNearest() throws IOException {
    assertEquals(
        ":3: run.stop-timout is no key of the configuration; did you mean run.stop-timeout?",
        refusalOf("[run]\ninit = true\nstop-timout = 3\n"));
    assertEquals(
        ":3: run.stop is no key of the configuration; did you mean run.stop-timeout?",
        refusalOf("[run]\nstop-timeout = 3\nstop = 3\n"));
    assertEquals(
        ":1: stat is no key of the configuration; did you mean state?", refusalOf("stat = \"/x\""));
    assertEquals(
        ":1: max-size is no key of the configuration; did you mean log.max-size?",
        refusalOf("max-size = \"1m\""));
  }

  @Test
  void anUnknownTableIsNamedWithItsLine() throws IOException {
    assertEquals(
        ":2: network is no table of the configuration; there are [plugins], [run] and [log]",
        refusalOf("# mine\n[network] # as I like it\nname = \"bridge\"\n"));
    assertEquals(
        ":1: state is no table of the configuration; there are [plugins], [run] and [log]",
        refusalOf("[state]\npath = \"/x\"\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "state = 5 | :1: state must be a text in quotes",
        "plugins.isolation = true | :1: plugins.isolation must be a text in quotes",
        "run = { init = 1 } | :1: run.init must be true or false",
        "run.init = \"yes\" | :1: run.init must be true or false",
        "run.stop-timeout = \"10\" | :1: run.stop-timeout must be a whole number",
        "run.stop-timeout = 1.5 | :1: run.stop-timeout must be a whole number",
        "plugins.folders = \"/a\" | :1: plugins.folders must be a list of texts, like [\"one\", \"two\"]",
        "plugins.auto = [1] | :1: plugins.auto must be a list of texts, like [\"one\", \"two\"]",
        "run = 5 | :1: run is no key of the configuration",
      })
  void aValueOfTheWrongTypeIsRefusedByItsKey(String text, String refusal) throws IOException {
    assertEquals(refusal, refusalOf(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"state = /run", "[run", "init = ", "\"state = 1", "= 3", "[run]]"})
  void whatIsNotTomlIsRefusedWithItsLine(String second) throws IOException {
    String refusal = refusalOf("root = \"/x\"\n" + second + "\n");
    assertTrue(refusal.startsWith(":2: not TOML: "), refusal);
  }

  @Test
  void theLineOfAMalformedStatementIsTheOneItBeginsAt() throws IOException {
    String refusal = refusalOf("[plugins]\nfolders = [\n  \"/a\",\n\n[run]\ninit = true\n");
    assertTrue(refusal.startsWith(":2: not TOML: "), refusal);
    assertEquals(1, refusal.lines().count());
  }

  @Test
  void aFileThatCannotBeReadIsNamed() throws IOException {
    Path missing = directory.resolve("none.toml");
    assertEquals(
        "there is no configuration file " + missing,
        assertThrows(HardwayException.class, () -> Settings.read(missing)).getMessage());
    assertEquals(
        "the configuration file " + directory + " cannot be read: Is a directory",
        assertThrows(HardwayException.class, () -> Settings.read(directory)).getMessage());
    Path latin = directory.resolve("latin.toml");
    Files.write(latin, "# Stra\u00dfe\n".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(
        "the configuration file " + latin + " cannot be read: it is not UTF-8",
        assertThrows(HardwayException.class, () -> Settings.read(latin)).getMessage());
  }
}
