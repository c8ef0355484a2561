package io.hardway.cgroup.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.Container;
import io.hardway.spi.IntLiteral;
import io.hardway.spi.IntOperand;
import io.hardway.spi.Limit;
import io.hardway.spi.MountPoint;
import io.hardway.spi.PlanningException;
import io.hardway.spi.ResourceRequest;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.PlanAssembler;
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

/** Where groups are made, and which of those above are written to. */
class DelegationTest {
  private static final String ALL = "cpuset cpu io memory pids";

  @TempDir private Path root;
  private Path mount;
  private FakeHost host;

  @BeforeEach
  void mountHierarchy() throws IOException {
    mount = root.resolve("sys/fs/cgroup");
    Files.writeString(Files.createDirectories(mount).resolve("cgroup.controllers"), ALL);
    Files.writeString(mount.resolve("cgroup.subtree_control"), ALL);
    host = host("/sys/fs/cgroup");
  }

  private FakeHost host(String... mounts) {
    FakeHost made = new FakeHost(root);
    for (String target : mounts) {
      made.mount(new MountPoint("/", target, "rw", "cgroup2", "cgroup", "rw"));
    }
    return made;
  }

  /** A group with what the kernel would have in it. */
  private Path group(String path, String given, String... processes) throws IOException {
    Path group = Files.createDirectories(mount.resolve(path));
    Files.writeString(group.resolve("cgroup.type"), "domain");
    Files.writeString(group.resolve("cgroup.controllers"), ALL);
    Files.writeString(group.resolve("cgroup.subtree_control"), given);
    Files.writeString(group.resolve("cgroup.procs"), String.join("\n", processes));
    Files.writeString(group.resolve("pids.max"), "max");
    return group;
  }

  private ResourceRequest request(Optional<String> path, Resources resources) {
    ResourceRequest.Builder request =
        ResourceRequest.builder()
            .host(host)
            .container(
                Container.builder().id("c").state(Path.of("/state")).data(Path.of("/data")).build())
            .resources(resources);
    path.ifPresent(request::cgroupsPath);
    return request.build();
  }

  private static Resources tasks() {
    return Resources.builder().pids(Limit.of(9)).build();
  }

  private Path directory(Optional<String> path) {
    return new CgroupV2Controller().group(request(path, tasks())).hierarchies().get(0).directory();
  }

  /** Keywords and labels, with the mount left out. */
  private List<String> steps(Optional<String> path, Resources resources) {
    CgroupV2Controller controller = new CgroupV2Controller();
    ResourceRequest request = request(path, resources);
    PlanAssembler plan = new PlanAssembler();
    controller.contribute(request, controller.group(request), plan.forPlugin("test"));
    List<String> texts = new ArrayList<>();
    for (var step : plan.run(Optional.empty()).steps()) {
      texts.add(step.operation().keyword() + ": " + step.label().replace(mount + "", ""));
    }
    return texts;
  }

  @Test
  void aUsersGroupsAreBelowTheUppermostThatTakesHisProcesses() throws IOException {
    group("user.slice/user@1.service", "");
    group("user.slice/user@1.service/app.slice", "");
    group("user.slice/user@1.service/app.slice/hardway.scope", "");
    host.user(1).cgroup("0::/user.slice/user@1.service/app.slice/hardway.scope");
    assertEquals(mount.resolve("user.slice/user@1.service/hardway/c"), directory(Optional.empty()));
  }

  @Test
  void theHierarchyIsTheOneAtTheUsualPlace() throws IOException {
    host = host("/elsewhere", "/sys/fs/cgroup", "/mnt/container/cgroup");
    assertEquals(mount.resolve("hardway/c"), directory(Optional.empty()));
    host = host("/elsewhere");
    assertEquals(root.resolve("elsewhere/hardway/c"), directory(Optional.empty()));
  }

  @Test
  void aGroupThatBelongsToAnotherIsNoUse() {
    host.user(1).cgroup("0::/not/there");
    var support = new CgroupV2Controller().probe(host);
    assertFalse(support.isUsable());
    assertTrue(support.reason().contains("Delegate=yes"), support.reason());
  }

  @Test
  void processesOfTheUppermostGroupAreMovedWhereALimitNeedsIt() throws IOException {
    Path delegated = group("delegated", "", "7", "0", "9");
    host.user(1).cgroup("0::/delegated");
    List<String> steps = steps(Optional.empty(), tasks());
    List<String> moves =
        List.of(
            "mkdirs: make a group for the processes that are in /delegated",
            "write: move process 7 to it",
            "write: move process 9 to it",
            "write: move there too",
            "write: let groups below /delegated use pids");
    int first = steps.indexOf(moves.get(0));
    assertEquals(moves, steps.subList(first, first + moves.size()));
    assertFalse(steps.contains("write: let groups below /delegated use memory"), steps::toString);
    Files.writeString(delegated.resolve("cgroup.procs"), "");
    assertFalse(steps(Optional.empty(), tasks()).contains(moves.get(0)));
  }

  @Test
  void nothingIsMovedForAContainerWithoutLimits() throws IOException {
    group("delegated", "", "7");
    host.user(1).cgroup("0::/delegated");
    List<String> steps = steps(Optional.empty(), Resources.builder().build());
    assertFalse(steps.stream().anyMatch(step -> step.startsWith("write: ")), steps::toString);
  }

  @Test
  void aParentOfOthersIsUsedAsItIs() throws IOException {
    group("theirs", "cpu pids", "7");
    List<String> steps = steps(Optional.of("/theirs/c"), tasks());
    assertFalse(
        steps.stream().anyMatch(step -> step.startsWith("write: let groups below")),
        steps::toString);
    assertTrue(steps.contains("write: limit tasks to 9"), steps::toString);
  }

  @Test
  void aParentOfOthersThatGivesNoControllerIsNamed() throws IOException {
    group("theirs", "cpu");
    PlanningException refusal =
        assertThrows(PlanningException.class, () -> steps(Optional.of("/theirs/c"), tasks()));
    assertEquals(
        "the cgroup "
            + mount.resolve("theirs")
            + " does not give the controller pids to groups below",
        refusal.getMessage());
  }

  private static long number(IntOperand operand) {
    return ((IntLiteral) operand).value();
  }

  @Test
  void aGroupThatTheContainerMayDivideBelongsToItsRoot() throws IOException {
    Files.writeString(
        Files.createDirectories(root.resolve("sys/kernel/cgroup")).resolve("delegate"),
        "cgroup.procs\nmemory.oom.group\n");
    ResourceRequest request =
        request(Optional.empty(), Resources.builder().build()).toBuilder()
            .ownerUid(100_000)
            .ownerGid(200_000)
            .build();
    PlanAssembler plan = new PlanAssembler();
    new CgroupV2Controller()
        .contribute(request, new CgroupV2Controller().group(request), plan.forPlugin("test"));
    List<String> given = new ArrayList<>();
    for (var step : plan.run(Optional.empty()).steps()) {
      if (step.operation() instanceof Operation.Chown chown) {
        given.add(chown.path() + " " + number(chown.uid()) + " " + number(chown.gid()));
      }
    }
    String group = mount.resolve("hardway/c").toString();
    assertEquals(
        List.of(
            group + " 100000 200000",
            group + "/cgroup.procs 100000 200000",
            group + "/memory.oom.group 100000 200000"),
        given);
  }

  @Test
  void aParentThatIsNotThereYetIsOursToSetUp() {
    List<String> steps = steps(Optional.of("/new/c"), tasks());
    assertTrue(steps.contains("write: let groups below /new use pids"), steps::toString);
  }
}
