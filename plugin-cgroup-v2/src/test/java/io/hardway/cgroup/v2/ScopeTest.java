package io.hardway.cgroup.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.Container;
import io.hardway.spi.ControlGroup;
import io.hardway.spi.FdSlot;
import io.hardway.spi.Limit;
import io.hardway.spi.MountPoint;
import io.hardway.spi.PlanningException;
import io.hardway.spi.ResourceRequest;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.plan.Step;
import io.hardway.spi.spec.CpuResources;
import io.hardway.spi.spec.HugepageLimit;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.Resources;
import io.hardway.testkit.FakeHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScopeTest {
  private static final Resources LIMITS =
      Resources.builder()
          .memory(MemoryResources.builder().limit(Limit.of(1 << 26)).build())
          .cpu(CpuResources.builder().quota(12_345).period(100_000).cpus("0,9").build())
          .build();

  @TempDir private Path root;
  private final CgroupV2Controller controller = new CgroupV2Controller();
  private FakeHost host;

  @BeforeEach
  void runSystemd() throws IOException {
    Path mount = Files.createDirectories(root.resolve("sys/fs/cgroup"));
    Files.writeString(mount.resolve("cgroup.controllers"), "cpuset cpu io memory hugetlb pids\n");
    Files.createDirectories(root.resolve("run/systemd/system"));
    host =
        new FakeHost(root)
            .mount(new MountPoint("/", "/sys/fs/cgroup", "rw", "cgroup2", "cgroup", "rw"));
  }

  private ResourceRequest request(Resources wanted) {
    return ResourceRequest.builder()
        .host(host)
        .container(
            Container.builder().id("c").state(Path.of("/state")).data(Path.of("/data")).build())
        .cgroupsPath("a-b.slice:hw:c")
        .bySystemd(true)
        .resources(wanted)
        .build();
  }

  private List<String> made(Resources wanted) {
    PlanAssembler assembler = new PlanAssembler();
    ControlGroup group = controller.group(request(wanted));
    FdSlot birthplace =
        controller.contribute(request(wanted), group, assembler.forPlugin(controller.name()));
    assertEquals(FdSlot.NONE, birthplace);
    return texts(assembler);
  }

  private static List<String> texts(PlanAssembler assembler) {
    return assembler.run(Optional.empty()).steps().stream()
        .map(Step::operation)
        .map(Object::toString)
        .toList();
  }

  private void refuses(String reason) {
    PlanningException refusal =
        assertThrows(PlanningException.class, () -> controller.group(request(LIMITS)));
    assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
  }

  @Test
  void itsGroupIsWithinItsSlices() {
    ControlGroup group = controller.group(request(LIMITS));
    assertEquals(Optional.of("hw-c.scope"), group.unit());
    assertEquals(
        root.resolve("sys/fs/cgroup/a.slice/a-b.slice/hw-c.scope"),
        group.hierarchies().get(0).directory());
  }

  /** systemd tells of a group only that it is there, so nothing is made beside it. */
  @Test
  void itIsMadeAndWaitedForBeforeItsLimits() {
    List<String> steps = made(LIMITS);
    String call = steps.get(0);
    assertTrue(call.contains("StartTransientUnit"), call);
    assertTrue(call.contains("hw-c.scope"), call);
    assertTrue(steps.get(1).contains("0::/a.slice/a-b.slice/hw-c.scope"), steps.get(1));
    for (String step : steps.subList(2, steps.size())) {
      assertTrue(step.contains("a-b.slice/hw-c.scope/"), step);
    }
  }

  @Test
  void systemdKnowsItsLimits() {
    UnitLimits limits = new UnitLimits();
    for (String[] file :
        new String[][] {
          {"memory.max", "67108864"},
          {"pids.max", "max"},
          {"cpu.max", "12345 100000"},
          {"cpuset.cpus", "0,9"},
          {"io.weight", "8:0 200"},
          {"hugetlb.2MB.max", "0"}
        }) {
      limits.wrote(file[0], file[1]);
    }
    assertEquals(
        "MemoryMax t 67108864 TasksMax t 18446744073709551615 CPUQuotaPerSecUSec t 130000"
            + " CPUQuotaPeriodUSec t 100000 AllowedCPUs ay 2 1 2",
        String.join(" ", limits.words()));
    assertEquals(5, limits.count());
  }

  @Test
  void aGroupThatIsIdleHasNoWeight() {
    UnitLimits limits = new UnitLimits();
    limits.wrote("cpu.weight", "100");
    limits.wrote("cpu.idle", "1");
    assertEquals("CPUWeight t 0", String.join(" ", limits.words()));
  }

  @Test
  void whatSystemdDoesNotKnowIsGivenByTheGroupsAbove() {
    List<String> steps =
        made(
            Resources.builder()
                .hugepageLimits(List.of(HugepageLimit.builder().pageSize("2MB").limit(0).build()))
                .build());
    assertEquals(3, steps.stream().filter(step -> step.contains("+hugetlb")).count());
  }

  @Test
  void anUpdateTellsSystemd() {
    PlanAssembler assembler = new PlanAssembler();
    controller.contributeUpdate(
        host, controller.group(request(LIMITS)), LIMITS, assembler.forPlugin(controller.name()));
    List<String> steps = texts(assembler);
    assertTrue(steps.stream().anyMatch(step -> step.contains("SetUnitProperties")));
    assertTrue(steps.stream().noneMatch(step -> step.contains("subtree_control")));
  }

  @Test
  void whereVersionOneIsMountedItIsRefused() {
    host.mount(new MountPoint("/", "/sys/fs/cgroup/cpu", "rw", "cgroup", "cgroup", "rw,cpu"));
    refuses("hierarchies of cgroup version 1 are mounted");
  }

  @Test
  void withoutSystemdItIsRefused() throws IOException {
    Files.delete(root.resolve("run/systemd/system"));
    refuses("systemd does not run this host");
  }

  @Test
  void forOrdinaryUsersItIsRefused() {
    host.user(1000);
    refuses("only root's groups");
  }

  @Test
  void withoutBusctlItIsRefused() {
    host.without("busctl");
    refuses("there is no busctl");
  }
}
