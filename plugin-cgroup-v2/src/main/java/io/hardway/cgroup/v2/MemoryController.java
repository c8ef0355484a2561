package io.hardway.cgroup.v2;

import io.hardway.linux.cgroup.CgroupConversions;
import io.hardway.linux.cgroup.CgroupFile;
import io.hardway.linux.cgroup.FlatKeyedFile;
import io.hardway.spi.Errno;
import io.hardway.spi.Limit;
import io.hardway.spi.MemoryUsage;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Usage;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.Resources;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** Memory; cgroup-v2.rst, "Memory"; config-linux.md, "Memory". */
final class MemoryController implements Controller {
  private static final String NAME = "memory";
  private static final String LIMIT = "memory.max";
  private static final String SWAP = "memory.swap.max";

  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    MemoryResources memory = wanted.memory();
    refuse(memory);
    if (memory.checkBeforeUpdate() && memory.limit().isPresent()) {
      requireRoom(memory.limit().get(), limits);
    }
    Optional<Limit> sum = memory.swap();
    if (sum.isEmpty() && memory.limit().isPresent()) {
      sum = sumNow(limits);
      sum.ifPresent(now -> requireBelowSum(memory.limit().get(), now));
    }
    memory
        .limit()
        .ifPresent(
            limit ->
                limits.write(
                    NAME, LIMIT, CgroupConversions.text(limit), "limit memory to " + limit));
    memory
        .reservation()
        .ifPresent(
            limit ->
                limits.write(
                    NAME,
                    "memory.low",
                    CgroupConversions.text(limit),
                    "keep so much memory when it is short"));
    sum.ifPresent(total -> swap(total, memory.limit().orElseGet(() -> limitNow(limits)), limits));
  }

  /** Where memory alone changes, memory and swap together stay as they are, as in version 1. */
  private static Optional<Limit> sumNow(LimitWriter limits) {
    OptionalLong memory = limits.number(LIMIT);
    OptionalLong swap = limits.number(SWAP);
    return memory.isPresent() && swap.isPresent()
        ? Optional.of(Limit.of(memory.getAsLong() + swap.getAsLong()))
        : Optional.empty();
  }

  private static void requireBelowSum(Limit limit, Limit sum) {
    if (limit.isUnlimited() || limit.value() > sum.value()) {
      throw new PlanningException(
          "memory cannot be limited to "
              + limit
              + " bytes: that is above the limit of memory and swap together, "
              + sum,
          "change the limit of swap at the same time");
    }
  }

  /**
   * A kernel without swap has no such file. What is asked for is nothing to it where that is no
   * limit, no swap, or what the command line asks for where the user did not.
   */
  private static void swap(Limit sum, Limit memory, LimitWriter limits) {
    Limit swap = CgroupConversions.swapAlone(sum, memory);
    boolean isMoot =
        swap.isUnlimited()
            || swap.value() == 0
            || !memory.isUnlimited() && swap.value() == memory.value();
    String label = "limit swap to " + swap + ", where the kernel has swap";
    if (!isMoot) {
      limits.write(NAME, SWAP, CgroupConversions.text(swap), label);
    } else if (limits.presence(NAME, SWAP) != Presence.MISSING) {
      limits.write(NAME, SWAP, CgroupConversions.text(swap), label).ignoring(Errno.ENOENT);
    }
  }

  private static void refuse(MemoryResources memory) {
    if (memory.kernel().isPresent()) {
      throw new PlanningException(
          "a limit of kernel memory cannot be given: cgroup v2 has no such limit",
          "leave it out: the limit of memory counts it too");
    }
    if (memory.kernelTcp().isPresent()) {
      throw new PlanningException(
          "a limit of TCP buffers cannot be given: cgroup v2 has no such limit",
          "leave it out: the limit of memory counts them too");
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

  /**
   * Cache of files goes when it must; for the rest the kernel would kill, so that a lower limit is
   * refused before.
   */
  private static void requireRoom(Limit limit, LimitWriter limits) {
    long held =
        limits.number("memory.current").orElse(0)
            - limits.number("memory.stat", "inactive_file").orElse(0)
            - limits.number("memory.stat", "active_file").orElse(0);
    if (!limit.isUnlimited() && held > limit.value()) {
      throw new PlanningException(
          "memory cannot be limited to " + limit + " bytes: " + held + " are in use",
          "give more, or end processes of the container first");
    }
  }

  /** The limit an existing group has. */
  private static Limit limitNow(LimitWriter limits) {
    OptionalLong now = limits.number(LIMIT);
    return now.isPresent() ? Limit.of(now.getAsLong()) : Limit.unlimited();
  }

  @Override
  public void usage(Path group, Usage.Builder usage) {
    MemoryUsage.Builder memory = MemoryUsage.builder();
    CgroupFile.number(group.resolve("memory.current")).ifPresent(memory::bytes);
    CgroupFile.number(group.resolve("memory.peak")).ifPresent(memory::peakBytes);
    CgroupFile.number(group.resolve("memory.swap.current")).ifPresent(memory::swapBytes);
    LimitWriter.limitIn(group.resolve(LIMIT)).ifPresent(memory::limit);
    LimitWriter.limitIn(group.resolve("memory.high")).ifPresent(memory::high);
    LimitWriter.limitIn(group.resolve("memory.low")).ifPresent(memory::low);
    LimitWriter.limitIn(group.resolve("memory.min")).ifPresent(memory::min);
    LimitWriter.limitIn(group.resolve("memory.swap.max")).ifPresent(memory::swapLimit);
    FlatKeyedFile events = FlatKeyedFile.read(group.resolve("memory.events"));
    events.number("max").ifPresent(memory::limitHits);
    events.number("high").ifPresent(memory::highHits);
    events.number("oom").ifPresent(memory::oomEvents);
    events.number("oom_kill").ifPresent(memory::oomKills);
    kinds(FlatKeyedFile.read(group.resolve("memory.stat")), memory);
    usage.memory(memory.build());
    PressureFile.read(group.resolve("memory.pressure")).ifPresent(usage::memoryPressure);
  }

  private static void kinds(FlatKeyedFile stat, MemoryUsage.Builder memory) {
    stat.number("anon").ifPresent(memory::anonBytes);
    stat.number("file").ifPresent(memory::fileBytes);
    stat.number("inactive_file").ifPresent(memory::inactiveFileBytes);
    stat.number("file_mapped").ifPresent(memory::mappedBytes);
    stat.number("shmem").ifPresent(memory::sharedBytes);
    stat.number("kernel").ifPresent(memory::kernelBytes);
    stat.number("slab").ifPresent(memory::slabBytes);
    stat.number("sock").ifPresent(memory::socketBytes);
    stat.number("pgfault").ifPresent(memory::pageFaults);
    stat.number("pgmajfault").ifPresent(memory::majorPageFaults);
  }
}
