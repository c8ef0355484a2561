package io.hardway.cgroup.v1;

import io.hardway.linux.cgroup.FlatKeyedFile;
import io.hardway.spi.Limit;
import io.hardway.spi.MemoryUsage;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Usage;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.Resources;
import java.util.Optional;
import java.util.OptionalLong;

/** Memory; cgroup-v1/memory.rst; config-linux.md, "Memory". */
final class MemoryController implements Controller {
  private static final String NAME = "memory";
  private static final String LIMIT = "memory.limit_in_bytes";
  private static final String SUM = "memory.memsw.limit_in_bytes";

  /** The kernel says "no limit" as the largest multiple of a page. */
  private static final long NO_LIMIT = Long.MAX_VALUE - (1L << 20);

  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    MemoryResources memory = wanted.memory();
    if (memory.kernel().isPresent()) {
      throw new PlanningException(
          "a limit of kernel memory cannot be given: the kernel has ignored it since 5.16",
          "leave it out: the limit of memory counts it too");
    }
    if (memory.checkBeforeUpdate() && memory.limit().isPresent()) {
      requireRoom(memory.limit().get(), limits.group());
    }
    limit(memory, limits);
    memory
        .reservation()
        .ifPresent(
            value ->
                limits.write(
                    NAME,
                    "memory.soft_limit_in_bytes",
                    text(value),
                    "set what it may hold when memory is short"));
    memory
        .kernelTcp()
        .ifPresent(
            value ->
                limits.writeIfKnown(
                    NAME, "memory.kmem.tcp.limit_in_bytes", text(value), "limit TCP buffers"));
    memory
        .swappiness()
        .ifPresent(
            value ->
                limits.write(
                    NAME, "memory.swappiness", Integer.toString(value), "set the swappiness"));
    if (memory.oomKillDisabled()) {
      limits.write(
          NAME, "memory.oom_control", "1", "wait in place of being killed when out of memory");
    }
  }

  /** Cache of files goes when it must; the rest does not fit below a lower limit. */
  private static void requireRoom(Limit limit, GroupFiles group) {
    long held =
        group.number(NAME, "memory.usage_in_bytes").orElse(0)
            - group.number(NAME, "memory.stat", "total_inactive_file").orElse(0)
            - group.number(NAME, "memory.stat", "total_active_file").orElse(0);
    if (!limit.isUnlimited() && held > limit.value()) {
      throw new PlanningException(
          "memory cannot be limited to " + limit + " bytes: " + held + " are in use",
          "give more, or end processes of the container first");
    }
  }

  /**
   * Memory must never be above memory and swap: where both grow the sum goes first, where both
   * shrink the part.
   */
  private static void limit(MemoryResources memory, LimitWriter limits) {
    Optional<Limit> limit = memory.limit();
    Optional<Limit> sum = accountedSum(memory, limits.group());
    if (sum.isEmpty()) {
      limit.ifPresent(value -> requireBelowSum(value, limits.group()));
      limit.ifPresent(value -> writeLimit(value, limits));
      return;
    }
    if (limit.isEmpty()) {
      requireAboveMemory(sum.get(), limits.group());
      writeSum(sum.get(), limits);
      return;
    }
    if (!sum.get().isUnlimited()
        && (limit.get().isUnlimited() || sum.get().value() < limit.get().value())) {
      throw new PlanningException(
          "memory and swap together cannot be limited to "
              + sum.get()
              + " bytes where memory alone is limited to "
              + limit.get(),
          "give a sum of at least the limit of memory");
    }
    OptionalLong now = limits.group().number(NAME, SUM);
    boolean grows =
        limit.get().isUnlimited()
            || sum.get().isUnlimited()
            || now.isPresent() && limit.get().value() > now.getAsLong();
    if (grows) {
      writeSum(sum.get(), limits);
      writeLimit(limit.get(), limits);
    } else {
      writeLimit(limit.get(), limits);
      writeSum(sum.get(), limits);
    }
  }

  private static void requireBelowSum(Limit limit, GroupFiles group) {
    OptionalLong sum = group.number(NAME, SUM);
    if (sum.isPresent()
        && sum.getAsLong() < NO_LIMIT
        && (limit.isUnlimited() || limit.value() > sum.getAsLong())) {
      throw new PlanningException(
          "memory cannot be limited to "
              + limit
              + " bytes: that is above the limit of memory and swap together, "
              + sum.getAsLong(),
          "change the limit of swap at the same time");
    }
  }

  private static void requireAboveMemory(Limit sum, GroupFiles group) {
    OptionalLong limit = group.number(NAME, LIMIT);
    if (limit.isPresent() && !sum.isUnlimited() && limit.getAsLong() > sum.value()) {
      throw new PlanningException(
          "memory and swap together cannot be limited to "
              + sum
              + " bytes: "
              + (limit.getAsLong() > NO_LIMIT
                  ? "memory has no limit"
                  : "that is below the limit of memory, " + limit.getAsLong()),
          "change the limit of memory at the same time");
    }
  }

  /** What is asked for of memory and swap together, as far as this kernel counts it. */
  private static Optional<Limit> accountedSum(MemoryResources memory, GroupFiles group) {
    Optional<Limit> sum = memory.swap();
    if (sum.isEmpty() || group.directory(NAME).isEmpty() || group.has(NAME, SUM)) {
      return sum;
    }
    boolean isDefault =
        memory.limit().isPresent()
            && !memory.limit().get().isUnlimited()
            && sum.get().value() == 2 * memory.limit().get().value();
    if (!sum.get().isUnlimited() && !isDefault) {
      throw new PlanningException(
          "a limit of memory and swap together cannot be given: this kernel does not account swap",
          "leave it out, or boot with swapaccount=1");
    }
    return Optional.empty();
  }

  private static void writeLimit(Limit limit, LimitWriter limits) {
    limits.write(NAME, LIMIT, text(limit), "limit memory to " + limit);
  }

  private static void writeSum(Limit limit, LimitWriter limits) {
    limits.write(NAME, SUM, text(limit), "limit memory and swap together to " + limit);
  }

  private static String text(Limit limit) {
    return limit.isUnlimited() ? "-1" : Long.toString(limit.value());
  }

  @Override
  public void usage(GroupFiles group, Usage.Builder usage) {
    MemoryUsage.Builder memory = MemoryUsage.builder();
    group.number(NAME, "memory.usage_in_bytes").ifPresent(memory::bytes);
    group.number(NAME, "memory.max_usage_in_bytes").ifPresent(memory::peakBytes);
    group.number(NAME, "memory.failcnt").ifPresent(memory::limitHits);
    group.keyed(NAME, "memory.oom_control").number("oom_kill").ifPresent(memory::oomKills);
    group.number(NAME, "memory.kmem.usage_in_bytes").ifPresent(memory::kernelBytes);
    group.number(NAME, "memory.kmem.tcp.usage_in_bytes").ifPresent(memory::socketBytes);
    kinds(group.keyed(NAME, "memory.stat"), memory);
    limits(group, memory);
    usage.memory(memory.build());
  }

  /** What begins with {@code total_} counts groups below, as the other files do. */
  private static void kinds(FlatKeyedFile stat, MemoryUsage.Builder memory) {
    stat.number("total_rss").ifPresent(memory::anonBytes);
    stat.number("total_cache").ifPresent(memory::fileBytes);
    stat.number("total_inactive_file").ifPresent(memory::inactiveFileBytes);
    stat.number("total_mapped_file").ifPresent(memory::mappedBytes);
    stat.number("total_shmem").ifPresent(memory::sharedBytes);
    stat.number("total_swap").ifPresent(memory::swapBytes);
    stat.number("total_pgfault").ifPresent(memory::pageFaults);
    stat.number("total_pgmajfault").ifPresent(memory::majorPageFaults);
  }

  /** The limit of swap is what the limit of both leaves. */
  private static void limits(GroupFiles group, MemoryUsage.Builder memory) {
    OptionalLong limit = group.number(NAME, LIMIT);
    limit.ifPresent(value -> memory.limit(limitOf(value)));
    OptionalLong soft = group.number(NAME, "memory.soft_limit_in_bytes");
    if (soft.isPresent() && soft.getAsLong() < NO_LIMIT) {
      memory.low(Limit.of(soft.getAsLong()));
    }
    OptionalLong sum = group.number(NAME, SUM);
    if (sum.isPresent() && limit.isPresent()) {
      memory.swapLimit(
          sum.getAsLong() > NO_LIMIT
              ? Limit.unlimited()
              : Limit.of(Math.max(0, sum.getAsLong() - limit.getAsLong())));
    }
  }

  private static Limit limitOf(long value) {
    return value > NO_LIMIT ? Limit.unlimited() : Limit.of(value);
  }
}
