package io.hardway.cgroup.v2;

import io.hardway.spi.Limit;
import io.hardway.spi.Usage;
import java.nio.file.Path;
import java.util.OptionalLong;

/** What a group has used, from its files. */
final class GroupUsage {
  private static final long NANOS_PER_MICRO = 1_000;

  private GroupUsage() {}

  static Usage read(Path group) {
    Usage.Builder usage = Usage.builder();
    Path cpu = group.resolve("cpu.stat");
    GroupFile.number(cpu, "usage_usec").ifPresent(micros -> usage.cpuNanos(micros * NANOS_PER_MICRO));
    GroupFile.number(cpu, "user_usec").ifPresent(micros -> usage.cpuUserNanos(micros * NANOS_PER_MICRO));
    GroupFile.number(cpu, "system_usec").ifPresent(micros -> usage.cpuSystemNanos(micros * NANOS_PER_MICRO));
    GroupFile.number(cpu, "nr_throttled").ifPresent(usage::throttledPeriods);
    GroupFile.number(cpu, "throttled_usec").ifPresent(micros -> usage.throttledNanos(micros * NANOS_PER_MICRO));
    GroupFile.number(group.resolve("memory.current")).ifPresent(usage::memoryBytes);
    GroupFile.number(group.resolve("memory.peak")).ifPresent(usage::memoryPeakBytes);
    GroupFile.number(group.resolve("memory.stat"), "inactive_file").ifPresent(usage::memoryFileBytes);
    GroupFile.number(group.resolve("memory.events"), "oom_kill").ifPresent(usage::oomKills);
    Limit memory = limit(group.resolve("memory.max"));
    if (memory != null) {
      usage.memoryLimit(memory);
    }
    GroupFile.number(group.resolve("pids.current")).ifPresent(usage::pids);
    Limit pids = limit(group.resolve("pids.max"));
    if (pids != null) {
      usage.pidsLimit(pids);
    }
    blockIo(GroupFile.text(group.resolve("io.stat")), usage);
    return usage.build();
  }

  /** Null where the file says nothing. */
  private static Limit limit(Path file) {
    String text = GroupFile.text(file);
    if (text.equals("max")) {
      return Limit.unlimited();
    }
    OptionalLong number = GroupFile.parse(text);
    return number.isPresent() ? Limit.of(number.getAsLong()) : null;
  }

  /** Lines like {@code 8:0 rbytes=4096 wbytes=0 …}, one for each device that was used. */
  private static void blockIo(String text, Usage.Builder usage) {
    if (text.isEmpty()) {
      return;
    }
    long read = 0;
    long written = 0;
    for (String line : text.split("\n")) {
      for (String word : line.split(" ")) {
        if (word.startsWith("rbytes=")) {
          read += GroupFile.parse(word.substring("rbytes=".length())).orElse(0);
        } else if (word.startsWith("wbytes=")) {
          written += GroupFile.parse(word.substring("wbytes=".length())).orElse(0);
        }
      }
    }
    usage.blockReadBytes(read).blockWriteBytes(written);
  }
}
