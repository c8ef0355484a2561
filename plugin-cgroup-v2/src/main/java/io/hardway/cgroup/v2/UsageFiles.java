package io.hardway.cgroup.v2;

import io.hardway.spi.Limit;
import io.hardway.spi.Usage;
import java.nio.file.Path;

/** What a group has used, from its files. */
final class UsageFiles {
  private static final long MICRO = 1000;

  private UsageFiles() {}

  static Usage read(Path group) {
    Usage.Builder usage = Usage.builder();
    Path cpu = group.resolve("cpu.stat");
    CgroupFile.number(cpu, "usage_usec").ifPresent(micros -> usage.cpuNanos(micros * MICRO));
    CgroupFile.number(cpu, "user_usec").ifPresent(micros -> usage.cpuUserNanos(micros * MICRO));
    CgroupFile.number(cpu, "system_usec").ifPresent(micros -> usage.cpuSystemNanos(micros * MICRO));
    CgroupFile.number(cpu, "nr_throttled").ifPresent(usage::throttledPeriods);
    CgroupFile.number(cpu, "throttled_usec")
        .ifPresent(micros -> usage.throttledNanos(micros * MICRO));
    CgroupFile.number(group.resolve("memory.current")).ifPresent(usage::memoryBytes);
    CgroupFile.number(group.resolve("memory.peak")).ifPresent(usage::memoryPeakBytes);
    CgroupFile.number(group.resolve("memory.stat"), "inactive_file")
        .ifPresent(usage::memoryFileBytes);
    CgroupFile.number(group.resolve("memory.events"), "oom_kill").ifPresent(usage::oomKills);
    CgroupFile.number(group.resolve("pids.current")).ifPresent(usage::pids);
    String memory = CgroupFile.text(group.resolve("memory.max"));
    if (!memory.isEmpty()) {
      usage.memoryLimit(limit(memory));
    }
    String pids = CgroupFile.text(group.resolve("pids.max"));
    if (!pids.isEmpty()) {
      usage.pidsLimit(limit(pids));
    }
    blockIo(CgroupFile.text(group.resolve("io.stat")), usage);
    return usage.build();
  }

  private static Limit limit(String text) {
    return text.equals("max") ? Limit.unlimited() : Limit.of(Long.parseLong(text));
  }

  private static void blockIo(String text, Usage.Builder usage) {
    long read = 0;
    long written = 0;
    for (String line : text.split("\n")) {
      for (String word : line.split(" ")) {
        if (word.startsWith("rbytes=")) {
          read += Long.parseLong(word.substring(7));
        } else if (word.startsWith("wbytes=")) {
          written += Long.parseLong(word.substring(7));
        }
      }
    }
    usage.blockReadBytes(read).blockWriteBytes(written);
  }
}
