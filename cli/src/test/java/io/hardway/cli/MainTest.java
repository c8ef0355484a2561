package io.hardway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.core.json.JsonObject;
import io.hardway.spi.plan.Plan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole command lines, over directories where there is nothing yet. */
class MainTest {
  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<Plan> performed = new ArrayList<>();

  private int run(Performer performer, String... words) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "--state",
                folder.resolve("state").toString(),
                "--root",
                folder.resolve("data").toString()));
    line.addAll(List.of(words));
    return Main.run(
        line.toArray(new String[0]),
        Map.of("HOME", folder.toString()),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        performer);
  }

  private int run(String... words) {
    Performer noting =
        new Performer() {
          @Override
          public void perform(Plan plan) {
            performed.add(plan);
          }

          @Override
          public void performLast(Plan plan, List<String> afterwards) {
            performed.add(plan);
          }
        };
    return run(noting, words);
  }

  private String complaint() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** What may go wrong below, and what is said. */
  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new IOException("the native process is gone"), "native process is gone"),
        Arguments.of(new NoSuchFileException("/x"), "/x: no such file or directory"),
        Arguments.of(new java.io.UncheckedIOException(new IOException("why")), "why"),
        Arguments.of(new NullPointerException("some"), "a fault of hardway's own"),
        Arguments.of(new NumberFormatException("some"), "a fault of hardway's own"),
        Arguments.of(new ArrayIndexOutOfBoundsException(3), "a fault of hardway's own"),
        Arguments.of(new StackOverflowError(), "a fault of hardway's own"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void whateverGoesWrongIsOneLine(Throwable failure, String said) {
    Performer failing =
        new Performer() {
          @Override
          public void perform(Plan plan) throws IOException {
            if (failure instanceof IOException checked) {
              throw checked;
            } else if (failure instanceof RuntimeException unchecked) {
              throw unchecked;
            }
            throw (Error) failure;
          }

          @Override
          public void performLast(Plan plan, List<String> afterwards) throws IOException {
            perform(plan);
          }
        };
    assertEquals(125, run(failing, "volume", "create", "store"));
    assertEquals(1, complaint().lines().count(), complaint());
    assertTrue(complaint().startsWith("hardway: ") && complaint().contains(said), complaint());
  }

  @ParameterizedTest
  @CsvSource({
    "trace run --rootfs / true",
    "trace rm -f web",
    "explain run --rootfs / true",
    "ps",
    "volume ls",
    "logs web"
  })
  void whatHasNoPlanOfItsOwnIsNotExplained(String command) {
    List<String> words = new ArrayList<>(List.of("explain"));
    words.addAll(List.of(command.split(" ")));
    assertEquals(125, run(words.toArray(new String[0])));
    assertEquals(List.of(), performed);
    assertTrue(complaint().contains("has no plan of its own"), complaint());
  }

  @Test
  void aPluginFolderThatIsNamedMustBeThere() {
    assertEquals(125, run("--plugin-dir", folder.resolve("none").toString(), "plugins"));
    assertTrue(complaint().contains("there is no such folder"), complaint());
  }

  @Test
  void eventsKnowAContainerByTheNameItHasThen() throws IOException {
    String event = "{\"time\":\"2026-01-02T03:04:05Z\",\"type\":\"container\",\"action\":\"";
    Files.createDirectory(folder.resolve("state"));
    Files.writeString(
        folder.resolve("state/events"),
        event
            + "start\",\"id\":\"01\",\"name\":\"old\"}\n"
            + event
            + "rename\",\"id\":\"01\",\"name\":\"web\"}\n"
            + event
            + "die\",\"id\":\"01\",\"name\":\"old\"}\n");
    String format = "{{.Action}} {{.Actor.Attributes.name}}";
    assertEquals(
        0,
        run(
            "events",
            "--since",
            "1",
            "--until",
            "0s",
            "--filter",
            "container=web",
            "--format",
            format));
    assertEquals("rename web\ndie web\n", out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void aLargeJournalIsRotatedAndReadOn() throws IOException {
    Files.createDirectory(folder.resolve("state"));
    String event =
        "{\"time\":\"2026-01-02T03:04:05Z\",\"type\":\"container\",\"action\":\"start\",\"id\":\"01\",\"name\":\"";
    Path journal = folder.resolve("state/events");
    Files.writeString(journal, event + "a".repeat(1 << 20) + "\"}\n");
    assertEquals(0, run("explain", "volume", "create", "store"));
    assertTrue(Files.exists(journal));
    assertEquals(0, run("ps"));
    assertFalse(Files.exists(journal));
    Files.writeString(journal, event + "torn\n" + event.replace("start", "die") + "b\"}\n");
    out.reset();
    String format = "{{.Action}}";
    assertEquals(0, run("events", "--since", "1", "--until", "0s", "--format", format));
    assertEquals("start\ndie\n", out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void whatIsExplainedIsNotDone() {
    assertEquals(0, run("explain", "volume", "create", "store"));
    assertEquals(0, run("explain", "system", "reconcile"));
    assertEquals(0, run("explain", "volume", "prune"));
    assertEquals(0, run("explain", "prune"));
    assertEquals(List.of(), performed);
    String explained = out.toString(StandardCharsets.UTF_8);
    assertTrue(explained.contains("make volume store"), explained);
    assertFalse(explained.contains("Are you sure"), explained);
    assertFalse(explained.contains("reclaimed"), explained);
  }

  @Test
  void plansAsDataAreOneDocument() throws IOException {
    assertEquals(0, run("explain", "--format", "json", "volume", "create", "store"));
    assertTrue(out.toString(StandardCharsets.UTF_8).startsWith("{"));
    JsonObject.parse("plan", out.toString(StandardCharsets.UTF_8));
    for (String volume : List.of("one", "two")) {
      Files.createDirectories(folder.resolve("data/volumes/" + volume + "/_data"));
    }
    out.reset();
    assertEquals(0, run("explain", "--format", "json", "volume", "rm", "one", "two"));
    String several = "{\"plans\":" + out.toString(StandardCharsets.UTF_8) + "}";
    assertEquals(2, JsonObject.parse("plans", several).objects("plans").size());
    out.reset();
    assertEquals(0, run("explain", "--format", "json", "prune"));
    assertEquals("[]\n", out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void whatIsPrunedIsAddedUp() {
    assertEquals(0, run("prune", "--force"));
    assertEquals("Total reclaimed space: 0B\n", out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void pluginsAreListedInEveryForm() {
    assertEquals(0, run("plugins", "--format", "{{.Kind}} {{.Name}} {{.Usable}}"));
    assertEquals(0, run("plugins", "--format", "table {{.Name}}\\t{{.Kind}}"));
    assertEquals(0, run("plugins"));
    String listed = out.toString(StandardCharsets.UTF_8);
    assertTrue(listed.contains("network net-some true\n"), listed);
    assertTrue(listed.contains("NAME") && listed.contains("DESCRIPTION"), listed);
    assertEquals(125, run("plugins", "--format", "{{.Nmae}}"));
  }

  @Test
  void eachContainerThatIsMissingIsNamed() {
    assertEquals(1, run("wait", "one", "two"));
    assertTrue(complaint().contains(": one") && complaint().contains(": two"), complaint());
    assertEquals(0, run("rm", "-f", "three"));
    assertTrue(complaint().contains(": three"), complaint());
    assertEquals(1, run("rm"));
    assertEquals(List.of(), performed);
  }

  @ParameterizedTest
  @CsvSource({
    "ps, nosuch=1, there are id",
    "ps, status=nosuch, running",
    "ps, name, NAME=VALUE",
    "ps, exited=x, from 0 to 255",
    "ps, exited=256, from 0 to 255",
    "events, nosuch=1, there are container",
    "volume ls, nosuch=1, there are dangling",
    "volume ls, dangling=maybe, dangling",
  })
  void aWrongFilterIsRefusedAlsoWhereThereIsNothing(String command, String filter, String said) {
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    words.addAll(List.of("--filter", filter));
    assertEquals(125, run(words.toArray(new String[0])));
    assertTrue(complaint().contains(said), complaint());
  }

  @ParameterizedTest
  @CsvSource({
    "run -w here --rootfs / true, --workdir",
    "exec -w here some true, No such container",
    "ps --filter before=nosuch, No such container: nosuch",
    "ps --filter since=nosuch, No such container: nosuch",
    "trace --output /missing/x ps, there is no directory /missing",
    "rnu, Did you mean run?",
    "volume lss, Did you mean volume ls?",
    "ps --al, did you mean --all?",
    "run --memory, flag needs an argument",
    "update --oom-kill-disable=false some, stays so",
  })
  void whatWasMeantIsSaid(String line, String said) {
    assertTrue(run(line.split(" ")) > 0);
    assertTrue(complaint().contains(said), complaint());
  }
}
