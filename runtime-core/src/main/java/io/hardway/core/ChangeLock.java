package io.hardway.core;

import io.hardway.spi.FdSlot;
import io.hardway.spi.Waiting;
import io.hardway.spi.plan.Phase;
import io.hardway.spi.plan.PlanAssembler;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Lets one command at a time change a container that stays: its limits, name and networks. */
final class ChangeLock {
  private final Directories directories;
  private final Containers containers;

  ChangeLock(Directories directories, Containers containers) {
    this.directories = directories;
    this.containers = containers;
  }

  /**
   * Waits until nobody else changes the containers, and keeps others from it until the command has
   * ended; in the order of their ids, so that no two commands wait for each other.
   *
   * @throws HardwayException where one has been removed meanwhile
   */
  void hold(List<ContainerRecord> changed, Engine.Preparation preparation) {
    if (preparation.isPreview()) {
      return;
    }
    TreeMap<String, String> names = new TreeMap<>();
    changed.forEach(one -> names.put(one.config().id(), one.config().name()));
    PlanAssembler assembler = new PlanAssembler();
    names.forEach(
        (id, name) -> {
          FdSlot lock = assembler.fdSlot("lock of changes of " + name);
          assembler
              .stage(Phase.CLAIM, StartPlanner.CORE)
              .lock(directories.changeLock(id), Waiting.UNTIL_FREE, lock)
              .label("be the only one that changes " + name)
              .hint("the container has been removed");
        });
    preparation.perform(assembler.run(Optional.empty()));
  }

  /** Holds one; as it is by then. */
  ContainerRecord hold(ContainerRecord container, Engine.Preparation preparation) {
    hold(List.of(container), preparation);
    return preparation.isPreview() ? container : containers.find(container.config().id());
  }
}
