package io.hardway.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.init.PlanCodec;
import io.hardway.spi.PlanningException;
import io.hardway.testkit.FakeHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bundles that somebody else wrote: whatever is in them ends in a plan or in a sentence. */
class HostileBundleTest {
  private static final BundleOptions NONE =
      new BundleOptions(Optional.empty(), Optional.empty(), Optional.empty(), 0);
  private static final int LONG = 1 << 20;

  private static final String CONFIG =
      """
      {"ociVersion": "1.1.0", "root": {"path": "rootfs", "readonly": true}, "hostname": "h",
       "domainname": "d", "annotations": {"a": "b"},
       "process": {"terminal": false, "consoleSize": {"height": 2, "width": 3},
         "user": {"uid": 5, "gid": 6, "umask": 18, "additionalGids": [7]},
         "args": ["true"], "env": ["A=b"], "cwd": "/", "noNewPrivileges": true,
         "capabilities": {"bounding": ["CAP_KILL"], "effective": ["CAP_KILL"],
           "inheritable": ["CAP_KILL"], "permitted": ["CAP_KILL"], "ambient": ["CAP_KILL"]},
         "rlimits": [{"type": "RLIMIT_CORE", "soft": 0, "hard": 0}], "oomScoreAdj": 10},
       "mounts": [{"destination": "/proc", "type": "proc", "source": "proc", "options": ["ro"]},
         {"destination": "/b", "type": "bind", "source": "/tmp", "options": ["bind", "nosuid"]}],
       "hooks": {"poststop": [{"path": "/bin/true", "args": ["true"], "env": ["A=b"], "timeout": 5}]},
       "linux": {"namespaces": [{"type": "mount"}, {"type": "pid"}, {"type": "uts"},
           {"type": "network"}, {"type": "ipc"}],
         "devices": [{"path": "/dev/x", "type": "c", "major": 1, "minor": 3, "fileMode": 438,
           "uid": 1, "gid": 2}],
         "sysctl": {"net.ipv4.ip_forward": "1"}, "maskedPaths": ["/proc/kcore"],
         "readonlyPaths": ["/proc/sys"], "rootfsPropagation": "private", "cgroupsPath": "/a/b"}}
      """;

  /** What takes the place of each value. */
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "-1",
          "99999999999999999999999",
          "1.5",
          "\"\"",
          "\"../../..\"",
          "\"a\\u0000b\"",
          "\"a\\nb\"",
          "[]",
          "[null]",
          "[[1]]",
          "{}",
          "{\"\": {}}",
          '"' + "x/".repeat(LONG / 2) + '"');

  private static final Pattern VALUE =
      Pattern.compile("(?<=[:\\[,] ?)(\"[^\"]*\"|-?\\d+|true|false)(?= ?[,\\]}])");

  @TempDir private Path directory;
  private Path bundle;
  private BundleEngine engine;

  @BeforeEach
  void makeEngine() throws IOException {
    bundle = Files.createDirectories(directory.resolve("bundle"));
    Files.createDirectories(bundle.resolve("rootfs"));
    Path root = Files.createDirectories(directory.resolve("host"));
    engine =
        new BundleEngine(
            new BundleDirectories(directory.resolve("state")),
            new FakeHost(root),
            new PlannedEngine(directory).engine().plugins(),
            warning -> assertFalse(warning.isEmpty()));
  }

  /** The sentence, or nothing where it is planned. */
  private String refusal(String config) throws IOException {
    Files.writeString(bundle.resolve("config.json"), config);
    try {
      PlanCodec.encode(engine.create("one", bundle, NONE, BundleOptions.Until.CREATED).plan());
      return "";
    } catch (HardwayException | PlanningException e) {
      return e.getMessage();
    }
  }

  /** Where in the configuration each value begins and ends. */
  static List<int[]> places() {
    List<int[]> places = new ArrayList<>();
    Matcher matcher = VALUE.matcher(CONFIG);
    while (matcher.find()) {
      places.add(new int[] {matcher.start(), matcher.end()});
    }
    return places;
  }

  @Test
  void whatItStandsOnIsPlanned() throws IOException {
    assertEquals("", refusal(CONFIG));
    assertTrue(places().size() > 50, "" + places().size());
  }

  @ParameterizedTest
  @MethodSource("places")
  void aValueOfAnyOtherKindEndsInAPlanOrASentence(int... place) throws IOException {
    for (String value : VALUES) {
      String config = CONFIG.substring(0, place[0]) + value + CONFIG.substring(place[1]);
      String refusal = refusal(config);
      assertTrue(refusal.length() < 4096, () -> "a sentence of " + refusal.length());
      assertFalse(refusal.contains("Exception"), refusal);
      assertFalse(Files.exists(directory.resolve("state")), "nothing is made by planning");
    }
  }

  @Test
  void aTruncatedConfigurationEndsInASentence() throws IOException {
    for (int length = 0; length < CONFIG.stripTrailing().length(); length += 7) {
      assertTrue(refusal(CONFIG.substring(0, length)).startsWith("config.json"));
    }
  }
}
