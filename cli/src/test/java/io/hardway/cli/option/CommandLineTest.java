package io.hardway.cli.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.core.NearestWord;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each expectation was tried on docker's own command line. */
class CommandLineTest {

  private static OptionTable run() {
    return new OptionTable("run", "[OPTIONS] COMMAND", "Runs")
        .flag("detach", 'd', "")
        .flag("interactive", 'i', "")
        .flag("tty", 't', "")
        .flag("rm", "")
        .enabledFlag("sig-proxy", "")
        .value("memory", 'm', "bytes", "")
        .value("memory-swap", "bytes", "")
        .value("workdir", 'w', "string", "")
        .value("tail", 'n', "string", "all", "")
        .list("env", 'e', "list", "")
        .value("network", "string", "")
        .alias("net", "network")
        .arguments(1, Integer.MAX_VALUE)
        .optionsFirst();
  }

  private static OptionTable rm() {
    return new OptionTable("rm", "[OPTIONS] CONTAINER [CONTAINER...]", "Removes")
        .flag("force", 'f', "")
        .arguments(1, Integer.MAX_VALUE);
  }

  private static Arguments parse(String... words) {
    return CommandLine.parse(run(), List.of(words));
  }

  private static String refusal(String... words) {
    return assertThrows(UsageException.class, () -> parse(words)).getMessage();
  }

  @Test
  void aValueFollowsItsFlagOrAnEqualsSign() {
    assertEquals(Optional.of("64m"), parse("--memory", "64m", "x").text("memory"));
    assertEquals(Optional.of("64m"), parse("--memory=64m", "x").text("memory"));
    assertEquals(Optional.of(""), parse("--memory=", "x").text("memory"));
    assertEquals(Optional.of("a=b"), parse("--memory=a=b", "x").text("memory"));
    assertEquals(Optional.of("--rm"), parse("--memory", "--rm", "x").text("memory"));
  }

  @Test
  void shortFormsAreBundledAndTheLastMayHaveAValue() {
    Arguments bundled = parse("-itd", "x");
    assertTrue(bundled.flag("interactive") && bundled.flag("tty") && bundled.flag("detach"));
    assertEquals(Optional.of("64m"), parse("-m64m", "x").text("memory"));
    assertEquals(Optional.of("64m"), parse("-m=64m", "x").text("memory"));
    assertEquals(Optional.of("64m"), parse("-dm", "64m", "x").text("memory"));
    assertEquals(Optional.of("/a"), parse("-iw/a", "x").text("workdir"));
    assertFalse(parse("-d=false", "x").flag("detach"));
  }

  @Test
  void aSwitchTakesItsValueOnlyBehindAnEqualsSign() {
    assertFalse(parse("--rm=false", "x").flag("rm"));
    assertTrue(parse("--rm=1", "x").flag("rm"));
    assertEquals(List.of("false"), parse("--rm", "false").positional());
    assertTrue(parse("x").flag("sig-proxy"));
    assertFalse(parse("--sig-proxy=f", "x").flag("sig-proxy"));
    assertTrue(
        refusal("--rm=maybe", "x").startsWith("invalid argument \"maybe\" for \"--rm\" flag: "));
  }

  @Test
  void theFirstArgumentEndsTheOptionsWhereAnotherCommandFollows() {
    assertEquals(
        List.of("sh", "-c", "--rm", "--", "x"),
        parse("-d", "sh", "-c", "--rm", "--", "x").positional());
    assertFalse(parse("sh", "--rm").flag("rm"));
  }

  @Test
  void optionsMayFollowArgumentsElsewhere() {
    Arguments arguments = CommandLine.parse(rm(), List.of("a", "-f", "b"));
    assertTrue(arguments.flag("force"));
    assertEquals(List.of("a", "b"), arguments.positional());
  }

  @Test
  void twoDashesEndTheOptions() {
    assertEquals(
        List.of("-f", "--"), CommandLine.parse(rm(), List.of("--", "-f", "--")).positional());
    assertEquals(List.of("sh", "-c"), parse("--", "sh", "-c").positional());
  }

  @Test
  void aSingleDashIsAnArgument() {
    assertEquals(List.of("-"), parse("-").positional());
  }

  @Test
  void theLastValueCountsExceptInAList() {
    assertEquals(Optional.of("2"), parse("-m", "1", "-m", "2", "x").text("memory"));
    assertEquals(List.of("A=1", "B"), parse("-e", "A=1", "--env=B", "x").list("env"));
  }

  @Test
  void anOptionThatIsNotGivenHasItsDefault() {
    assertEquals(Optional.of("all"), parse("x").text("tail"));
    assertFalse(parse("x").has("tail"));
    assertEquals(Optional.empty(), parse("x").text("memory"));
  }

  @Test
  void anAliasSetsTheOptionItStandsFor() {
    assertEquals(Optional.of("none"), parse("--net", "none", "x").text("network"));
    assertTrue(run().options().stream().noneMatch(option -> option.name().equals("net")));
  }

  @Test
  void aTypoIsAnsweredWithTheNearestFlag() {
    assertEquals("unknown flag: --memry (did you mean --memory?)", refusal("--memry", "64m", "x"));
    assertEquals(
        "unknown flag: --interactiv (did you mean --interactive?)", refusal("--interactiv", "x"));
    assertEquals("unknown flag: --inter (did you mean --interactive?)", refusal("--inter=1", "x"));
    assertEquals("unknown flag: --publish", refusal("--publish", "80:80", "x"));
    assertEquals("unknown shorthand flag: 'Z' in -Z", refusal("-Z", "x"));
    assertEquals("unknown shorthand flag: 'X' in -itX", refusal("-itX", "x"));
    assertEquals("unknown shorthand flag: 'r' in -rm", refusal("-rm", "x"));
    assertEquals(
        "unknown shorthand flag: 'o' in -oneshot (did you mean --oneshot?)", refusalOfOneDash());
  }

  private static String refusalOfOneDash() {
    OptionTable table = new OptionTable("x", "", "").flag("oneshot", "");
    return assertThrows(UsageException.class, () -> CommandLine.parse(table, List.of("-oneshot")))
        .getMessage();
  }

  @Test
  void aMissingValueIsNamed() {
    assertEquals("flag needs an argument: --memory", refusal("--memory"));
    assertEquals("flag needs an argument: 'm' in -m", refusal("-m"));
    assertEquals("flag needs an argument: 'm' in -dm", refusal("-dm"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"---rm", "--=x", "---"})
  void badSyntaxIsRefused(String word) {
    assertEquals("bad flag syntax: " + word, refusal(word, "x"));
  }

  @Test
  void helpIsAskedForWhereverOptionsAre() {
    OptionTable table = run();
    assertSame(
        table,
        assertThrows(HelpRequest.class, () -> CommandLine.parse(table, List.of("--rm", "--help")))
            .table());
    assertThrows(HelpRequest.class, () -> CommandLine.parse(rm(), List.of("-h")));
    assertEquals(List.of("sh", "--help"), parse("sh", "--help").positional());
  }

  @Test
  void theNumberOfArgumentsIsChecked() {
    UsageException none =
        assertThrows(UsageException.class, () -> CommandLine.parse(rm(), List.of()));
    assertEquals("'hardway rm' requires at least 1 argument", none.getMessage());
    assertEquals(1, none.status());
    OptionTable diff = new OptionTable("diff", "CONTAINER", "").arguments(1, 1);
    assertEquals(
        "'hardway diff' requires 1 argument",
        assertThrows(UsageException.class, () -> CommandLine.parse(diff, List.of("a", "b")))
            .getMessage());
    OptionTable ps = new OptionTable("ps", "", "").arguments(0, 0);
    assertEquals(
        "'hardway ps' accepts no arguments, but was given \"extra\"",
        assertThrows(UsageException.class, () -> CommandLine.parse(ps, List.of("extra")))
            .getMessage());
    OptionTable create = new OptionTable("volume create", "[VOLUME]", "").arguments(0, 1);
    assertEquals(
        "'hardway volume create' accepts at most 1 argument",
        assertThrows(UsageException.class, () -> CommandLine.parse(create, List.of("a", "b")))
            .getMessage());
  }

  @Test
  void aWrongValueNamesItsFlagAndTheReason() {
    UsageException refused =
        assertThrows(
            UsageException.class,
            () ->
                parse("-m", "12x", "x")
                    .value(
                        "memory",
                        text -> {
                          throw new IllegalArgumentException("invalid suffix: 'x'");
                        }));
    assertEquals(
        "invalid argument \"12x\" for \"-m, --memory\" flag: invalid suffix: 'x'",
        refused.getMessage());
    assertEquals(125, refused.status());
  }

  @Test
  void askingForAnOptionTheTableDoesNotHaveIsAMistakeOfTheCommand() {
    assertThrows(IllegalStateException.class, () -> parse("x").flag("nonsense"));
  }

  @ParameterizedTest
  @CsvSource({
    "memory,memory,0",
    "memry,memory,1",
    "mmeory,memory,1",
    "'',abc,3",
    "abc,'',3",
    "kitten,sitting,3"
  })
  void distanceCountsChangedLettersAndSwappedNeighbours(String from, String to, int expected) {
    assertEquals(expected, NearestWord.distance(from, to));
  }
}
