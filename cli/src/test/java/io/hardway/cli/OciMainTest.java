package io.hardway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.cli.option.CommandLine;
import io.hardway.cli.option.UsageException;
import io.hardway.core.Bundle;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.spec.Namespace;
import io.hardway.spi.spec.Spec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole command lines of the OCI runtime, over a container that has stopped. */
class OciMainTest {
  private static final String STOPPED =
      """
      {"id": "one", "bundle": "/b", "created": "2026-01-01T00:00:00Z", "isolation": "i",
       "resources": "r", "supplements": [], "groups": [],
       "spec": {"ociVersion": "1.0.2", "root": {"path": "/b/r"}, "process": {"args": ["true"]}}}
      """;

  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<Plan> performed = new ArrayList<>();

  @BeforeEach
  void makeContainer() throws IOException {
    Path directory = Files.createDirectories(folder.resolve("root/one"));
    Files.writeString(directory.resolve("config.json"), STOPPED);
  }

  private int run(String... words) {
    List<String> line = new ArrayList<>(List.of("--root", folder.resolve("root").toString()));
    line.addAll(List.of(words));
    return OciMain.run(
        line.toArray(new String[0]),
        Map.of("HOME", folder.toString()),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        new Performer() {
          @Override
          public void perform(Plan plan) {
            performed.add(plan);
          }

          @Override
          public void performLast(Plan plan, List<String> afterwards) {
            performed.add(plan);
          }
        });
  }

  private void refused(String message, String... words) {
    assertEquals(1, run(words), () -> String.join(" ", words));
    String said = err.toString(StandardCharsets.UTF_8);
    assertTrue(said.contains(message), said);
    err.reset();
  }

  @Test
  void anUpdateOfAContainerThatIsNotThereOrHasStoppedIsRefused() {
    refused("container does not exist: two", "update", "--memory", "64m", "two");
    refused("cannot update a container that has stopped", "update", "--memory", "64m", "one");
  }

  static List<String> commands() {
    return OciCommands.names();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandRefusesTheSameOptionsBeforeIt(String command) {
    refusedBefore(command, "use auto, true or false", "--rootless", "maybe");
    refusedBefore(command, "use text or json", "--log-format", "xml");
    refusedBefore(command, "unknown flag: --none", "--none");
  }

  private void refusedBefore(String command, String message, String... options) {
    List<String> words = new ArrayList<>(List.of(options));
    words.addAll(List.of(command, "two"));
    refused(message, words.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({
    "0, true, root's control groups are always made",
    "0, 1, root's control groups are always made",
    "1000, false, an ordinary user cannot",
    "0, false, ''",
    "0, auto, ''",
    "1000, auto, ''",
    "1000, true, ''",
  })
  void whetherTheCallerIsAnOrdinaryUserIsNotChosen(long uid, String value, String complaint) {
    var global = CommandLine.parse(OciGlobalOptions.table(), List.of("--rootless", value, "list"));
    if (complaint.isEmpty()) {
      OciGlobalOptions.check(global, uid);
    } else {
      UsageException refusal =
          assertThrows(UsageException.class, () -> OciGlobalOptions.check(global, uid));
      assertTrue(refusal.getMessage().contains(complaint), refusal.getMessage());
    }
  }

  @Test
  void aProgramForCheckpointsIsOfNoUseToOthers() {
    assertEquals(0, run("--criu", "/none", "--systemd-cgroup=false", "list", "-q"));
    assertEquals("one\n", out.toString(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "{\"memory\": {\"limit\": \"64m\"}}|.memory: limit must be a whole number",
        "{\"cpu\": {\"cpus\": 1}}|.cpu: cpus must be text",
        "{\"hugepageLimits\": [{\"limit\": 1}]}|.hugepageLimits[0]: pageSize is missing",
        "[]|: not a JSON object",
        "{\"memory\": |:1: ",
      })
  void aFormThatIsWrongIsRefusedByItsPlace(String form, String complaint) throws IOException {
    String file = Files.writeString(folder.resolve("limits"), form).toString();
    refused(file + complaint, "update", "--resources", file, "one");
    assertEquals(List.of(), performed);
  }

  @ParameterizedTest
  @CsvSource({
    "--cpu-idle 2, must be between 0 and 1",
    "--memory lots, invalid size",
    "--cpu-quota -2, must be between -1",
    "--cpuset-cpus a, no list of numbers",
    "--blkio-weight 1001, must be between 0 and 1000",
    "--pids-limit many, no whole number",
    "--resources /none, /none: no such file",
    "--resources /none --memory 64m, --memory cannot be used beside --resources",
    "--l3-cache-schema L3:0=f, --l3-cache-schema is not there yet",
    "--mem-bw-schema MB:0=20, --mem-bw-schema is not there yet",
    "--oom-kill-disable 1, unknown flag: --oom-kill-disable"
  })
  void aFlagThatIsWrongIsRefusedByName(String flags, String complaint) {
    String[] words = ("update " + flags + " one").split(" ");
    refused(complaint, words);
    assertEquals(List.of(), performed);
  }

  @ParameterizedTest
  @CsvSource({
    "checkpoint --lazy-pages, memory is written",
    "checkpoint --page-server 1.2.3.4:5, copy them from there",
    "checkpoint --status-fd 7, copy them from there",
    "checkpoint --empty-ns ipc, network is the only one",
    "checkpoint --manage-cgroups-mode some, 'use soft, full, strict or ignore'",
    "restore --lazy-pages, memory is written",
    "restore --no-pivot, criu changes the root by pivot_root",
    "restore --no-subreaper, cannot be had without --detach",
    "restore --empty-ns network --manage-cgroups-mode none, 'use soft, full, strict or ignore'",
    "restore --parent-path x, unknown flag: --parent-path",
  })
  void whatCheckpointAndRestoreDoNotHaveIsRefusedByName(String flags, String complaint) {
    refused(complaint, (flags + " one").split(" "));
    assertEquals(List.of(), performed);
  }

  @Test
  void aCheckpointOfWhatIsNotThereIsRefused() {
    refused("container does not exist: two", "--criu", "/none", "checkpoint", "two");
    assertEquals(List.of(), performed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--rootless"})
  void theConfigurationToBeginWithIsABundles(String flag) throws IOException {
    Path bundle = Files.createDirectories(folder.resolve("bundle/rootfs")).getParent();
    List<String> words = new ArrayList<>(List.of("spec", "-b", bundle.toString()));
    if (!flag.isEmpty()) {
      words.add(flag);
    }
    assertEquals(0, run(words.toArray(String[]::new)));
    Spec spec = Bundle.read(bundle);
    assertEquals(List.of("sh"), spec.process().args());
    List<String> types = spec.linux().namespaces().stream().map(Namespace::type).toList();
    assertEquals(flag.isEmpty(), types.contains("network"));
    assertEquals(!flag.isEmpty(), types.contains("user"));
    assertEquals(flag.isEmpty() ? 0 : 1, spec.linux().uidMappings().size());
    assertEquals(!flag.isEmpty(), spec.linux().resources().devices().isEmpty());
    refused("is there already: remove it first", words.toArray(String[]::new));
  }
}
