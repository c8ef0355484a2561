package io.hardway.cgroup.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.Container;
import io.hardway.spi.Limit;
import io.hardway.spi.MountPoint;
import io.hardway.spi.PlanningException;
import io.hardway.spi.ResourceRequest;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.plan.Step;
import io.hardway.spi.spec.BlockIoDevice;
import io.hardway.spi.spec.BlockIoResources;
import io.hardway.spi.spec.CpuResources;
import io.hardway.spi.spec.DeviceRule;
import io.hardway.spi.spec.HugepageLimit;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.RdmaLimit;
import io.hardway.spi.spec.Resources;
import io.hardway.testkit.FakeHost;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Each thing a specification can ask for is written to a file, or refused by its name. */
class EveryLimitTest {
  private static final BlockIoDevice DISK =
      BlockIoDevice.builder().major(8).minor(1).value(100).build();

  @TempDir Path root;
  private FakeHost host;

  private record Case(String field, Resources wanted, List<String> written, String refusal) {
    static Case applied(String field, Resources wanted, String... written) {
      return new Case(field, wanted, List.of(written), "");
    }

    static Case refused(String field, Resources wanted, String refusal) {
      return new Case(field, wanted, List.of(), refusal);
    }
  }

  private static Resources memory(MemoryResources.Builder memory) {
    return Resources.builder().memory(memory.build()).build();
  }

  private static MemoryResources.Builder memory() {
    return MemoryResources.builder();
  }

  private static Resources cpu(CpuResources.Builder cpu) {
    return Resources.builder().cpu(cpu.build()).build();
  }

  private static CpuResources.Builder cpu() {
    return CpuResources.builder();
  }

  private static Resources blockIo(BlockIoResources.Builder blockIo) {
    return Resources.builder().blockIo(blockIo.build()).build();
  }

  private static BlockIoResources.Builder blockIo() {
    return BlockIoResources.builder();
  }

  private static Resources.Builder any() {
    return Resources.builder();
  }

  private static final List<Case> CASES =
      List.of(
          Case.applied(
              "memory.limit", memory(memory().limit(Limit.of(4096))), "memory.limit_in_bytes=4096"),
          Case.applied(
              "memory.reservation",
              memory(memory().reservation(Limit.of(4096))),
              "memory.soft_limit_in_bytes=4096"),
          Case.applied(
              "memory.swap",
              memory(memory().limit(Limit.of(4096)).swap(Limit.of(8192))),
              "memory.limit_in_bytes=4096",
              "memory.memsw.limit_in_bytes=8192"),
          Case.refused("memory.kernel", memory(memory().kernel(Limit.of(4096))), "kernel memory"),
          Case.applied(
              "memory.kernelTcp",
              memory(memory().kernelTcp(Limit.of(4096))),
              "memory.kmem.tcp.limit_in_bytes=4096"),
          Case.applied(
              "memory.swappiness", memory(memory().swappiness(10)), "memory.swappiness=10"),
          Case.applied(
              "memory.oomKillDisabled",
              memory(memory().oomKillDisabled(true)),
              "memory.oom_control=1"),
          Case.refused(
              "memory.checkBeforeUpdate",
              memory(memory().limit(Limit.of(4096)).checkBeforeUpdate(true)),
              "50000 are in use"),
          Case.applied("cpu.shares", cpu(cpu().shares(512)), "cpu.shares=512"),
          Case.applied("cpu.quota", cpu(cpu().quota(50_000)), "cpu.cfs_quota_us=50000"),
          Case.applied("cpu.period", cpu(cpu().period(100_000)), "cpu.cfs_period_us=100000"),
          Case.applied("cpu.burst", cpu(cpu().burst(1000)), "cpu.cfs_burst_us=1000"),
          Case.refused(
              "cpu.realtimeRuntime", cpu(cpu().realtimeRuntime(1000)), "cpu.rt_runtime_us"),
          Case.refused("cpu.realtimePeriod", cpu(cpu().realtimePeriod(1000)), "cpu.rt_period_us"),
          Case.applied("cpu.cpus", cpu(cpu().cpus("0-1")), "cpuset.cpus=0-1"),
          Case.applied("cpu.mems", cpu(cpu().mems("0")), "cpuset.mems=0"),
          Case.applied("cpu.idle", cpu(cpu().idle(1)), "cpu.idle=1"),
          Case.applied("pids", any().pids(Limit.of(32)).build(), "pids.max=32"),
          Case.applied("blockIo.weight", blockIo(blockIo().weight(100)), "blkio.bfq.weight=100"),
          Case.refused("blockIo.leafWeight", blockIo(blockIo().leafWeight(100)), "leaf weight"),
          Case.refused(
              "blockIo.weightDevices", blockIo(blockIo().weightDevices(List.of(DISK))), "8:1"),
          Case.refused(
              "blockIo.throttleReadBps",
              blockIo(blockIo().throttleReadBps(List.of(DISK))),
              "bytes read"),
          Case.refused(
              "blockIo.throttleWriteBps",
              blockIo(blockIo().throttleWriteBps(List.of(DISK))),
              "bytes written"),
          Case.refused(
              "blockIo.throttleReadIops",
              blockIo(blockIo().throttleReadIops(List.of(DISK))),
              "of reads"),
          Case.refused(
              "blockIo.throttleWriteIops",
              blockIo(blockIo().throttleWriteIops(List.of(DISK))),
              "of writes"),
          Case.applied(
              "devices",
              any()
                  .devices(
                      List.of(
                          DeviceRule.builder()
                              .allow(true)
                              .type("c")
                              .major(1)
                              .minor(3)
                              .access("rw")
                              .build()))
                  .build(),
              "devices.allow=c 1:3 rw"),
          Case.refused(
              "hugepageLimits",
              any()
                  .hugepageLimits(List.of(HugepageLimit.builder().pageSize("2MB").limit(1).build()))
                  .build(),
              "huge pages"),
          Case.refused(
              "rdma",
              any().rdma(List.of(RdmaLimit.builder().device("mlx").hcaHandles(1).build())).build(),
              "RDMA"),
          Case.refused("networkClassId", any().networkClassId(1).build(), "net_cls"),
          Case.refused(
              "networkPriorities", any().networkPriorities(Map.of("lo", 1L)).build(), "net_prio"),
          Case.refused(
              "unified", any().unified(Map.of("memory.high", "1")).build(), "memory.high"));

  @BeforeEach
  void mountHierarchies() throws IOException {
    host = new FakeHost(root);
    for (String controller :
        List.of("cpu", "cpuset", "memory", "pids", "freezer", "blkio", "devices")) {
      Files.createDirectories(root.resolve("sys/fs/cgroup/" + controller));
      host.mount(
          new MountPoint(
              "/", "/sys/fs/cgroup/" + controller, "rw", "cgroup", "cgroup", "rw," + controller));
    }
    file("cpuset/cpuset.cpus", "0-1");
    file("cpuset/cpuset.mems", "0");
    file("cpu/cpu.cfs_burst_us", "0");
    file("cpu/cpu.idle", "0");
    file("memory/memory.kmem.tcp.limit_in_bytes", "9223372036854771712");
    file("memory/memory.memsw.limit_in_bytes", "9223372036854771712");
    file("blkio/hardway/blkio.bfq.weight", "100");
    file("memory/hardway/c/memory.usage_in_bytes", "60000");
    file("memory/hardway/c/memory.stat", "total_inactive_file 6000\ntotal_active_file 4000");
  }

  private void file(String name, String content) throws IOException {
    Path file = root.resolve("sys/fs/cgroup").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content + "\n");
  }

  private ResourceRequest request(Resources wanted) {
    return ResourceRequest.builder()
        .host(host)
        .container(
            Container.builder().id("c").state(Path.of("/state")).data(Path.of("/data")).build())
        .resources(wanted)
        .build();
  }

  /** What is written to files of limits, each as {@code file=value}. */
  private List<String> written(Resources wanted) {
    var controller = new CgroupV1Controller();
    PlanAssembler assembler = new PlanAssembler();
    ResourceRequest request = request(wanted);
    controller.contributeUpdate(
        host, controller.group(request), wanted, assembler.forPlugin("test"));
    List<String> written = new ArrayList<>();
    for (Step step : assembler.run(Optional.empty()).steps()) {
      if (step.operation() instanceof Operation.Write write) {
        String path = write.path().toString();
        written.add(path.substring(path.lastIndexOf('/') + 1) + "=" + write.data());
      }
    }
    return written;
  }

  @TestFactory
  List<DynamicTest> isWrittenOrRefusedByName() {
    return CASES.stream()
        .map(
            one ->
                DynamicTest.dynamicTest(
                    one.field(),
                    () -> {
                      if (one.refusal().isEmpty()) {
                        assertEquals(one.written(), written(one.wanted()));
                      } else {
                        PlanningException refusal =
                            assertThrows(PlanningException.class, () -> written(one.wanted()));
                        assertTrue(
                            refusal.getMessage().contains(one.refusal()), refusal.getMessage());
                      }
                    }))
        .toList();
  }

  @Test
  void noFieldIsForgotten() {
    Set<String> fields = new TreeSet<>();
    fields(Resources.class, "", fields);
    fields.removeAll(List.of("memory", "cpu", "blockIo", "controllers"));
    fields(MemoryResources.class, "memory.", fields);
    fields(CpuResources.class, "cpu.", fields);
    fields(BlockIoResources.class, "blockIo.", fields);
    Set<String> tried = new TreeSet<>();
    CASES.forEach(one -> tried.add(one.field()));
    assertEquals(fields, tried);
  }

  private static void fields(Class<?> type, String prefix, Set<String> fields) {
    for (Method method : type.getDeclaredMethods()) {
      if (Modifier.isPublic(method.getModifiers())
          && method.getParameterCount() == 0
          && !method.getName().endsWith("uilder")) {
        fields.add(prefix + method.getName());
      }
    }
  }

  private void isRefused(Resources wanted, String reason) {
    PlanningException refusal = assertThrows(PlanningException.class, () -> written(wanted));
    assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
  }

  @Test
  void processorsThatAreNotThereAreRefused() {
    isRefused(cpu(cpu().cpus("0-7")), "requested 0-7, available 0-1");
    isRefused(cpu(cpu().mems("3")), "requested 3, available 0");
  }

  @Test
  void theSumOfMemoryAndSwapGrowsFirst() throws IOException {
    file("memory/hardway/c/memory.memsw.limit_in_bytes", "4096");
    assertEquals(
        List.of("memory.memsw.limit_in_bytes=16384", "memory.limit_in_bytes=8192"),
        written(memory(memory().limit(Limit.of(8192)).swap(Limit.of(16384)))));
  }

  @Test
  void memoryAloneDoesNotGrowAboveTheSum() throws IOException {
    file("memory/hardway/c/memory.memsw.limit_in_bytes", "4096");
    isRefused(memory(memory().limit(Limit.of(8192))), "memory and swap together, 4096");
  }

  @Test
  void aSumBelowMemoryIsRefused() {
    isRefused(memory(memory().limit(Limit.of(8192)).swap(Limit.of(4096))), "together");
  }

  @Test
  void aKernelWithoutSwapAccountingIsNamed() throws IOException {
    Files.delete(root.resolve("sys/fs/cgroup/memory/memory.memsw.limit_in_bytes"));
    isRefused(memory(memory().limit(Limit.of(4096)).swap(Limit.of(5000))), "account swap");
  }

  @Test
  void aControllerThatIsNotMountedIsNamed() {
    host = new FakeHost(root);
    isRefused(memory(memory().limit(Limit.of(4096))), "memory is not mounted");
  }
}
