package io.hardway.cgroup.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardway.spi.Limit;
import io.hardway.spi.spec.BlockIoDevice;
import io.hardway.spi.spec.BlockIoResources;
import io.hardway.spi.spec.CpuResources;
import io.hardway.spi.spec.DeviceRule;
import io.hardway.spi.spec.HugepageLimit;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.RdmaLimit;
import io.hardway.spi.spec.Resources;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
      BlockIoDevice.builder().major(8).minor(0).value(100).build();

  @TempDir Path root;
  private FakeGroups groups;

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
          Case.applied("memory.limit", memory(memory().limit(Limit.of(4096))), "memory.max=4096"),
          Case.applied(
              "memory.reservation",
              memory(memory().reservation(Limit.of(4096))),
              "memory.low=4096"),
          Case.applied(
              "memory.swap",
              memory(memory().limit(Limit.of(4096)).swap(Limit.of(8192))),
              "memory.max=4096",
              "memory.swap.max=4096"),
          Case.refused("memory.kernel", memory(memory().kernel(Limit.of(4096))), "kernel memory"),
          Case.refused(
              "memory.kernelTcp", memory(memory().kernelTcp(Limit.of(4096))), "TCP buffers"),
          Case.refused("memory.swappiness", memory(memory().swappiness(10)), "swappiness"),
          Case.refused(
              "memory.oomKillDisabled",
              memory(memory().oomKillDisabled(true)),
              "cannot be disabled"),
          Case.refused(
              "memory.checkBeforeUpdate",
              memory(memory().limit(Limit.of(4096)).checkBeforeUpdate(true)),
              "50000 are in use"),
          Case.applied("cpu.shares", cpu(cpu().shares(1024)), "cpu.weight=100"),
          Case.applied("cpu.quota", cpu(cpu().quota(50_000)), "cpu.max=50000 100000"),
          Case.applied("cpu.period", cpu(cpu().period(50_000)), "cpu.max=max 50000"),
          Case.applied("cpu.burst", cpu(cpu().burst(1000)), "cpu.max.burst=1000"),
          Case.refused("cpu.realtimeRuntime", cpu(cpu().realtimeRuntime(1000)), "real-time"),
          Case.refused("cpu.realtimePeriod", cpu(cpu().realtimePeriod(1000)), "real-time"),
          Case.applied("cpu.cpus", cpu(cpu().cpus("0-1")), "cpuset.cpus=0-1"),
          Case.applied("cpu.mems", cpu(cpu().mems("0")), "cpuset.mems=0"),
          Case.applied("cpu.idle", cpu(cpu().idle(1)), "cpu.idle=1"),
          Case.applied("pids", any().pids(Limit.unlimited()).build(), "pids.max=max"),
          Case.applied("blockIo.weight", blockIo(blockIo().weight(10)), "io.weight=1"),
          Case.refused("blockIo.leafWeight", blockIo(blockIo().leafWeight(100)), "leaf weight"),
          Case.applied(
              "blockIo.weightDevices",
              blockIo(blockIo().weightDevices(List.of(DISK))),
              "io.weight=8:0 910"),
          Case.applied(
              "blockIo.throttleReadBps",
              blockIo(blockIo().throttleReadBps(List.of(DISK))),
              "io.max=8:0 rbps=100"),
          Case.applied(
              "blockIo.throttleWriteBps",
              blockIo(blockIo().throttleWriteBps(List.of(DISK))),
              "io.max=8:0 wbps=100"),
          Case.applied(
              "blockIo.throttleReadIops",
              blockIo(blockIo().throttleReadIops(List.of(DISK))),
              "io.max=8:0 riops=100"),
          Case.applied(
              "blockIo.throttleWriteIops",
              blockIo(blockIo().throttleWriteIops(List.of(DISK))),
              "io.max=8:0 wiops=100"),
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
              "device-program=decide about devices: allow c 1:3 rw"),
          Case.applied(
              "hugepageLimits",
              any()
                  .hugepageLimits(List.of(HugepageLimit.builder().pageSize("2MB").limit(1).build()))
                  .build(),
              "hugetlb.2MB.max=1",
              "hugetlb.2MB.rsvd.max=1"),
          Case.applied(
              "rdma",
              any().rdma(List.of(RdmaLimit.builder().device("mlx").hcaHandles(1).build())).build(),
              "rdma.max=mlx hca_handle=1"),
          Case.refused("networkClassId", any().networkClassId(1).build(), "net_cls"),
          Case.refused(
              "networkPriorities", any().networkPriorities(Map.of("lo", 1L)).build(), "net_prio"),
          Case.applied(
              "unified", any().unified(Map.of("memory.high", "1")).build(), "memory.high=1"));

  @BeforeEach
  void mountHierarchy() throws IOException {
    groups = new FakeGroups(root);
    groups.host("proc/sys/kernel/unprivileged_bpf_disabled", "2");
    groups.write("cpuset.cpus.effective", "0-1");
    groups.write("cpuset.mems.effective", "0");
    groups.write("hardway/c/memory.current", "60000");
    groups.write("hardway/c/memory.stat", "inactive_file 6000\nactive_file 4000");
    groups.host("sys/class/infiniband/mlx/node_type", "1: CA");
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
                        assertEquals(one.written(), groups.updated(one.wanted()));
                      } else {
                        groups.isRefused(one.wanted(), one.refusal());
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

  @Test
  void processorsThatAreNotThereAreRefused() {
    groups.isRefused(cpu(cpu().cpus("0-7")), "requested 0-7, available 0-1");
    groups.isRefused(cpu(cpu().mems("3")), "requested 3, available 0");
  }

  @Test
  void moreTasksThanAKernelHasAreRefused() {
    groups.isRefused(any().pids(Limit.of(4_194_305)).build(), "no kernel has more than 4194304");
  }

  @Test
  void aControllerThatIsNotAvailableIsNamed() throws IOException {
    groups.write("cgroup.controllers", "cpu pids");
    groups.isRefused(memory(memory().limit(Limit.of(4096))), "memory is not available");
  }
}
