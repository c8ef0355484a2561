package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the OCI runtime's command line tells of a container, and the configuration it begins. */
class OciEventsTest extends KernelTest {
  private static final String LIMITS =
      ", \"resources\": {\"memory\": {\"limit\": 33554432}, \"pids\": {\"limit\": 20}}";

  private OciBundle bundle;

  @BeforeEach
  void makeBundle() throws IOException {
    bundle = new OciBundle(hardway, hardway.directory().resolve("bundle"));
    bundle.linux(LIMITS);
  }

  @AfterEach
  void end() {
    bundle.run("delete", "--force", "one");
  }

  private void start(String script) throws Exception {
    bundle.script(script);
    Product.Outcome outcome = bundle.create("one");
    assertEquals(0, outcome.exitCode(), outcome::toString);
    ok("start", "one");
  }

  private String ok(String... words) {
    Product.Outcome outcome = bundle.run(words);
    assertEquals(0, outcome.exitCode(), () -> String.join(" ", words) + "\n" + outcome);
    return outcome.out();
  }

  private void refused(String message, String... words) {
    Product.Outcome outcome = bundle.run(words);
    assertEquals(1, outcome.exitCode(), outcome::toString);
    assertTrue(outcome.err().contains(message), outcome::toString);
  }

  private static long number(String text, String pattern) {
    Matcher found = Pattern.compile(pattern).matcher(text);
    assertTrue(found.find(), () -> pattern + " in " + text);
    return Long.parseLong(found.group(1));
  }

  @Test
  void whatIsUsedIsTheControlGroupsFigures() throws Exception {
    start("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; sleep 1000 & sleep 1000");
    for (int i = 0; i < 1000 && !ok("exec", "one", "ps").contains("sleep 1000"); i++) {
      Thread.sleep(10);
    }
    String line = ok("events", "--stats", "one");
    assertTrue(line.startsWith("{\"type\":\"stats\",\"id\":\"one\",\"data\":{\"cpu\":{"), line);
    assertTrue(line.endsWith("}}\n"), line);
    long nanos = number(line, "\"usage\":\\{\"total\":(\\d+)");
    assertTrue(nanos > 1_000_000 && nanos <= GroupFile.cpuNanos("one"), line);
    assertEquals(33_554_432, number(line, "\"usage\":\\{\"limit\":(\\d+)"));
    long bytes = number(line, "\"usage\":\\{\"limit\":\\d+,\"usage\":(\\d+)");
    assertTrue(bytes > 100_000 && bytes < 33_554_432, line);
    assertEquals(20, number(line, "\"pids\":\\{\"current\":\\d+,\"limit\":(\\d+)"));
    assertTrue(number(line, "\"pids\":\\{\"current\":(\\d+)") >= 2, line);
    assertTrue(line.contains("\"network_interfaces\":[{\"Name\":\"lo\",\"RxBytes\":0,"), line);
  }

  @Test
  void theStreamTellsAgainAndAgainWhatIsUsedAndWhatWasKilledUntilTheContainerEnds()
      throws Exception {
    start(
        "while [ ! -e /go ]; do sleep 0.1; done;"
            + " sh -c 'a=xxxxxxxxxxxxxxxx; while :; do a=$a$a; done'; sleep 1; exit 0");
    Path output = hardway.directory().resolve("events");
    Process stream = bundle.begin(output, "events", "--interval", "50ms", "one");
    try {
      for (int i = 0; i < 1000 && Files.readAllLines(output).size() < 3; i++) {
        Thread.sleep(10);
      }
      Files.writeString(bundle.directory().resolve("rootfs/go"), "");
      assertEquals(0, stream.waitFor());
    } finally {
      stream.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(output);
    assertTrue(lines.contains("{\"type\":\"oom\",\"id\":\"one\"}"), lines::toString);
    assertTrue(
        lines.stream().filter(line -> line.contains("\"type\":\"stats\"")).count() >= 3,
        lines::toString);
    assertTrue(lines.stream().allMatch(line -> line.endsWith("}")), lines::toString);
  }

  @Test
  void aContainerThatDoesNotRunTellsNothing() throws Exception {
    refused("container does not exist: one", "events", "one");
    refused("greater than 0", "events", "--interval", "0", "one");
    start("exit 0");
    for (int i = 0; i < 500 && !ok("state", "one").contains("stopped"); i++) {
      Thread.sleep(10);
    }
    refused("container with id one is not running", "events", "--stats", "one");
    refused("container with id one is not running", "events", "one");
  }

  @Test
  void theConfigurationToBeginWithRunsAShell() throws Exception {
    Path config = bundle.directory().resolve("config.json");
    ok("spec", "--bundle", bundle.directory().toString());
    String text = Files.readString(config);
    assertTrue(text.contains("\"terminal\": true"), text);
    refused("is there already: remove it first", "spec", "-b", bundle.directory().toString());
    assertEquals(text, Files.readString(config));
    refused("/none: no such directory", "spec", "--bundle", "/none");
    bundle.config(text.replace("\"terminal\": true", "\"terminal\": false"));
    Product.Outcome outcome =
        bundle.runWith(
            "hostname; id -u; touch /x || grep NoNewPrivs /proc/self/status\n",
            "run",
            "--bundle",
            bundle.directory().toString(),
            "one");
    assertEquals("hardway\n0\nNoNewPrivs:\t1\n", outcome.out(), outcome::toString);
    assertFalse(Files.exists(bundle.directory().resolve("rootfs/x")));
  }
}
