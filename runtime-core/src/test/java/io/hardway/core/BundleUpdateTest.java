package io.hardway.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.core.json.JsonObject;
import io.hardway.spi.Limit;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.Resources;
import io.hardway.testkit.FakeHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes of limits of a container that has been made. */
class BundleUpdateTest {
  private static final Resources MORE =
      Resources.builder()
          .memory(MemoryResources.builder().limit(Limit.of(64)).build())
          .pids(Limit.of(7))
          .build();

  @TempDir private Path directory;
  private BundleEngine engine;
  private final List<String> warnings = new ArrayList<>();

  @BeforeEach
  void makeContainer() throws IOException {
    Path bundle = Files.createDirectories(directory.resolve("bundle/rootfs")).getParent();
    Files.writeString(
        bundle.resolve("config.json"),
        """
        {"ociVersion": "1.0.2", "root": {"path": "rootfs"},
         "process": {"args": ["true"], "cwd": "/"},
         "linux": {"namespaces": [{"type": "mount"}],
           "resources": {"memory": {"limit": 0, "swap": 0}, "cpu": {"shares": 0, "cpus": ""},
             "pids": {"limit": 0}}}}
        """);
    engine =
        new BundleEngine(
            new BundleDirectories(directory.resolve("state")),
            new FakeHost(Files.createDirectories(directory.resolve("host"))),
            new PlannedEngine(directory).engine().plugins(),
            warnings::add);
    BundleOptions none = new BundleOptions(Optional.empty(), Optional.empty(), Optional.empty(), 0);
    for (var step :
        engine.create("one", bundle, none, BundleOptions.Until.CREATED).plan().steps()) {
      if (step.operation() instanceof Operation.Replace replace
          && replace.path().toString().endsWith("/config.json")) {
        Path file = Path.of(replace.path().toString());
        Files.createDirectories(file.getParent());
        Files.writeString(file, replace.data().toString());
      }
    }
  }

  private BundleRecord container(String status) {
    return new BundleRecord(engine.find("one").config(), status, 42);
  }

  @Test
  void whatTakesItBackIsStoredFirstAndTheNewLimitsAreKeptLast() {
    PlannedCommand update = engine.update(container("running"), MORE, MORE);
    assertEquals(
        List.of(
            "core replace: store what takes the change back, where a step of it fails",
            "group write: limit [memory, pids]",
            "core replace: keep what was asked for",
            "core unlink: remove what takes the change back"),
        PlannedEngine.texts(update.plan()));
    Path undo = directory.resolve("state/one/update.plan");
    assertEquals(Optional.of(undo), update.plan().undo());
    assertEquals(
        List.of("core unlink: remove the plan that took the change back"),
        PlannedEngine.texts(update.stored().get(undo)));
  }

  @Test
  void whatIsKeptHasTheNewLimitsAndTheGroupsAsBefore() throws IOException {
    Path file = directory.resolve("state/one/config.json");
    JsonObject before = JsonObject.parse("before", Files.readString(file));
    Operation.Replace kept =
        (Operation.Replace)
            engine.update(container("running"), MORE, MORE).plan().steps().get(2).operation();
    assertEquals(file.toString(), kept.path().toString());
    JsonObject after = JsonObject.parse("after", kept.data().toString());
    assertEquals(GroupPlaces.read(before).json(), GroupPlaces.read(after).json());
    Resources limits = BundleJson.read(after).spec().linux().resources();
    assertEquals(Optional.of(Limit.of(64)), limits.memory().limit());
    assertEquals(Optional.of(Limit.of(7)), limits.pids());
  }

  /** Engines write members they have nothing to say of as 0. */
  @Test
  void zerosOfABundleAskForNothing() {
    Resources limits = engine.find("one").config().spec().linux().resources();
    assertTrue(limits.controllers().isEmpty(), () -> limits.controllers().toString());
  }

  @Test
  void zerosOfAnUpdateAskForNothingAndOthersStay() {
    Resources limits =
        Bundle.readLimits(
            "x",
            """
            {"memory": {"limit": -1, "swap": 0, "reservation": 0}, "pids": {"limit": 0},
             "cpu": {"shares": 0, "quota": -1, "burst": 0, "mems": "", "realtimePeriod": 0},
             "blockIO": {"weight": 0}, "hugepageLimits": [{"pageSize": "2MB", "limit": 0}]}
            """);
    assertEquals(Optional.of(Limit.unlimited()), limits.memory().limit());
    assertTrue(limits.memory().swap().isEmpty());
    assertEquals(-1, limits.cpu().quota().orElse(0));
    assertEquals(0, limits.cpu().burst().orElse(1));
    assertEquals(List.of("memory", "cpu", "hugetlb"), List.copyOf(limits.controllers()));
  }

  @Test
  void aLimitOfKernelMemoryIsLeftOutWithAWarning() {
    engine.update(
        container("paused"), Bundle.readLimits("x", "{\"memory\": {\"kernel\": 5}}"), MORE);
    assertEquals(List.of("memory.kernel: left out: kernels no longer limit it alone"), warnings);
  }

  @ParameterizedTest
  @ValueSource(strings = {"stopped", "creating"})
  void aContainerWithoutProcessesIsNotUpdated(String status) {
    BundleRecord container = container(status);
    assertThrows(HardwayException.class, () -> engine.update(container, MORE, MORE));
  }

  @Test
  void aLimitThatNeedsAGroupItWasMadeWithoutIsRefusedWithTheRemedy() {
    BundleRecord container = container("running");
    Resources pages =
        Bundle.readLimits("x", "{\"hugepageLimits\": [{\"pageSize\": \"2MB\", \"limit\": 0}]}");
    HardwayException refusal =
        assertThrows(HardwayException.class, () -> engine.update(container, pages, pages));
    assertTrue(
        refusal.getMessage().endsWith("ask for them in config.json, when it is made"),
        refusal.getMessage());
  }
}
