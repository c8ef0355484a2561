package io.hardway.cgroup.v1;

import io.hardway.spi.ControlGroup;
import io.hardway.spi.Limit;
import io.hardway.spi.Usage;
import java.nio.file.Path;
import java.util.OptionalLong;

/** What a group has used, from its files. */
final class UsageFiles {
  /**
   * A limit of the kernel's that means there is none: the largest multiple of a page, or near it.
   */
  private static final long NO_LIMIT = Long.MAX_VALUE - (1L << 20);

  private static final long TICK_NANOS = 10_000_000;

  private UsageFiles() {}

  static Usage read(ControlGroup group) {
    Usage.Builder usage = Usage.builder();
    Path accounting = CgroupV1Controller.directory(group, "cpuacct");
    if (accounting != null) {
      CgroupFile.number(accounting.resolve("cpuacct.usage")).ifPresent(usage::cpuNanos);
      CgroupFile.number(accounting.resolve("cpuacct.stat"), "user")
          .ifPresent(ticks -> usage.cpuUserNanos(ticks * TICK_NANOS));
      CgroupFile.number(accounting.resolve("cpuacct.stat"), "system")
          .ifPresent(ticks -> usage.cpuSystemNanos(ticks * TICK_NANOS));
    }
    Path cpu = CgroupV1Controller.directory(group, "cpu");
    if (cpu != null) {
      CgroupFile.number(cpu.resolve("cpu.stat"), "nr_throttled").ifPresent(usage::throttledPeriods);
      CgroupFile.number(cpu.resolve("cpu.stat"), "throttled_time").ifPresent(usage::throttledNanos);
    }
    memory(group, usage);
    Path pids = CgroupV1Controller.directory(group, "pids");
    if (pids != null) {
      CgroupFile.number(pids.resolve("pids.current")).ifPresent(usage::pids);
      String most = CgroupFile.text(pids.resolve("pids.max"));
      if (!most.isEmpty()) {
        usage.pidsLimit(most.equals("max") ? Limit.unlimited() : Limit.of(Long.parseLong(most)));
      }
    }
    blockIo(group, usage);
    return usage.build();
  }

  private static void memory(ControlGroup group, Usage.Builder usage) {
    Path memory = CgroupV1Controller.directory(group, "memory");
    if (memory == null) {
      return;
    }
    CgroupFile.number(memory.resolve("memory.usage_in_bytes")).ifPresent(usage::memoryBytes);
    CgroupFile.number(memory.resolve("memory.max_usage_in_bytes"))
        .ifPresent(usage::memoryPeakBytes);
    CgroupFile.number(memory.resolve("memory.stat"), "total_inactive_file")
        .ifPresent(usage::memoryFileBytes);
    CgroupFile.number(memory.resolve("memory.oom_control"), "oom_kill").ifPresent(usage::oomKills);
    OptionalLong limit = CgroupFile.number(memory.resolve("memory.limit_in_bytes"));
    if (limit.isPresent()) {
      usage.memoryLimit(
          limit.getAsLong() > NO_LIMIT ? Limit.unlimited() : Limit.of(limit.getAsLong()));
    }
  }

  private static void blockIo(ControlGroup group, Usage.Builder usage) {
    Path blkio = CgroupV1Controller.directory(group, "blkio");
    if (blkio == null) {
      return;
    }
    long read = 0;
    long written = 0;
    for (String line :
        CgroupFile.text(blkio.resolve("blkio.throttle.io_service_bytes")).split("\n")) {
      String[] words = line.split(" ");
      if (words.length == 3 && words[1].equals("Read")) {
        read += Long.parseLong(words[2]);
      } else if (words.length == 3 && words[1].equals("Write")) {
        written += Long.parseLong(words[2]);
      }
    }
    usage.blockReadBytes(read).blockWriteBytes(written);
  }
}
