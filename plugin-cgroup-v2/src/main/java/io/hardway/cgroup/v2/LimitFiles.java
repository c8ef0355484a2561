package io.hardway.cgroup.v2;

import io.hardway.spi.ControlGroup;
import io.hardway.spi.Limit;
import io.hardway.spi.Location;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Stage;
import io.hardway.spi.spec.CpuResources;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.Resources;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The steps that write limits to the files of a group; cgroup-v2.rst, config-linux.md, "Control
 * groups".
 */
final class LimitFiles {
  private static final String DEFAULT_PERIOD = "100000";

  private final Path directory;
  private final List<String> controllers;
  private final Stage stage;

  LimitFiles(ControlGroup group, Stage stage) {
    this.directory = CgroupV2Controller.directory(group);
    this.controllers = group.hierarchies().get(0).controllers();
    this.stage = stage;
  }

  /** The limits that are there. */
  void write(Resources resources) {
    if (!resources.hugepageLimits().isEmpty()
        || !resources.rdma().isEmpty()
        || resources.networkClassId().isPresent()
        || !resources.networkPriorities().isEmpty()) {
      throw new PlanningException(
          "limits of huge pages, RDMA and network classes cannot be given by cgroup-v2",
          "leave them out");
    }
    memory(resources.memory());
    cpu(resources.cpu());
    resources
        .pids()
        .ifPresent(limit -> put("pids", "pids.max", text(limit), "limit tasks to " + limit));
    if (resources.blockIo().weight().isPresent()) {
      // From 10..1000 to 1..10000, as the OCI runtimes do.
      long weight = 1 + (resources.blockIo().weight().getAsInt() - 10L) * 9_999 / 990;
      put("io", "io.weight", Long.toString(weight), "set the block I/O weight");
    }
    if (!resources.blockIo().weightDevices().isEmpty()
        || !resources.blockIo().throttleReadBps().isEmpty()
        || !resources.blockIo().throttleWriteBps().isEmpty()
        || !resources.blockIo().throttleReadIops().isEmpty()
        || !resources.blockIo().throttleWriteIops().isEmpty()) {
      throw new PlanningException(
          "limits of block I/O by device cannot be given by cgroup-v2",
          "use unified limits: io.max");
    }
    for (Map.Entry<String, String> entry : resources.unified().entrySet()) {
      if (entry.getKey().indexOf('/') >= 0 || entry.getKey().startsWith(".")) {
        throw new PlanningException(
            "unified limit " + entry.getKey() + " is no file of a cgroup",
            "write it like memory.high");
      }
      stage
          .write(Location.host(directory.resolve(entry.getKey())), entry.getValue())
          .label("write " + entry.getValue() + " to " + entry.getKey());
    }
  }

  private void put(String controller, String file, String value, String label) {
    if (!controllers.contains(controller)) {
      throw new PlanningException(
          file + " cannot be set: the cgroup controller " + controller + " is not available",
          "have it delegated, or leave the limit out");
    }
    stage
        .write(Location.host(directory.resolve(file)), value)
        .label(label)
        .hint(
            "the kernel does not take "
                + value
                + " for "
                + file
                + ", or a group above has processes of its own and cannot give the controller "
                + controller);
  }

  private static String text(Limit limit) {
    return limit.isUnlimited() ? "max" : Long.toString(limit.value());
  }

  private void memory(MemoryResources memory) {
    memory
        .limit()
        .ifPresent(limit -> put("memory", "memory.max", text(limit), "limit memory to " + limit));
    memory
        .reservation()
        .ifPresent(
            limit ->
                put("memory", "memory.low", text(limit), "keep so much memory when it is short"));
    if (memory.swap().isPresent()) {
      Limit swap = swapAlone(memory.swap().get(), memory.limit().orElseGet(this::memoryNow));
      stage
          .write(Location.host(directory.resolve("memory.swap.max")), text(swap))
          .ignoring(io.hardway.spi.Errno.ENOENT)
          .label("limit swap to " + swap + ", where the kernel has swap");
    }
    if (memory.swappiness().isPresent()) {
      throw new PlanningException(
          "swappiness cannot be set for a group: cgroup v2 has no such limit",
          "leave --memory-swappiness out");
    }
    if (memory.oomKillDisabled()) {
      throw new PlanningException(
          "the kill for lack of memory cannot be disabled: cgroup v2 has no such switch",
          "leave --oom-kill-disable out");
    }
  }

  /** Version 2 limits swap alone; what is asked for is the sum. */
  private static Limit swapAlone(Limit sum, Limit memory) {
    if (sum.isUnlimited()) {
      return sum;
    }
    if (memory.isUnlimited()) {
      throw new PlanningException(
          "--memory-swap " + sum + " cannot be set without a limit of memory", "give --memory too");
    }
    if (sum.value() < memory.value()) {
      throw new PlanningException(
          "--memory-swap "
              + sum
              + " is below --memory "
              + memory
              + ": it is memory and swap together",
          "give at least " + memory);
    }
    return Limit.of(sum.value() - memory.value());
  }

  /** The limit an existing group has. */
  private Limit memoryNow() {
    OptionalLong now = CgroupFile.number(directory.resolve("memory.max"));
    return now.isPresent() ? Limit.of(now.getAsLong()) : Limit.unlimited();
  }

  /**
   * The quota and the period are one file: what is not asked for stays as it is in an existing
   * group.
   */
  private String cpuMax(CpuResources cpu) {
    String[] now = CgroupFile.text(directory.resolve("cpu.max")).split(" ");
    String quota = now.length == 2 ? now[0] : "max";
    String period = now.length == 2 ? now[1] : DEFAULT_PERIOD;
    if (cpu.quota().isPresent()) {
      quota = cpu.quota().getAsLong() <= 0 ? "max" : Long.toString(cpu.quota().getAsLong());
    }
    if (cpu.period().isPresent()) {
      period = Long.toString(cpu.period().getAsLong());
    }
    return quota + " " + period;
  }

  private void cpu(CpuResources cpu) {
    if (cpu.quota().isPresent() || cpu.period().isPresent()) {
      String value = cpuMax(cpu);
      put("cpu", "cpu.max", value, "limit processor time to " + value + " µs");
    }
    cpu.shares()
        .ifPresent(
            shares ->
                put(
                    "cpu",
                    "cpu.weight",
                    Long.toString(weight(shares)),
                    "set the weight of processor time"));
    cpu.burst()
        .ifPresent(
            burst ->
                put(
                    "cpu",
                    "cpu.max.burst",
                    Long.toString(burst),
                    "let processor time be saved up"));
    cpu.idle()
        .ifPresent(
            idle -> put("cpu", "cpu.idle", Long.toString(idle), "run only when nothing else does"));
    cpu.cpus().ifPresent(list -> put("cpuset", "cpuset.cpus", list, "allow processors " + list));
    cpu.mems().ifPresent(list -> put("cpuset", "cpuset.mems", list, "allow memory nodes " + list));
    if (cpu.realtimeRuntime().isPresent() || cpu.realtimePeriod().isPresent()) {
      throw new PlanningException(
          "real-time scheduling cannot be limited: cgroup v2 has no such limit",
          "leave --cpu-rt-runtime and --cpu-rt-period out");
    }
  }

  /** From 2..262144 to 1..10000, as the OCI runtimes do. */
  private static long weight(long shares) {
    return 1 + (Math.clamp(shares, 2L, 262_144L) - 2) * 9_999 / 262_142;
  }
}
