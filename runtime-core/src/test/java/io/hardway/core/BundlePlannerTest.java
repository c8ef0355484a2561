package io.hardway.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.Step;
import io.hardway.testkit.FakeHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BundlePlannerTest {
  private static final BundleOptions NONE =
      new BundleOptions(Optional.empty(), Optional.empty(), Optional.empty(), 0);

  /** What may come before the undo: it makes nothing that would be left behind. */
  private static final Set<String> BEFORE_THE_UNDO =
      Set.of("mkdirs", "reconcile", "lock", "mkdir", "replace");

  @TempDir private Path directory;
  private Path bundle;
  private BundleEngine engine;
  private final List<String> warnings = new ArrayList<>();

  @BeforeEach
  void makeEngine() throws IOException {
    bundle = Files.createDirectories(directory.resolve("bundle"));
    Files.createDirectories(bundle.resolve("rootfs"));
    config("");
    engine =
        new BundleEngine(
            new BundleDirectories(directory.resolve("state")),
            new FakeHost(Files.createDirectories(directory.resolve("host"))),
            new PlannedEngine(directory).engine().plugins(),
            warnings::add);
  }

  private void config(String more) throws IOException {
    Files.writeString(
        bundle.resolve("config.json"),
        """
        {"ociVersion": "1.0.2", "root": {"path": "rootfs"},
         "process": {"user": {"uid": 5, "gid": 6}, "args": ["true"], "cwd": "/"},
         "linux": {"namespaces": [{"type": "mount"}, {"type": "network"}]}
        """
            + more
            + "}");
  }

  private PlannedCommand create(BundleOptions options, BundleOptions.Until until) {
    return engine.create("one", bundle, options, until);
  }

  private Plan stored(String name) {
    return create(NONE, BundleOptions.Until.CREATED)
        .stored()
        .get(directory.resolve("state/one").resolve(name));
  }

  private static int first(Plan plan, Class<? extends Operation> kind) {
    for (int i = 0; i < plan.steps().size(); i++) {
      if (kind.isInstance(plan.steps().get(i).operation())) {
        return i;
      }
    }
    throw new AssertionError("no " + kind.getSimpleName() + " in " + PlannedEngine.texts(plan));
  }

  @Test
  void theUndoIsStoredBeforeItsEffects() {
    for (Step step : create(NONE, BundleOptions.Until.CREATED).plan().steps()) {
      assertTrue(
          BEFORE_THE_UNDO.contains(step.operation().keyword()),
          step.operation().keyword() + ": " + step.label());
      if (step.operation() instanceof Operation.Replace replace) {
        assertEquals(
            directory.resolve("state/one/undo.plan").toString(), replace.path().toString());
        return;
      }
    }
  }

  /** The directory of a container that is there already must not be undone. */
  @Test
  void theDirectoryIsMadeBetweenTwoLocks() {
    List<Step> steps = create(NONE, BundleOptions.Until.CREATED).plan().steps();
    int made = first(create(NONE, BundleOptions.Until.CREATED).plan(), Operation.Mkdir.class);
    assertTrue(steps.get(made - 1).operation() instanceof Operation.Lock);
    assertTrue(steps.get(made + 1).operation() instanceof Operation.Lock);
    assertEquals(0, steps.get(made).ignored().length);
  }

  @Test
  void theUndoBecomesWhatDeleteDoesWhenAllIsMade() {
    List<Step> steps = create(NONE, BundleOptions.Until.CREATED).plan().steps();
    Operation last = steps.get(steps.size() - 2).operation();
    assertEquals(
        directory.resolve("state/one/delete.plan").toString(),
        ((Operation.Rename) last).to().toString());
    assertTrue(steps.get(steps.size() - 1).operation() instanceof Operation.Unlink);
  }

  @Test
  void storedPlansAreTheParentsAlone() {
    for (String name :
        List.of("undo.plan", "kill.plan", "start.plan", "pause.plan", "resume.plan")) {
      for (Step step : stored(name).steps()) {
        assertEquals(0, step.actor().number(), name + ": " + step.label());
      }
    }
  }

  @Test
  void howItStandsStillAndGoesOnIsStored() {
    assertEquals(List.of("group write: freeze"), PlannedEngine.texts(stored("pause.plan")));
    assertEquals(List.of("group write: thaw"), PlannedEngine.texts(stored("resume.plan")));
  }

  @Test
  void whatDeleteDoesEndsEverythingAndRemovesIt() {
    assertEquals(
        List.of(
            "core signal: kill the container's first process, and with it its pid namespace",
            "group kill-group: kill the group",
            "group remove-group: remove the group",
            "core await-exit: wait until it is gone",
            "core remove-tree: remove the container's directory",
            "core unlink: stop owning the container"),
        PlannedEngine.texts(stored("undo.plan")));
  }

  @Test
  void loopbackIsBroughtUpInANewNetworkNamespace() {
    assertTrue(
        PlannedEngine.texts(create(NONE, BundleOptions.Until.CREATED).plan())
            .contains("core netlink: bring the loopback interface up"));
  }

  @Test
  void thePidIsWrittenForTheCaller() {
    BundleOptions options =
        new BundleOptions(
            Optional.of(directory.resolve("pid")), Optional.empty(), Optional.empty(), 0);
    assertTrue(
        PlannedEngine.texts(create(options, BundleOptions.Until.CREATED).plan())
            .contains("core replace: write the pid to " + directory.resolve("pid")));
  }

  @Test
  void aTerminalIsSentToItsSocket() throws IOException {
    config("");
    Files.writeString(
        bundle.resolve("config.json"),
        Files.readString(bundle.resolve("config.json"))
            .replace("\"cwd\"", "\"terminal\": true, \"cwd\""));
    assertThrows(HardwayException.class, () -> create(NONE, BundleOptions.Until.CREATED));
    BundleOptions options =
        new BundleOptions(
            Optional.empty(), Optional.of(directory.resolve("console")), Optional.empty(), 0);
    first(create(options, BundleOptions.Until.CREATED).plan(), Operation.SendFd.class);
  }

  @Test
  void oneThatIsRunIsDeletedInTheEnd() {
    Plan plan = create(NONE, BundleOptions.Until.ENDED).plan();
    assertTrue(first(plan, Operation.Supervise.class) < first(plan, Operation.Perform.class));
    Plan detached = create(NONE, BundleOptions.Until.STARTED).plan();
    assertTrue(first(detached, Operation.LetGo.class) == detached.steps().size() - 1);
  }

  /** Who waits for its end would keep all others from changing it. */
  @Test
  void oneThatIsRunCanBeChangedMeanwhile() {
    List<String> steps = PlannedEngine.texts(create(NONE, BundleOptions.Until.ENDED).plan());
    int closed = steps.indexOf("core close: let other commands change it while it runs");
    assertTrue(closed >= 0, steps::toString);
    assertTrue(closed < steps.indexOf("core supervise: wait until it has ended"), steps::toString);
  }

  @Test
  void anIdCanBeUsedOnce() throws IOException {
    Files.createDirectories(directory.resolve("state/one"));
    assertEquals(
        "container with id one already exists",
        assertThrows(HardwayException.class, () -> create(NONE, BundleOptions.Until.CREATED))
            .getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", ".owners", "a/b", "a b", "é", "a\n"})
  void anIdIsAPlainName(String id) {
    assertThrows(
        HardwayException.class, () -> engine.create(id, bundle, NONE, BundleOptions.Until.CREATED));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"ociVersion\": \"1.0.2\"|\"ociVersion\": \"2.0.0\"|ociVersion",
        "\"args\": [\"true\"]|\"args\": []|process.args",
        "\"args\": [\"true\"]|\"args\": \"true\"|process: args",
        "\"cwd\": \"/\"|\"cwd\": \"x\"|process.cwd",
        "\"path\": \"rootfs\"|\"path\": \"none\"|root.path",
        "\"uid\": 5|\"uid\": \"root\"|process.user: uid",
      })
  void whatIsInvalidIsNamedByItsPlace(String valid, String invalid, String place)
      throws IOException {
    String text = Files.readString(bundle.resolve("config.json"));
    assertTrue(text.contains(valid));
    Files.writeString(bundle.resolve("config.json"), text.replace(valid, invalid));
    String message =
        assertThrows(HardwayException.class, () -> create(NONE, BundleOptions.Until.CREATED))
            .getMessage();
    assertTrue(message.contains(place), message);
  }

  @Test
  void aCapabilityThatIsNotToBeHadIsLeftOutWithAWarning() throws IOException {
    String capabilities =
        "\"cwd\": \"/\", \"capabilities\": {\"bounding\": [\"CAP_KILL\", \"CAP_FLY\"]}";
    config("");
    String text =
        Files.readString(bundle.resolve("config.json")).replace("\"cwd\": \"/\"", capabilities);
    Files.writeString(bundle.resolve("config.json"), text.replace("1.0.2", "1.1.0"));
    create(NONE, BundleOptions.Until.CREATED);
    assertEquals(1, warnings.size(), warnings::toString);
    assertTrue(warnings.get(0).contains("CAP_FLY"), warnings::toString);
    Files.writeString(bundle.resolve("config.json"), text);
    String message =
        assertThrows(HardwayException.class, () -> create(NONE, BundleOptions.Until.CREATED))
            .getMessage();
    assertTrue(message.contains("process.capabilities.bounding[1]"), message);
  }

  @Test
  void whatNoKernelDoesAnyMoreIsLeftOutWithAWarning() throws IOException {
    config("");
    String text = Files.readString(bundle.resolve("config.json"));
    Files.writeString(
        bundle.resolve("config.json"),
        text.replace(
            "\"namespaces\"",
            "\"mountLabel\": \"system_u:object_r:a_t:s0\","
                + " \"resources\": {\"memory\": {\"kernel\": 1000000}}, \"namespaces\""));
    create(NONE, BundleOptions.Until.CREATED);
    assertEquals(2, warnings.size(), warnings::toString);
    assertTrue(warnings.get(0).contains("memory.kernel"), warnings::toString);
    assertTrue(warnings.get(1).contains("mountLabel"), warnings::toString);
  }

  @Test
  void whatTheSpecificationDoesNotKnowIsIgnored() throws IOException {
    config(", \"unknown\": {\"a\": [1, 2.5, null]}");
    assertFalse(create(NONE, BundleOptions.Until.CREATED).plan().steps().isEmpty());
  }
}
