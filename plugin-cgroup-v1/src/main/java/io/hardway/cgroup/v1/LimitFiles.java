package io.hardway.cgroup.v1;

import io.hardway.spi.ControlGroup;
import io.hardway.spi.Limit;
import io.hardway.spi.Location;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Stage;
import io.hardway.spi.spec.CpuResources;
import io.hardway.spi.spec.DeviceRule;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.Resources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** The steps that write limits to the files of a group; config-linux.md, "Control groups". */
final class LimitFiles {
  private final ControlGroup group;
  private final Stage stage;

  LimitFiles(ControlGroup group, Stage stage) {
    this.group = group;
    this.stage = stage;
  }

  /** All limits of a new group. */
  void all(Resources resources) {
    change(resources);
    for (DeviceRule rule : resources.devices()) {
      device(rule);
    }
  }

  /** The limits that are there. */
  void change(Resources resources) {
    refuse(resources);
    memory(resources.memory());
    cpu(resources.cpu());
    if (resources.pids().isPresent()) {
      Limit pids = resources.pids().get();
      write(
          "pids",
          "pids.max",
          pids.isUnlimited() ? "max" : Long.toString(pids.value()),
          "limit tasks to " + pids);
    }
    if (resources.blockIo().weight().isPresent()) {
      String file = "blkio.weight";
      Path directory = directory("blkio", "a block I/O weight");
      if (Files.exists(directory.getParent().getParent().resolve("blkio.bfq.weight"))) {
        file = "blkio.bfq.weight";
      } else if (!Files.exists(directory.getParent().getParent().resolve(file))) {
        throw new PlanningException(
            "a block I/O weight cannot be set: no scheduler of this kernel has weights",
            "leave it out, or use a kernel with BFQ");
      }
      write(
          "blkio",
          file,
          Integer.toString(resources.blockIo().weight().getAsInt()),
          "set the block I/O weight");
    }
  }

  private static void refuse(Resources resources) {
    if (!resources.unified().isEmpty()) {
      throw new PlanningException(
          "unified limits " + resources.unified().keySet() + " are files of cgroup v2",
          "use the limits of version 1 on this host");
    }
    if (!resources.hugepageLimits().isEmpty()
        || !resources.rdma().isEmpty()
        || resources.networkClassId().isPresent()
        || !resources.networkPriorities().isEmpty()) {
      throw new PlanningException(
          "limits of huge pages, RDMA and network classes cannot be given by cgroup-v1",
          "leave them out");
    }
    if (!resources.blockIo().weightDevices().isEmpty()
        || !resources.blockIo().throttleReadBps().isEmpty()
        || !resources.blockIo().throttleWriteBps().isEmpty()
        || !resources.blockIo().throttleReadIops().isEmpty()
        || !resources.blockIo().throttleWriteIops().isEmpty()) {
      throw new PlanningException(
          "limits of block I/O by device cannot be given by cgroup-v1", "leave them out");
    }
  }

  private Path directory(String controller, String what) {
    Path directory = CgroupV1Controller.directory(group, controller);
    if (directory == null) {
      throw new PlanningException(
          what + " cannot be set: the cgroup controller " + controller + " is not mounted",
          "mount it, or leave the limit out");
    }
    return directory;
  }

  private void write(String controller, String file, String value, String label) {
    Path directory = directory(controller, file);
    stage
        .write(Location.host(directory.resolve(file)), value)
        .label(label)
        .hint("the kernel does not take " + value + " for " + file + " here");
  }

  private void memory(MemoryResources memory) {
    Optional<Limit> limit = memory.limit();
    Optional<Limit> swap = memory.swap();
    boolean swapAccounted = swap.isPresent() && isSwapAccounted();
    if (swap.isPresent()
        && !swapAccounted
        && !swap.get().isUnlimited()
        && limit.isPresent()
        && !isDefault(limit.get(), swap.get())) {
      throw new PlanningException(
          "--memory-swap cannot be set: this kernel does not account swap",
          "leave it out, or boot with swapaccount=1");
    }
    if (swapAccounted
        && !swap.get().isUnlimited()
        && limit.isPresent()
        && limit.get().isUnlimited()) {
      throw new PlanningException(
          "--memory-swap " + swap.get() + " cannot be set without a limit of memory",
          "give --memory too");
    }
    if (limit.isPresent() && swapAccounted) {
      // Memory must never be above memory and swap: where both grow the sum goes first, where both
      // shrink the part.
      OptionalLong now =
          CgroupFile.number(directory("memory", "memory").resolve("memory.memsw.limit_in_bytes"));
      boolean grows =
          swap.get().isUnlimited() || now.isPresent() && limit.get().value() > now.getAsLong();
      if (grows) {
        writeSwap(swap.get());
        writeMemory(limit.get());
      } else {
        writeMemory(limit.get());
        writeSwap(swap.get());
      }
    } else {
      limit.ifPresent(this::writeMemory);
      if (swapAccounted) {
        writeSwap(swap.get());
      }
    }
    memory
        .reservation()
        .ifPresent(
            value ->
                write(
                    "memory",
                    "memory.soft_limit_in_bytes",
                    text(value),
                    "set what it may hold when memory is short"));
    memory
        .kernelTcp()
        .ifPresent(
            value ->
                write(
                    "memory", "memory.kmem.tcp.limit_in_bytes", text(value), "limit TCP buffers"));
    memory
        .swappiness()
        .ifPresent(
            value ->
                write(
                    "memory", "memory.swappiness", Integer.toString(value), "set the swappiness"));
    if (memory.oomKillDisabled()) {
      write(
          "memory", "memory.oom_control", "1", "wait in place of being killed when out of memory");
    }
  }

  private static boolean isDefault(Limit limit, Limit swap) {
    return !limit.isUnlimited() && swap.value() == 2 * limit.value();
  }

  private boolean isSwapAccounted() {
    Path directory = CgroupV1Controller.directory(group, "memory");
    for (Path level = directory; level != null; level = level.getParent()) {
      if (Files.exists(level.resolve("memory.memsw.limit_in_bytes"))) {
        return true;
      }
      if (Files.exists(level.resolve("memory.limit_in_bytes"))) {
        return false;
      }
    }
    return false;
  }

  private void writeMemory(Limit limit) {
    write("memory", "memory.limit_in_bytes", text(limit), "limit memory to " + limit);
  }

  private void writeSwap(Limit limit) {
    write(
        "memory",
        "memory.memsw.limit_in_bytes",
        text(limit),
        "limit memory and swap together to " + limit);
  }

  private static String text(Limit limit) {
    return limit.isUnlimited() ? "-1" : Long.toString(limit.value());
  }

  private void cpu(CpuResources cpu) {
    cpu.shares()
        .ifPresent(
            value ->
                write(
                    "cpu", "cpu.shares", Long.toString(value), "set the weight of processor time"));
    cpu.realtimePeriod()
        .ifPresent(
            value ->
                write("cpu", "cpu.rt_period_us", Long.toString(value), "set the real-time period"));
    cpu.realtimeRuntime()
        .ifPresent(
            value ->
                write("cpu", "cpu.rt_runtime_us", Long.toString(value), "set the real-time share"));
    cpu.period()
        .ifPresent(
            value ->
                write(
                    "cpu",
                    "cpu.cfs_period_us",
                    Long.toString(value),
                    "set the period of the processor limit"));
    cpu.quota()
        .ifPresent(
            value ->
                write("cpu", "cpu.cfs_quota_us", Long.toString(value), "limit processor time"));
    cpu.burst()
        .ifPresent(
            value ->
                write(
                    "cpu",
                    "cpu.cfs_burst_us",
                    Long.toString(value),
                    "let processor time be saved up"));
    cpu.idle()
        .ifPresent(
            value ->
                write("cpu", "cpu.idle", Long.toString(value), "run only when nothing else does"));
    cpu.cpus()
        .ifPresent(value -> write("cpuset", "cpuset.cpus", value, "allow processors " + value));
    cpu.mems()
        .ifPresent(value -> write("cpuset", "cpuset.mems", value, "allow memory nodes " + value));
  }

  private void device(DeviceRule rule) {
    String numbers =
        rule.type().equals("a") ? "" : " " + part(rule.major()) + ":" + part(rule.minor());
    String text = rule.type() + (rule.type().equals("a") ? " *:*" : numbers) + " " + rule.access();
    write(
        "devices",
        rule.allow() ? "devices.allow" : "devices.deny",
        text,
        (rule.allow() ? "allow" : "deny") + " devices " + text);
  }

  private static String part(OptionalLong number) {
    return number.isPresent() ? Long.toString(number.getAsLong()) : "*";
  }
}
