package io.hardway.cgroup.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.Host;
import io.hardway.spi.MountPoint;
import io.hardway.spi.PlanningException;
import io.hardway.spi.ResourceController;
import io.hardway.testkit.FakeHost;
import io.hardway.testkit.ResourceControllerContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupV1ControllerTest extends ResourceControllerContract {
  @TempDir Path root;
  private FakeHost host;

  @BeforeEach
  void mountHierarchies() throws IOException {
    host = new FakeHost(root);
    for (String controllers : List.of("cpu,cpuacct", "cpuset", "memory", "pids", "freezer")) {
      Files.createDirectories(root.resolve("sys/fs/cgroup/" + controllers));
      host.mount(
          new MountPoint(
              "/", "/sys/fs/cgroup/" + controllers, "rw", "cgroup", "cgroup", "rw," + controllers));
    }
  }

  @Override
  protected ResourceController controller() {
    return new CgroupV1Controller();
  }

  @Override
  protected Host host() {
    return host;
  }

  @Override
  protected Host unsuitableHost() {
    return new FakeHost(root);
  }

  @Test
  void limitsMemoryBeforeTheProcessJoinsByItself() {
    List<String> steps = steps();
    int limit = steps.indexOf("write: limit memory to 67108864");
    int join = steps.indexOf("write-fd: join the memory group");
    assertTrue(limit >= 0 && limit < join, steps.toString());
  }

  @Test
  void givesTheCpusetOfTheGroupAboveBeforeAnybodyJoins() {
    assertTrue(
        steps().stream()
            .anyMatch(step -> step.startsWith("write: give ") && step.endsWith("cpuset.mems")),
        steps().toString());
  }

  @Test
  void givesWhatIsMounted() throws IOException {
    assertTrue(controller().gives(host, "memory"));
    assertTrue(controller().gives(host, "cpu"));
    assertFalse(controller().gives(host, "io"));
    assertFalse(controller().gives(host, "unified/memory"));
    Files.createDirectories(root.resolve("sys/fs/cgroup/blkio"));
    host.mount(new MountPoint("/", "/sys/fs/cgroup/blkio", "rw", "cgroup", "cgroup", "rw,blkio"));
    assertTrue(controller().gives(host, "io"));
  }

  @Test
  void systemdMakesNoneOfItsGroups() {
    var request = request().toBuilder().cgroupsPath("a.slice:b:c").bySystemd(true).build();
    PlanningException refusal =
        assertThrows(PlanningException.class, () -> controller().group(request));
    assertTrue(refusal.getMessage().contains("version 2 alone"), refusal.getMessage());
  }

  private List<String> labelsBelow(String parent) {
    var request = request().toBuilder().cgroupsPath(parent + "/c").build();
    var plan = new io.hardway.spi.plan.PlanAssembler();
    controller().contribute(request, controller().group(request), plan.forPlugin("test"));
    return plan.run(java.util.Optional.empty()).steps().stream()
        .map(step -> step.label().replace(root + "/sys/fs/cgroup", ""))
        .toList();
  }

  @Test
  void aParentOfOthersIsNotSetUp() throws IOException {
    Path theirs = Files.createDirectories(root.resolve("sys/fs/cgroup/cpuset/theirs"));
    PlanningException refusal = assertThrows(PlanningException.class, () -> labelsBelow("/theirs"));
    assertEquals(
        "the cgroup "
            + theirs
            + " has no processors or memory nodes, so that nothing can run below",
        refusal.getMessage());
    Files.writeString(theirs.resolve("cpuset.cpus"), "0-1\n");
    Files.writeString(theirs.resolve("cpuset.mems"), "0\n");
    List<String> labels = labelsBelow("/theirs");
    assertTrue(labels.contains("give /cpuset/theirs/c the same cpuset.cpus"), labels::toString);
    assertFalse(labels.contains("give /cpuset/theirs the same cpuset.cpus"), labels::toString);
    labels = labelsBelow("/new");
    assertTrue(labels.contains("give /cpuset/new the same cpuset.cpus"), labels::toString);
  }

  @Test
  void besideAnotherUsesOnlyTheHierarchiesThatAreAskedFor() {
    var request = request().toBuilder().supplementary(true).build();
    assertEquals(
        List.of("memory", "pids"),
        controller().group(request).hierarchies().stream()
            .map(hierarchy -> hierarchy.name())
            .toList());
  }

  @Test
  void refusesFilesOfVersionTwo() {
    var request =
        request().toBuilder()
            .resources(
                request().resources().toBuilder()
                    .unified(java.util.Map.of("memory.high", "1"))
                    .build())
            .build();
    var plan = new io.hardway.spi.plan.PlanAssembler().forPlugin("test");
    PlanningException refusal =
        assertThrows(
            PlanningException.class,
            () -> controller().contribute(request, controller().group(request), plan));
    assertTrue(refusal.getMessage().contains("memory.high"));
  }

  @Test
  void theGroupThatWasFrozenItselfIsNamedAsTheOneAbove() throws IOException {
    Path group =
        Files.createDirectories(root.resolve("sys/fs/cgroup/freezer/hardway/0123456789abcdef"));
    Files.writeString(group.resolve("freezer.state"), "FROZEN\n");
    Files.writeString(group.resolve("freezer.parent_freezing"), "1\n");
    Files.writeString(group.resolve("freezer.self_freezing"), "0\n");
    Files.writeString(group.getParent().resolve("freezer.self_freezing"), "1\n");
    var control = controller().group(request());
    assertEquals(java.util.Optional.of(group.getParent()), controller().frozenAbove(control));
    Files.writeString(group.resolve("freezer.parent_freezing"), "0\n");
    assertEquals(java.util.Optional.empty(), controller().frozenAbove(control));
  }

  @Test
  void anUpdateThatFailsHalfWayGivesBackWhatTheFilesSayTheLastFirst() throws IOException {
    Path memory =
        Files.createDirectories(root.resolve("sys/fs/cgroup/memory/hardway/0123456789abcdef"));
    Path pids =
        Files.createDirectories(root.resolve("sys/fs/cgroup/pids/hardway/0123456789abcdef"));
    Files.writeString(memory.resolve("memory.limit_in_bytes"), "4096\n");
    Files.writeString(pids.resolve("pids.max"), "max\n");
    var plan = new io.hardway.spi.plan.PlanAssembler();
    controller()
        .contributeUpdate(
            host, controller().group(request()), request().resources(), plan.forPlugin("test"));
    assertEquals(
        List.of(
            "give pids.max back what it said: max",
            "give memory.limit_in_bytes back what it said: 4096"),
        plan.teardown().steps().stream().map(io.hardway.spi.plan.Step::label).toList());
  }

  @Test
  void countsWhatIsInTheFiles() throws IOException {
    Path memory =
        Files.createDirectories(root.resolve("sys/fs/cgroup/memory/hardway/0123456789abcdef"));
    Files.writeString(memory.resolve("memory.usage_in_bytes"), "4096\n");
    Files.writeString(
        memory.resolve("memory.oom_control"), "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
    var usage = controller().usage(controller().group(request()));
    assertEquals(4096, usage.memory().bytes().getAsLong());
    assertEquals(2, usage.memory().oomKills().getAsLong());
  }
}
