package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.ContainerConfig;
import io.hardway.core.ContainerRecord;
import io.hardway.core.PlannedCommand;
import io.hardway.spi.spec.BlockIoResources;
import io.hardway.spi.spec.CpuResources;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.Resources;
import io.hardway.spi.spec.Spec;
import java.io.IOException;

/** {@code update}: changes limits of containers, also while they run. */
final class UpdateCommand implements Command {

  @Override
  public OptionTable table() {
    return ContainerOptions.addLimits(
            new OptionTable(
                "update",
                "[OPTIONS] CONTAINER [CONTAINER...]",
                "Change limits of containers, also while they run"))
        .arguments(1, Integer.MAX_VALUE);
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    if (!LimitFlags.isAny(arguments)) {
      throw arguments.refuse("you must provide one or more flags when using this command");
    }
    if (arguments.has("oom-kill-disable") && !arguments.flag("oom-kill-disable")) {
      throw arguments.refuse(
          "oom-kill-disable",
          "false",
          "what has been turned off stays so until the container ends");
    }
    return session.forEach(
        arguments.positional(), container -> update(session, container, arguments));
  }

  private static PlannedCommand update(
      Session session, ContainerRecord container, Arguments arguments) {
    Resources before = container.config().spec().linux().resources();
    Resources changed = LimitFlags.read(arguments);
    if (!arguments.has("memory-swap")
        && before.memory().swap().isPresent()
        && before.memory().swap().get().isUnlimited()) {
      changed = withoutSwap(changed);
    }
    // Version 2 would kill processes until the rest fits; version 1 would try for long to free it.
    changed =
        changed.toBuilder()
            .memory(changed.memory().toBuilder().checkBeforeUpdate(true).build())
            .build();
    Spec spec = container.config().spec();
    Resources after = merge(before, changed);
    ContainerConfig updated =
        container.config().toBuilder()
            .spec(spec.toBuilder().linux(spec.linux().toBuilder().resources(after).build()).build())
            .build();
    return session.engine().update(container, changed, updated);
  }

  private static Resources withoutSwap(Resources changed) {
    MemoryResources memory = changed.memory();
    MemoryResources.Builder kept =
        MemoryResources.builder().oomKillDisabled(memory.oomKillDisabled());
    memory.limit().ifPresent(kept::limit);
    memory.reservation().ifPresent(kept::reservation);
    memory.swappiness().ifPresent(kept::swappiness);
    return changed.toBuilder().memory(kept.build()).build();
  }

  private static Resources merge(Resources before, Resources changed) {
    MemoryResources.Builder memory = before.memory().toBuilder();
    changed.memory().limit().ifPresent(memory::limit);
    changed.memory().reservation().ifPresent(memory::reservation);
    changed.memory().swap().ifPresent(memory::swap);
    changed.memory().swappiness().ifPresent(memory::swappiness);
    memory.oomKillDisabled(before.memory().oomKillDisabled() || changed.memory().oomKillDisabled());
    CpuResources.Builder cpu = before.cpu().toBuilder();
    changed.cpu().shares().ifPresent(cpu::shares);
    changed.cpu().quota().ifPresent(cpu::quota);
    changed.cpu().period().ifPresent(cpu::period);
    changed.cpu().realtimeRuntime().ifPresent(cpu::realtimeRuntime);
    changed.cpu().realtimePeriod().ifPresent(cpu::realtimePeriod);
    changed.cpu().cpus().ifPresent(cpu::cpus);
    changed.cpu().mems().ifPresent(cpu::mems);
    Resources.Builder merged = before.toBuilder().memory(memory.build()).cpu(cpu.build());
    changed.pids().ifPresent(merged::pids);
    changed
        .blockIo()
        .weight()
        .ifPresent(weight -> merged.blockIo(BlockIoResources.builder().weight(weight).build()));
    return merged.build();
  }
}
