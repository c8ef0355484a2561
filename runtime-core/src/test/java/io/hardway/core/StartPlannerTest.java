package io.hardway.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.init.PlanCodec;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.Step;
import io.hardway.spi.spec.LinuxSettings;
import io.hardway.spi.spec.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartPlannerTest {
  /** What may come before the undo: it makes nothing that would be left behind. */
  private static final Set<String> BEFORE_THE_UNDO =
      Set.of("mkdirs", "reconcile", "detach", "lock", "mkdir", "replace");

  @TempDir private Path directory;
  private PlannedEngine planned;

  @BeforeEach
  void makeEngine() throws IOException {
    planned = new PlannedEngine(directory);
  }

  private PlannedCommand run(ContainerConfig config) {
    return planned.engine().run(config, Engine.Preparation.PREVIEW, RunOptions.builder().build());
  }

  private PlannedCommand create() {
    return planned
        .engine()
        .create(
            PlannedEngine.config().build(),
            Engine.Preparation.PREVIEW,
            "id\n",
            RunOptions.builder().build());
  }

  private PlannedCommand start() {
    return planned
        .engine()
        .start(
            PlannedEngine.container(Status.EXITED),
            Engine.Preparation.PREVIEW,
            RunOptions.builder().build());
  }

  private Path undo() {
    return planned.directories().undoPlan(PlannedEngine.ID);
  }

  /** What is stored as the undo, in the order in which it is stored. */
  private List<Plan> undos(PlannedCommand command) {
    List<Plan> undos = new ArrayList<>();
    for (Step step : command.plan().steps()) {
      if (step.operation() instanceof Operation.Replace replace
          && replace.path().toString().equals(undo().toString())) {
        undos.add(PlanCodec.decode(replace.data().pieces().get(0).bytes()));
      }
    }
    return undos;
  }

  private static int first(Plan plan, Class<? extends Operation> kind) {
    for (int i = 0; i < plan.steps().size(); i++) {
      if (kind.isInstance(plan.steps().get(i).operation())) {
        return i;
      }
    }
    throw new AssertionError(kind.getSimpleName() + " is not in " + PlannedEngine.texts(plan));
  }

  @Test
  void theLockComesFirstThenTheDirectoryThenTheUndoThenEffects() {
    for (PlannedCommand command : List.of(run(PlannedEngine.config().build()), create(), start())) {
      Plan plan = command.plan();
      int lock = first(plan, Operation.Lock.class);
      int undo = first(plan, Operation.Replace.class);
      assertTrue(lock < undo, PlannedEngine.texts(plan).toString());
      assertEquals(
          planned.directories().owner(PlannedEngine.ID).toString(),
          ((Operation.Lock) plan.steps().get(lock).operation()).path().toString());
      for (int i = 0; i <= undo; i++) {
        Step step = plan.steps().get(i);
        String keyword = step.operation().keyword();
        assertEquals("core", step.plugin());
        assertTrue(BEFORE_THE_UNDO.contains(keyword), PlannedEngine.texts(plan).toString());
        if (step.operation() instanceof Operation.Mkdir mkdir) {
          assertTrue(i > lock, "a directory of the container's is made under its lock");
          assertEquals(
              planned.directories().containerState(PlannedEngine.ID).toString(),
              mkdir.path().toString());
        }
      }
      assertEquals(
          undo().toString(),
          ((Operation.Replace) plan.steps().get(undo).operation()).path().toString());
      assertEquals(Optional.of(undo()), plan.undo());
    }
  }

  @Test
  void theFirstUndoOfANewContainerRemovesAllThereIs() {
    assertEquals(
        List.of(
            "core signal: kill the container's first process, and with it its pid namespace",
            "group kill-group: kill the group",
            "loopback remove-tree: give back the address",
            "group remove-group: remove the group",
            "core unlink-link: free the name web",
            "layers remove-tree: remove the layer",
            "core remove-tree: remove the container's directory",
            "core remove-tree: remove the directory of what was true while it ran",
            "core unlink: stop owning the container"),
        PlannedEngine.texts(undos(run(PlannedEngine.config().build())).get(0)));
  }

  @Test
  void theUndoChangesWithWhatIsToStay() {
    List<Plan> undos = undos(run(PlannedEngine.config().build()));
    List<Boolean> removes = new ArrayList<>();
    List<Boolean> freesTheName = new ArrayList<>();
    List<Boolean> records = new ArrayList<>();
    for (Plan undo : undos) {
      List<String> texts = PlannedEngine.texts(undo);
      removes.add(texts.contains("core remove-tree: remove the container's directory"));
      freesTheName.add(texts.contains("core unlink-link: free the name web"));
      records.add(
          texts.contains("core write: note that nobody knows how it ended, where that is so"));
    }
    assertEquals(List.of(true, false, false), removes);
    assertEquals(List.of(true, false, false), freesTheName);
    assertEquals(List.of(false, false, true), records);
  }

  @Test
  void theUndoOfAContainerThatIsRemovedAtItsEndRemovesToTheLast() {
    for (Plan undo : undos(run(PlannedEngine.config().autoRemove(true).build()))) {
      assertTrue(
          PlannedEngine.texts(undo).contains("core remove-tree: remove the container's directory"));
    }
  }

  @Test
  void theUndoOfAContainerThatIsStartedAgainKeepsIt() {
    List<Plan> undos = undos(start());
    assertFalse(undos.isEmpty());
    for (Plan undo : undos) {
      List<String> texts = PlannedEngine.texts(undo);
      assertFalse(texts.contains("core remove-tree: remove the container's directory"));
      assertFalse(texts.contains("layers remove-tree: remove the layer"));
      assertTrue(texts.contains("group remove-group: remove the group"));
    }
  }

  @Test
  void everyUndoEndsWithTheLock() {
    for (PlannedCommand command : List.of(run(PlannedEngine.config().build()), create(), start())) {
      for (Plan undo : undos(command)) {
        List<String> texts = PlannedEngine.texts(undo);
        assertEquals("core unlink: stop owning the container", texts.get(texts.size() - 1));
        assertTrue(undo.slots().isEmpty());
      }
    }
  }

  @Test
  void whatIsKeptOfAContainerIsWrittenBeforeItStays() {
    List<String> texts = PlannedEngine.texts(run(PlannedEngine.config().build()).plan());
    int removal = texts.indexOf("core replace: store the plan that removes it");
    int config = texts.indexOf("core replace: keep what was asked for");
    int stays = texts.indexOf("core replace: store the undo: from here on it stays");
    assertTrue(removal >= 0 && removal < config && config < stays, texts.toString());
  }

  @Test
  void createMakesNothingOfWhatOnlyARunningContainerNeeds() {
    for (Step step : create().plan().steps()) {
      assertEquals("core", step.plugin(), step.label());
    }
  }

  @Test
  void planningIsTheSameTwiceAndTouchesNothing() {
    List<String> first = PlannedEngine.texts(run(PlannedEngine.config().build()).plan());
    assertEquals(first, PlannedEngine.texts(run(PlannedEngine.config().build()).plan()));
    assertFalse(Files.exists(planned.directories().state()));
    assertFalse(Files.exists(planned.directories().data()));
  }

  @Test
  void aContainerThatRunsIsNotStarted() {
    String message =
        assertThrows(
                HardwayException.class,
                () ->
                    planned
                        .engine()
                        .start(
                            PlannedEngine.container(Status.RUNNING),
                            Engine.Preparation.PREVIEW,
                            RunOptions.builder().build()))
            .getMessage();
    assertEquals("container web is already running", message);
  }

  @Test
  void anUnknownPluginIsNamedWithThoseThereAre() {
    String message =
        assertThrows(
                HardwayException.class, () -> run(PlannedEngine.config().rootfs("layer").build()))
            .getMessage();
    assertEquals("there is no rootfs plugin layer; there are: layers", message);
  }

  /** No mount namespace of its own, and no root file system is asked for. */
  private static ContainerConfig.Builder overFilesOfAnother(List<Namespace> namespaces) {
    ContainerConfig own = PlannedEngine.config().build();
    return own.toBuilder()
        .rootfs("")
        .spec(
            own.spec().toBuilder()
                .linux(LinuxSettings.builder().namespaces(namespaces).build())
                .build());
  }

  @Test
  void overFilesOfAnotherNoRootIsMountedNorMadeNorUndone() {
    Namespace atPath = Namespace.builder().type("mount").path("/proc/7/ns/mnt").build();
    for (List<Namespace> namespaces : List.of(List.<Namespace>of(), List.of(atPath))) {
      PlannedCommand command = run(overFilesOfAnother(namespaces).build());
      List<String> texts = new ArrayList<>(PlannedEngine.texts(command.plan()));
      command.stored().values().forEach(plan -> texts.addAll(PlannedEngine.texts(plan)));
      for (String text : texts) {
        assertFalse(
            text.startsWith("layers") || text.contains("root") || text.contains("device node"),
            text);
      }
    }
  }

  @Test
  void whoHasNoLayerHasNoChangesToTell() {
    ContainerConfig config = overFilesOfAnother(List.of()).build();
    assertEquals(0, planned.engine().size(config));
    String message =
        assertThrows(HardwayException.class, () -> planned.engine().changes(config)).getMessage();
    assertTrue(message.startsWith("container web has no layer of its own"), message);
  }

  @Test
  void theNamespacesOfAContainerThatDoesNotRunCannotBeShared() throws IOException {
    ContainerConfig other = PlannedEngine.config().id("a".repeat(64)).name("other").build();
    Path data = Files.createDirectories(planned.directories().containerData(other.id()));
    Files.writeString(data.resolve("config.json"), ConfigJson.write(other));
    String message =
        assertThrows(
                HardwayException.class,
                () ->
                    run(
                        PlannedEngine.config()
                            .sharedNamespaces(Map.of("network", other.id()))
                            .build()))
            .getMessage();
    assertEquals(
        "cannot join the network namespace of container other: it is not running; start it first",
        message);
  }
}
