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

/** The steps that write limits to the files of a group; cgroup-v2.rst, config-linux.md, "Control groups". */
final class LimitFiles {
  private static final long DEFAULT_PERIOD = 100_000;

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
    if (!resources.hugepageLimits().isEmpty() || !resources.rdma().isEmpty() || resources.networkClassId().isPresent() || !resources.networkPriorities().isEmpty()) {
      throw new PlanningException("limits of huge pages, RDMA and network classes cannot be given by cgroup-v2", "leave them out");
    }
    memory(resources.memory());
    cpu(resources.cpu());
    resources.pids().ifPresent(limit -> put("pids", "pids.max", text(limit), "limit tasks to " + limit));
    if (resources.blockIo().weight().isPresent()) {
      put("io", "io.weight", Integer.toString(resources.blockIo().weight().getAsInt()), "set the block I/O weight");
    }
    if (!resources.blockIo().weightDevices().isEmpty()
        || !resources.blockIo().throttleReadBps().isEmpty()
        || !resources.blockIo().throttleWriteBps().isEmpty()
        || !resources.blockIo().throttleReadIops().isEmpty()
        || !resources.blockIo().throttleWriteIops().isEmpty()) {
      throw new PlanningException("limits of block I/O by device cannot be given by cgroup-v2", "use unified limits: io.max");
    }
    for (Map.Entry<String, String> entry : resources.unified().entrySet()) {
      if (entry.getKey().indexOf('/') >= 0 || entry.getKey().startsWith(".")) {
        throw new PlanningException("unified limit " + entry.getKey() + " is no file of a cgroup", "write it like memory.high");
      }
      stage.write(Location.host(directory.resolve(entry.getKey())), entry.getValue()).label("write " + entry.getValue() + " to " + entry.getKey());
    }
  }

  private void put(String controller, String file, String value, String label) {
    if (!controllers.contains(controller)) {
      throw new PlanningException(file + " cannot be set: the cgroup controller " + controller + " is not available", "have it delegated, or leave the limit out");
    }
    stage.write(Location.host(directory.resolve(file)), value).label(label).hint("the kernel does not take " + value + " for " + file + " here");
  }

  private static String text(Limit limit) {
    return limit.isUnlimited() ? "max" : Long.toString(limit.value());
  }

  private void memory(MemoryResources memory) {
    memory.limit().ifPresent(limit -> put("memory", "memory.max", text(limit), "limit memory to " + limit));
    memory.reservation().ifPresent(limit -> put("memory", "memory.low", text(limit), "keep so much memory when it is short"));
    if (memory.swap().isPresent()) {
      Limit both = memory.swap().get();
      Limit swap = both.isUnlimited() || memory.limit().isEmpty() ? both : Limit.of(both.value() - memory.limit().get().value());
      stage
          .write(Location.host(directory.resolve("memory.swap.max")), text(swap))
          .ignoring(io.hardway.spi.Errno.ENOENT)
          .label("limit swap to " + swap + ", where the kernel has swap");
    }
    if (memory.swappiness().isPresent()) {
      throw new PlanningException("swappiness cannot be set for a group: cgroup v2 has no such limit", "leave --memory-swappiness out");
    }
    if (memory.oomKillDisabled()) {
      throw new PlanningException("the kill for lack of memory cannot be disabled: cgroup v2 has no such switch", "leave --oom-kill-disable out");
    }
  }

  private void cpu(CpuResources cpu) {
    if (cpu.quota().isPresent() || cpu.period().isPresent()) {
      long quota = cpu.quota().orElse(-1);
      String value = (quota <= 0 ? "max" : Long.toString(quota)) + " " + cpu.period().orElse(DEFAULT_PERIOD);
      put("cpu", "cpu.max", value, "limit processor time to " + value + " µs");
    }
    cpu.shares().ifPresent(shares -> put("cpu", "cpu.weight", Long.toString(weight(shares)), "set the weight of processor time"));
    cpu.burst().ifPresent(burst -> put("cpu", "cpu.max.burst", Long.toString(burst), "let processor time be saved up"));
    cpu.idle().ifPresent(idle -> put("cpu", "cpu.idle", Long.toString(idle), "run only when nothing else does"));
    cpu.cpus().ifPresent(list -> put("cpuset", "cpuset.cpus", list, "allow processors " + list));
    cpu.mems().ifPresent(list -> put("cpuset", "cpuset.mems", list, "allow memory nodes " + list));
    if (cpu.realtimeRuntime().isPresent() || cpu.realtimePeriod().isPresent()) {
      throw new PlanningException("real-time scheduling cannot be limited: cgroup v2 has no such limit", "leave --cpu-rt-runtime and --cpu-rt-period out");
    }
  }

  /** From 2..262144 to 1..10000, as the OCI runtimes do. */
  private static long weight(long shares) {
    return 1 + (shares - 2) * 9999 / 262_142;
  }
}
