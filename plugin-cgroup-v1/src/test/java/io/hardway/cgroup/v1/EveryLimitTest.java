package io.hardway.cgroup.v1;

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
      BlockIoDevice.builder().major(8).minor(1).value(100).build();

  @TempDir Path root;
  private FakeHierarchies hierarchies;

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
          Case.applied(
              "cpu.realtimeRuntime",
              cpu(cpu().realtimeRuntime(1000)),
              "cpu.rt_runtime_us=1000",
              "cpu.rt_runtime_us=1000"),
          Case.applied(
              "cpu.realtimePeriod", cpu(cpu().realtimePeriod(1000)), "cpu.rt_period_us=1000"),
          Case.applied("cpu.cpus", cpu(cpu().cpus("0-1")), "cpuset.cpus=0-1"),
          Case.applied("cpu.mems", cpu(cpu().mems("0")), "cpuset.mems=0"),
          Case.applied("cpu.idle", cpu(cpu().idle(1)), "cpu.idle=1"),
          Case.applied("pids", any().pids(Limit.of(32)).build(), "pids.max=32"),
          Case.applied("blockIo.weight", blockIo(blockIo().weight(100)), "blkio.bfq.weight=100"),
          Case.refused("blockIo.leafWeight", blockIo(blockIo().leafWeight(100)), "leaf weight"),
          Case.applied(
              "blockIo.weightDevices",
              blockIo(blockIo().weightDevices(List.of(DISK))),
              "blkio.bfq.weight_device=8:1 100"),
          Case.applied(
              "blockIo.throttleReadBps",
              blockIo(blockIo().throttleReadBps(List.of(DISK))),
              "blkio.throttle.read_bps_device=8:1 100"),
          Case.applied(
              "blockIo.throttleWriteBps",
              blockIo(blockIo().throttleWriteBps(List.of(DISK))),
              "blkio.throttle.write_bps_device=8:1 100"),
          Case.applied(
              "blockIo.throttleReadIops",
              blockIo(blockIo().throttleReadIops(List.of(DISK))),
              "blkio.throttle.read_iops_device=8:1 100"),
          Case.applied(
              "blockIo.throttleWriteIops",
              blockIo(blockIo().throttleWriteIops(List.of(DISK))),
              "blkio.throttle.write_iops_device=8:1 100"),
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
          Case.applied(
              "hugepageLimits",
              any()
                  .hugepageLimits(List.of(HugepageLimit.builder().pageSize("2MB").limit(1).build()))
                  .build(),
              "hugetlb.2MB.limit_in_bytes=1"),
          Case.applied(
              "rdma",
              any().rdma(List.of(RdmaLimit.builder().device("mlx").hcaHandles(1).build())).build(),
              "rdma.max=mlx hca_handle=1"),
          Case.applied("networkClassId", any().networkClassId(1).build(), "net_cls.classid=1"),
          Case.applied(
              "networkPriorities",
              any().networkPriorities(Map.of("lo", 1L)).build(),
              "net_prio.ifpriomap=lo 1"),
          Case.refused(
              "unified", any().unified(Map.of("memory.high", "1")).build(), "memory.high"));

  @BeforeEach
  void mountHierarchies() throws IOException {
    hierarchies =
        new FakeHierarchies(
            root,
            "cpu,cpuacct",
            "cpuset",
            "memory",
            "pids",
            "freezer",
            "blkio",
            "devices",
            "hugetlb",
            "rdma",
            "net_cls,net_prio");
    hierarchies.write("cpuset/cpuset.cpus", "0-1");
    hierarchies.write("cpuset/cpuset.mems", "0");
    hierarchies.write("cpu,cpuacct/cpu.cfs_burst_us", "0");
    hierarchies.write("cpu,cpuacct/cpu.idle", "0");
    hierarchies.write("cpu,cpuacct/cpu.rt_runtime_us", "950000");
    hierarchies.write("cpu,cpuacct/cpu.rt_period_us", "1000000");
    hierarchies.write("memory/memory.kmem.tcp.limit_in_bytes", "9223372036854771712");
    hierarchies.write("memory/memory.memsw.limit_in_bytes", "9223372036854771712");
    hierarchies.write("blkio/blkio.bfq.io_service_bytes", "");
    for (String rate : List.of("read_bps", "write_bps", "read_iops", "write_iops")) {
      hierarchies.write("blkio/blkio.throttle." + rate + "_device", "");
    }
    hierarchies.write("hugetlb/hugetlb.2MB.limit_in_bytes", "0");
    hierarchies.file("sys/class/infiniband/mlx/node_type", "1: CA");
    hierarchies.file("sys/class/net/lo/ifindex", "1");
    hierarchies.start(
        "cpu,cpuacct", "memory", "pids", "blkio", "hugetlb", "rdma", "net_cls,net_prio", "cpuset");
    hierarchies.start("devices", "freezer");
    hierarchies.write("memory/hardway/c/memory.usage_in_bytes", "60000");
    hierarchies.write(
        "memory/hardway/c/memory.stat", "total_inactive_file 6000\ntotal_active_file 4000");
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
                        assertEquals(one.written(), hierarchies.updated(one.wanted()));
                      } else {
                        hierarchies.isRefused(one.wanted(), one.refusal());
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
}
