package io.hardway.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.init.PlanCodec;
import io.hardway.spi.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerbPlannerTest {
  @TempDir private Path directory;
  private PlannedEngine planned;
  private Engine engine;

  @BeforeEach
  void makeEngine() throws IOException {
    planned = new PlannedEngine(directory);
    engine = planned.engine();
  }

  private static void assertOrder(List<String> texts, String... wanted) {
    int last = -1;
    for (String text : wanted) {
      int at = -1;
      for (int i = last + 1; i < texts.size() && at < 0; i++) {
        at = texts.get(i).equals(text) ? i : -1;
      }
      assertTrue(at >= 0, text + " is not where it should be in " + texts);
      last = at;
    }
  }

  private static String refusal(Runnable action) {
    return assertThrows(HardwayException.class, action::run).getMessage();
  }

  @Test
  void removalTakesTheLockThenTheDirectoryThenStoresWhatItWillDoThenDoesIt() {
    PlannedCommand command = engine.remove(PlannedEngine.container(Status.EXITED), false, false);
    assertOrder(
        PlannedEngine.texts(command.plan()),
        "core lock: become the owner of web",
        "core mkdir: make the directory of what is true while it is owned",
        "core replace: store what is done, for who finds it half done",
        "core perform: remove web",
        "core close: let go of the lock");
    Plan stored = command.stored().get(planned.directories().undoPlan(PlannedEngine.ID));
    assertEquals(
        List.of(
            "core unlink-link: free the name web",
            "core remove-tree: remove the container's directory",
            "core remove-tree: remove the directory of what was true while it was owned",
            "core unlink: stop owning the container"),
        PlannedEngine.texts(stored));
  }

  @Test
  void aRunningContainerIsRemovedByForceAlone() {
    ContainerRecord running = PlannedEngine.container(Status.RUNNING);
    assertEquals(
        "container web is running: stop it first, or remove it with --force",
        refusal(() -> engine.remove(running, false, false)));
    assertOrder(
        PlannedEngine.texts(engine.remove(running, true, false).plan()),
        "core signal: kill web",
        "core lock: wait until its owner has taken it down",
        "core reconcile: clean up after owners that are gone",
        "core lock: become the owner of web",
        "core perform: remove web");
  }

  @Test
  void aPausedContainerIsThawedAfterItsSignalAndBeforeItIsWaitedFor() {
    List<String> texts =
        PlannedEngine.texts(
            engine.stop(PlannedEngine.container(Status.PAUSED), 15, Optional.of(3)).plan());
    assertOrder(
        texts,
        "core signal: ask web to end: signal 15",
        "group write: thaw",
        "core await-exit: wait up to 3 s until it has ended",
        "core signal: kill it where it has not",
        "core lock: wait until its owner has taken it down");
  }

  @Test
  void aPausedContainerIsThawedByTheSignalsThatEndIt() {
    List<ContainerRecord> paused = List.of(PlannedEngine.container(Status.PAUSED));
    assertOrder(
        PlannedEngine.texts(engine.kill(paused, 9).plan()),
        "core signal: send signal 9 to web",
        "group write: thaw",
        "core await-exit: wait until its process is gone");
    assertOrder(
        PlannedEngine.texts(engine.kill(paused, 15).plan()),
        "core signal: send signal 15 to web",
        "group write: thaw");
    assertFalse(PlannedEngine.texts(engine.kill(paused, 1).plan()).contains("group write: thaw"));
  }

  @Test
  void whatHasNotRunIsNotWaitedFor() {
    assertEquals(
        List.of(
            "core print: print 0, since web has not run",
            "core await-record: wait until web has ended",
            "core print: print its exit code",
            "core exit-with: end with code 1"),
        PlannedEngine.texts(
            engine
                .await(
                    List.of(
                        PlannedEngine.container(Status.CREATED),
                        PlannedEngine.container(Status.RUNNING)),
                    1)
                .plan()));
  }

  @Test
  void stopWithoutPatienceDoesNotWait() {
    List<String> texts =
        PlannedEngine.texts(
            engine.stop(PlannedEngine.container(Status.RUNNING), 0, Optional.of(0)).plan());
    assertFalse(texts.stream().anyMatch(text -> text.contains("wait up to")), texts.toString());
    assertOrder(
        texts, "core signal: ask web to end: signal 15", "core signal: kill it where it has not");
  }

  @Test
  void whatHasEndedIsNotStoppedAgain() {
    assertEquals(
        List.of(),
        engine.stop(PlannedEngine.container(Status.EXITED), 0, Optional.empty()).plan().steps());
  }

  @Test
  void renamingStoresTheUndoThenTakesTheNewNameThenFreesTheOld() throws IOException {
    ContainerConfig config = PlannedEngine.config().build();
    Path removal = planned.directories().removalPlan(config.id());
    Files.createDirectories(removal.getParent());
    Plan plan =
        engine
            .remove(PlannedEngine.container(Status.EXITED), false, false)
            .stored()
            .get(planned.directories().undoPlan(config.id()));
    Files.write(removal, PlanCodec.encode(plan));
    PlannedCommand command =
        engine.rename(PlannedEngine.container(Status.EXITED), "shop", Engine.Preparation.PREVIEW);
    assertOrder(
        PlannedEngine.texts(command.plan()),
        "core replace: store the undo, with the new name",
        "core symlink: take the name shop",
        "core replace: keep what was asked for",
        "core unlink-link: free the name web");
    assertTrue(
        PlannedEngine.texts(command.stored().get(removal))
            .containsAll(
                List.of(
                    "core unlink-link: free the name shop",
                    "core unlink-link: free the name web")));
  }

  @Test
  void anUpdateStoresWhatTakesItBackBeforeItWritesAnything() {
    ContainerRecord running = PlannedEngine.container(Status.RUNNING);
    PlannedCommand command =
        engine.update(running, running.config().spec().linux().resources(), running.config());
    assertOrder(
        PlannedEngine.texts(command.plan()),
        "core replace: store what takes the change back, where a step of it fails",
        "group write: limit []",
        "core replace: keep what was asked for",
        "core unlink: remove what takes the change back");
    Path undo = planned.directories().updateUndo(PlannedEngine.ID);
    assertEquals(Optional.of(undo), command.plan().undo());
    assertTrue(command.stored().containsKey(undo));
  }

  @Test
  void verbsThatNeedALivingContainerRefuseOthersByNameAndStatus() {
    ContainerRecord ended = PlannedEngine.container(Status.EXITED);
    RunOptions options = RunOptions.builder().build();
    assertEquals(
        "cannot kill container web: it is exited, not running",
        refusal(() -> engine.kill(List.of(ended), 15)));
    assertEquals(
        "cannot pause container web: it is exited, not running",
        refusal(() -> engine.pause(ended)));
    assertEquals(
        "cannot exec container web: it is exited, not running",
        refusal(() -> engine.exec(ended, ended.config().spec().process(), options, false, 0)));
    assertEquals(
        "container web is not paused",
        refusal(() -> engine.unpause(PlannedEngine.container(Status.RUNNING))));
    ContainerRecord paused = PlannedEngine.container(Status.PAUSED);
    assertEquals("container web is already paused", refusal(() -> engine.pause(paused)));
    assertEquals(
        "container web is paused: unpause it before exec",
        refusal(() -> engine.exec(paused, paused.config().spec().process(), options, false, 0)));
  }

  @Test
  void aNameThatIsTakenIsAnOrdinaryRefusalOfRename() throws IOException {
    Files.createDirectories(planned.directories().names());
    Files.createDirectories(planned.directories().containerData("01"));
    Files.createSymbolicLink(planned.directories().names().resolve("taken"), Path.of("01"));
    ContainerRecord container = PlannedEngine.container(Status.EXITED);
    HardwayException refusal =
        assertThrows(
            HardwayException.class,
            () -> engine.rename(container, "taken", Engine.Preparation.PREVIEW));
    assertEquals(1, refusal.exitCode());
  }
}
