package io.hardway.cgroup.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.Host;
import io.hardway.spi.Limit;
import io.hardway.spi.MountPoint;
import io.hardway.spi.PlanningException;
import io.hardway.spi.ResourceController;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.plan.Step;
import io.hardway.spi.spec.CpuResources;
import io.hardway.spi.spec.DeviceRule;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.Resources;
import io.hardway.testkit.FakeHost;
import io.hardway.testkit.ResourceControllerContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupV2ControllerTest extends ResourceControllerContract {
  @TempDir Path root;
  private Path mount;
  private FakeHost host;

  @BeforeEach
  void mountHierarchy() throws IOException {
    mount = Files.createDirectories(root.resolve("sys/fs/cgroup"));
    Files.writeString(mount.resolve("cgroup.controllers"), "cpuset cpu io memory pids\n");
    host =
        new FakeHost(root)
            .mount(new MountPoint("/", "/sys/fs/cgroup", "rw", "cgroup2", "cgroup", "rw"));
  }

  @Override
  protected ResourceController controller() {
    return new CgroupV2Controller();
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
  void isOfLittleUseWhereVersionOneHasTheControllers() throws IOException {
    Files.writeString(mount.resolve("cgroup.controllers"), "\n");
    assertFalse(controller().probe(host).isUsable());
    Files.writeString(mount.resolve("cgroup.controllers"), "hugetlb\n");
    assertEquals(10, controller().probe(host).score());
    assertTrue(controller().probe(host).reason().startsWith("has only hugetlb, since version 1"));
  }

  @Test
  void givesWhatVersionOneHasLeftFree() throws IOException {
    Files.writeString(mount.resolve("cgroup.controllers"), "hugetlb\n");
    assertTrue(controller().gives(host, "hugetlb"));
    assertTrue(controller().gives(host, "unified/hugetlb"));
    assertFalse(controller().gives(host, "memory"));
    assertFalse(controller().gives(host, "net_cls"));
    assertFalse(controller().gives(unsuitableHost(), "hugetlb"));
  }

  @Test
  void enablesControllersFromTheTopDownBeforeTheLimits() {
    List<String> steps = steps();
    int enable =
        steps.indexOf("write: let groups below " + mount.resolve("hardway") + " use memory");
    int limit = steps.indexOf("write: limit memory to 67108864");
    assertTrue(enable >= 0 && enable < limit, steps.toString());
  }

  @Test
  void aGroupStandsStillWithTheOneAboveIt() throws IOException {
    Path group = Files.createDirectories(mount.resolve("hardway/0123456789abcdef"));
    Files.writeString(group.resolve("cgroup.freeze"), "0\n");
    Files.writeString(group.getParent().resolve("cgroup.freeze"), "1\n");
    var control = controller().group(request());
    assertTrue(controller().isFrozen(control));
    assertEquals(Optional.of(group.getParent()), controller().frozenAbove(control));
    Files.writeString(group.getParent().resolve("cgroup.freeze"), "0\n");
    assertFalse(controller().isFrozen(control));
    assertEquals(Optional.empty(), controller().frozenAbove(control));
  }

  @Test
  void countsWhatIsInTheFiles() throws IOException {
    Path group = Files.createDirectories(mount.resolve("hardway/0123456789abcdef"));
    Files.writeString(
        group.resolve("cpu.stat"), "usage_usec 1500\nuser_usec 1000\nsystem_usec 500\n");
    Files.writeString(group.resolve("memory.max"), "max\n");
    var usage = controller().usage(controller().group(request()));
    assertEquals(1_500_000, usage.cpu().nanos().getAsLong());
    assertTrue(usage.memory().limit().get().isUnlimited());
  }

  private List<String> labels(Resources resources) throws IOException {
    Files.writeString(
        Files.createDirectories(mount.resolve("hardway/0123456789abcdef"))
            .resolve("cgroup.controllers"),
        "cpuset cpu io memory pids\n");
    PlanAssembler assembler = new PlanAssembler();
    var request = request().toBuilder().resources(resources).build();
    controller()
        .contributeUpdate(
            host, controller().group(request), resources, assembler.forPlugin("test"));
    return assembler.run(Optional.empty()).steps().stream().map(Step::label).toList();
  }

  private static Resources memory(Limit limit, Limit sum) {
    return Resources.builder()
        .memory(MemoryResources.builder().limit(limit).swap(sum).build())
        .build();
  }

  @Test
  void limitsSwapToWhatTheSumLeavesBesideMemory() throws IOException {
    assertTrue(
        labels(memory(Limit.of(100), Limit.of(150)))
            .contains("limit swap to 50, where the kernel has swap"));
  }

  @Test
  void refusesASumThatIsBelowMemory() {
    PlanningException refusal =
        assertThrows(PlanningException.class, () -> labels(memory(Limit.of(100), Limit.of(50))));
    assertTrue(refusal.getMessage().contains("--memory-swap 50"), refusal.getMessage());
  }

  @Test
  void refusesASumWithoutALimitOfMemory() {
    PlanningException refusal =
        assertThrows(
            PlanningException.class, () -> labels(memory(Limit.unlimited(), Limit.of(50))));
    assertEquals("give --memory too", refusal.remedy());
  }

  @Test
  void keepsTheQuotaWhenOnlyThePeriodChanges() throws IOException {
    Files.writeString(
        Files.createDirectories(mount.resolve("hardway/0123456789abcdef")).resolve("cpu.max"),
        "20000 100000\n");
    List<String> labels =
        labels(Resources.builder().cpu(CpuResources.builder().period(50_000).build()).build());
    assertEquals(List.of("limit processor time to 20000 50000 µs"), labels);
  }

  private List<String> deviceSteps() throws IOException {
    DeviceRule rule = DeviceRule.builder().allow(false).build();
    return labels(Resources.builder().devices(List.of(rule)).build());
  }

  @Test
  void appliesRulesAboutDevicesWhereTheKernelTakesThem() throws IOException {
    assertFalse(controller().enforcesDeviceRules(host));
    assertEquals(List.of(), deviceSteps());
    assertTrue(controller().probe(host).reason().contains("no rules about devices"));
    Files.createDirectories(root.resolve("proc/sys/kernel"));
    Files.createFile(root.resolve("proc/sys/kernel/unprivileged_bpf_disabled"));
    assertTrue(controller().enforcesDeviceRules(host));
    assertEquals(List.of("decide about devices: deny a"), deviceSteps());
    assertEquals("", controller().probe(host).reason());
    host.without("CAP_NET_ADMIN");
    assertFalse(controller().enforcesDeviceRules(host));
    assertEquals(List.of(), deviceSteps());
  }
}
