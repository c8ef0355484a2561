package io.hardway.cgroup.v2;

import io.hardway.spi.ControlGroup;
import io.hardway.spi.Errno;
import io.hardway.spi.Limit;
import io.hardway.spi.Location;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Stage;
import io.hardway.spi.StepOptions;
import io.hardway.spi.spec.BlockIoDevice;
import io.hardway.spi.spec.BlockIoResources;
import io.hardway.spi.spec.CpuResources;
import io.hardway.spi.spec.HugepageLimit;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.Resources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The steps that write limits to the files of a group; cgroup-v2.rst, "Controllers"; config-linux.md, "Control groups". */
final class GroupLimits {
  private final Path directory;
  private final List<String> controllers;
  private final Stage stage;

  GroupLimits(ControlGroup group, Stage stage) {
    this.directory = CgroupV2Controller.directory(group);
    this.controllers = group.hierarchies().get(0).controllers();
    this.stage = stage;
  }

  /** The limits that are there. */
  void write(Resources resources) {
    refuse(resources);
    memory(resources.memory());
    cpu(resources.cpu());
    resources.pids().ifPresent(value -> write("pids", "pids.max", text(value), "limit tasks to " + value));
    blockIo(resources.blockIo());
    for (HugepageLimit huge : resources.hugepageLimits()) {
      write("hugetlb", "hugetlb." + huge.pageSize() + ".max", Long.toString(huge.limit()), "limit huge pages of " + huge.pageSize());
    }
    for (Map.Entry<String, String> entry : resources.unified().entrySet()) {
      unified(entry.getKey(), entry.getValue());
    }
  }

  private static void refuse(Resources resources) {
    MemoryResources memory = resources.memory();
    String missing = "";
    if (memory.swappiness().isPresent()) {
      missing = "a swappiness of its own (--memory-swappiness)";
    } else if (memory.oomKillDisabled()) {
      missing = "waiting in place of being killed when out of memory (--oom-kill-disable)";
    } else if (memory.kernel().isPresent()) {
      missing = "a limit of kernel memory alone";
    } else if (memory.kernelTcp().isPresent()) {
      missing = "a limit of TCP buffers alone";
    } else if (resources.cpu().realtimeRuntime().isPresent() || resources.cpu().realtimePeriod().isPresent()) {
      missing = "a share of real-time scheduling";
    } else if (resources.blockIo().leafWeight().isPresent()) {
      missing = "a leaf weight of block I/O";
    } else if (resources.networkClassId().isPresent() || !resources.networkPriorities().isEmpty()) {
      missing = "network classes and priorities";
    } else if (!resources.rdma().isEmpty()) {
      throw new PlanningException("limits of RDMA cannot be given by cgroup-v2", "leave them out, or give rdma.max among the unified limits");
    }
    if (!missing.isEmpty()) {
      throw new PlanningException("cgroup version 2 does not have " + missing, "leave it out, or use a host with cgroup v1");
    }
  }

  private StepOptions write(String controller, String file, String value, String label) {
    if (!controllers.contains(controller)) {
      throw new PlanningException(
          file + " cannot be set: the cgroup controller " + controller + " is not available here", "have it delegated, enable it in the kernel, or leave the limit out");
    }
    return stage
        .write(Location.host(directory.resolve(file)), value)
        .label(label)
        .hint("the kernel does not take " + value + " for " + file + " here, or the groups above did not give the controller " + controller);
  }

  private void memory(MemoryResources memory) {
    if (memory.checkBeforeUpdate() && memory.limit().isPresent() && !memory.limit().get().isUnlimited()) {
      OptionalLong used = GroupFile.number(directory.resolve("memory.current"));
      if (used.isPresent() && used.getAsLong() > memory.limit().get().value()) {
        throw new PlanningException("the memory limit " + memory.limit().get() + " is below the " + used.getAsLong() + " bytes in use", "give more, or free memory first");
      }
    }
    memory.limit().ifPresent(value -> write("memory", "memory.max", text(value), "limit memory to " + value));
    memory.swap().ifPresent(value -> swap(value, limitFor(memory)));
    memory.reservation().ifPresent(value -> write("memory", "memory.low", value.isUnlimited() ? "max" : Long.toString(value.value()), "keep memory when it is short elsewhere"));
  }

  /** The limit that holds: the one asked for, or else the group's. */
  private Limit limitFor(MemoryResources memory) {
    if (memory.limit().isPresent()) {
      return memory.limit().get();
    }
    OptionalLong now = GroupFile.number(directory.resolve("memory.max"));
    return now.isPresent() ? Limit.of(now.getAsLong()) : Limit.unlimited();
  }

  /** Version 2 limits swap alone, what is asked for is the sum. */
  private void swap(Limit sum, Limit memory) {
    if (sum.isUnlimited()) {
      swapMax("max");
      return;
    }
    if (memory.isUnlimited()) {
      throw new PlanningException("--memory-swap " + sum + " cannot be set without a limit of memory", "give --memory too");
    }
    if (sum.value() < memory.value()) {
      throw new PlanningException("--memory-swap " + sum + " is below --memory " + memory + ": it is memory and swap together", "give at least " + memory);
    }
    swapMax(Long.toString(sum.value() - memory.value()));
  }

  /** A kernel without swap has no such file: then there is nothing to limit. */
  private void swapMax(String value) {
    write("memory", "memory.swap.max", value, "limit swap to " + value).ignoring(Errno.ENOENT);
  }

  private void cpu(CpuResources cpu) {
    cpu.idle().ifPresent(value -> write("cpu", "cpu.idle", Long.toString(value), "run only when nothing else does"));
    if (cpu.shares().orElse(0) != 0) {
      write("cpu", "cpu.weight", Long.toString(weight(cpu.shares().getAsLong())), "set the weight of processor time");
    }
    if (cpu.quota().isPresent() || cpu.period().isPresent()) {
      String[] now = GroupFile.text(directory.resolve("cpu.max")).split(" ");
      String quota = now[0].isEmpty() ? "max" : now[0];
      if (cpu.quota().isPresent()) {
        quota = cpu.quota().getAsLong() <= 0 ? "max" : Long.toString(cpu.quota().getAsLong());
      }
      write("cpu", "cpu.max", cpu.period().isPresent() ? quota + " " + cpu.period().getAsLong() : quota, "limit processor time");
    }
    cpu.burst().ifPresent(value -> write("cpu", "cpu.max.burst", Long.toString(value), "let processor time be saved up"));
    cpu.cpus().ifPresent(value -> write("cpuset", "cpuset.cpus", value, "allow processors " + value));
    cpu.mems().ifPresent(value -> write("cpuset", "cpuset.mems", value, "allow memory nodes " + value));
  }

  /** Shares, 2 to 262144, on the scale of weights, 1 to 10000: the conversion OCI runtimes have in common. */
  static long weight(long shares) {
    long within = Math.max(2, Math.min(262_144, shares));
    return 1 + (within - 2) * 9_999 / 262_142;
  }

  private void blockIo(BlockIoResources blockIo) {
    blockIo.weight().ifPresent(value -> ioWeight("", value));
    for (BlockIoDevice device : blockIo.weightDevices()) {
      ioWeight(device.major() + ":" + device.minor() + " ", device.value());
    }
    throttle(blockIo.throttleReadBps(), "rbps");
    throttle(blockIo.throttleWriteBps(), "wbps");
    throttle(blockIo.throttleReadIops(), "riops");
    throttle(blockIo.throttleWriteIops(), "wiops");
  }

  /** The BFQ scheduler has a file of its own, on the scale of version 1; otherwise 10 to 1000 becomes 1 to 10000. */
  private void ioWeight(String device, long value) {
    Path parent = directory.getParent();
    if (Files.exists(parent.resolve("io.bfq.weight"))) {
      write("io", "io.bfq.weight", device + value, "set the block I/O weight");
    } else {
      write("io", "io.weight", device + (1 + (value - 10) * 9_999 / 990), "set the block I/O weight");
    }
  }

  private void throttle(List<BlockIoDevice> devices, String key) {
    for (BlockIoDevice device : devices) {
      String rate = device.value() == 0 ? "max" : Long.toString(device.value());
      write("io", "io.max", device.major() + ":" + device.minor() + " " + key + "=" + rate, "limit block I/O of " + device.major() + ":" + device.minor());
    }
  }

  private void unified(String file, String value) {
    int dot = file.indexOf('.');
    if (dot < 1 || file.indexOf('/') >= 0) {
      throw new PlanningException("the unified limit " + file + " is not the name of a cgroup file", "name it like memory.high");
    }
    String controller = file.substring(0, dot);
    if (controller.equals("cgroup")) {
      stage.write(Location.host(directory.resolve(file)), value).label("set " + file);
    } else {
      write(controller, file, value, "set " + file);
    }
  }

  private static String text(Limit limit) {
    return limit.isUnlimited() ? "max" : Long.toString(limit.value());
  }
}
