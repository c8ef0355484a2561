package io.hardway.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.Limit;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Usage;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.spec.HugepageLimit;
import io.hardway.spi.spec.IdMapping;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.Mount;
import io.hardway.spi.spec.Namespace;
import io.hardway.spi.spec.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host on which the plugin that fits best lacks a controller that another has. */
class GroupPartsTest {
  private static final Resources MEMORY =
      Resources.builder()
          .memory(MemoryResources.builder().limit(Limit.of(64 << 20)).build())
          .build();
  private static final Resources PAGES =
      Resources.builder()
          .hugepageLimits(List.of(HugepageLimit.builder().pageSize("2MB").limit(2 << 20).build()))
          .build();
  private static final Resources BOTH =
      MEMORY.toBuilder().hugepageLimits(PAGES.hugepageLimits()).build();

  @TempDir private Path directory;
  private Engine engine;

  @BeforeEach
  void makeEngine() throws IOException {
    engine = new PlannedEngine(directory).engine();
  }

  private static ContainerConfig config(Resources resources, String... supplements) {
    ContainerConfig config = PlannedEngine.config().build();
    return config.toBuilder()
        .supplements(List.of(supplements))
        .spec(
            config.spec().toBuilder()
                .linux(config.spec().linux().toBuilder().resources(resources).build())
                .build())
        .build();
  }

  private static ContainerRecord running(ContainerConfig config) {
    return new ContainerRecord(
        config, Status.RUNNING, 42, "", ExitRecord.NONE, List.of(), List.of());
  }

  private PlannedCommand run(ContainerConfig config) {
    return engine.run(config, Engine.Preparation.PREVIEW, RunOptions.builder().build());
  }

  private static Plan undo(PlannedCommand command) {
    return command.stored().get(command.plan().undo().orElseThrow());
  }

  @Test
  void whatTheChosenPluginLacksIsAskedOfAnotherThatHasIt() {
    PlannedCommand command = run(config(BOTH, "pages"));
    List<String> texts = PlannedEngine.texts(command.plan());
    assertTrue(texts.contains("group mkdir: make the group"), texts.toString());
    assertTrue(texts.contains("pages mkdir: make the other group of [hugetlb]"), texts.toString());
    List<String> undo = PlannedEngine.texts(undo(command));
    assertTrue(
        undo.containsAll(
            List.of(
                "group kill-group: kill the group",
                "pages kill-group: kill the other group",
                "group remove-group: remove the group",
                "pages remove-group: remove the other group")),
        undo.toString());
  }

  @Test
  void theProcessIsBornInTheGroupThatWantsThat() {
    for (var step : run(config(BOTH, "pages")).plan().steps()) {
      if (step.operation() instanceof Operation.Spawn spawn) {
        assertEquals("the other group", spawn.cgroup().name());
      }
    }
  }

  @Test
  void aPluginThatIsNotNeededIsNotAsked() {
    List<String> texts = PlannedEngine.texts(run(config(MEMORY, "pages")).plan());
    assertTrue(texts.contains("group mkdir: make the group"), texts.toString());
    assertFalse(texts.stream().anyMatch(text -> text.startsWith("pages ")), texts.toString());
  }

  @Test
  void aPluginThatWasAskedForByItsNameIsTheOnlyOne() {
    assertEquals(
        "there are no huge pages",
        assertThrows(PlanningException.class, () -> run(config(BOTH))).getMessage());
    assertEquals(List.of(), engine.plugins().supplements("group", "group"));
    assertEquals(List.of("pages"), engine.plugins().supplements(Plugins.AUTO, "group"));
  }

  @Test
  void itIsSaidWhichPluginGivesWhat() {
    assertEquals(Optional.of("group"), engine.plugins().giver("memory"));
    assertEquals(Optional.of("pages"), engine.plugins().giver("hugetlb"));
  }

  @Test
  void anUpdateGoesToThePartThatHasTheLimit() {
    ContainerConfig config = config(BOTH, "pages");
    List<String> texts = PlannedEngine.texts(engine.update(running(config), BOTH, config).plan());
    assertTrue(texts.contains("group write: limit [memory]"), texts.toString());
    assertTrue(texts.contains("pages write: limit pages of 2MB"), texts.toString());
  }

  @Test
  void aRunningContainerWithoutThePartIsNotUpdated() {
    ContainerConfig config = config(MEMORY, "pages");
    assertEquals(
        "cannot update the limits of hugetlb while container web runs: they need a group of pages, and it was started without one; stop it, update it, and start it again",
        assertThrows(HardwayException.class, () -> engine.update(running(config), PAGES, config))
            .getMessage());
  }

  @Test
  void oneMoreProcessJoinsEveryPart() {
    ContainerConfig config = config(BOTH, "pages");
    List<String> texts =
        PlannedEngine.texts(
            engine
                .exec(
                    running(config),
                    config.spec().process(),
                    RunOptions.builder().build(),
                    false,
                    0)
                .plan());
    assertTrue(texts.contains("pages open: take hold of the other group"), texts.toString());
  }

  @Test
  void whatIsUsedIsToldByThePartThatKnows() {
    Usage usage = engine.usage(config(BOTH, "pages")).orElseThrow();
    assertEquals(3, usage.pids().getAsLong());
    assertEquals("2MB", usage.hugepages().get(0).pageSize());
    assertEquals(List.of(), engine.usage(config(MEMORY, "pages")).orElseThrow().hugepages());
  }

  private static ContainerConfig inGroup(String path) {
    ContainerConfig config = config(MEMORY);
    return config.toBuilder()
        .spec(
            config.spec().toBuilder()
                .linux(config.spec().linux().toBuilder().cgroupsPath(path).build())
                .build())
        .build();
  }

  @Test
  void aGroupOfOthersIsNotTakenOver() throws IOException {
    Path group = Files.createDirectories(directory.resolve("host/theirs"));
    Files.writeString(group.resolve("cgroup.procs"), "7\n9\n");
    assertEquals(
        "the cgroup "
            + group
            + " is not empty: 2 processes are in it; name one that is not there yet, or end them",
        assertThrows(HardwayException.class, () -> run(inGroup("/theirs"))).getMessage());
    Files.writeString(group.resolve("cgroup.procs"), "");
    List<String> texts = PlannedEngine.texts(run(inGroup("/theirs")).plan());
    assertTrue(texts.contains("group mkdir: make the group"), texts.toString());
  }

  private static ContainerConfig mapped(String access) {
    ContainerConfig config = config(MEMORY);
    return config.toBuilder()
        .spec(
            config.spec().toBuilder()
                .mounts(
                    List.of(
                        Mount.builder()
                            .destination("/sys/fs/cgroup")
                            .type("cgroup")
                            .options(List.of("nosuid", access))
                            .build()))
                .linux(
                    config.spec().linux().toBuilder()
                        .namespaces(
                            List.of(
                                Namespace.builder().type("mount").build(),
                                Namespace.builder().type("cgroup").build()))
                        .uidMappings(List.of(IdMapping.builder().hostId(100_000).size(9).build()))
                        .build())
                .build())
        .build();
  }

  @Test
  void aGroupThatIsMountedWritableBelongsToRootInside() {
    List<String> texts = PlannedEngine.texts(run(mapped("rw")).plan());
    assertTrue(texts.contains("group chown: give it to 100000"), texts.toString());
    texts = PlannedEngine.texts(run(mapped("ro")).plan());
    assertFalse(texts.contains("group chown: give it to 100000"), texts.toString());
  }

  @Test
  void theFirstPartIsFrozenAndKnowsWhetherItIs() {
    List<String> texts = PlannedEngine.texts(engine.pause(running(config(BOTH, "pages"))).plan());
    assertTrue(texts.contains("group write: freeze"), texts.toString());
    assertEquals(List.of(), engine.processes(config(BOTH, "pages")));
  }
}
