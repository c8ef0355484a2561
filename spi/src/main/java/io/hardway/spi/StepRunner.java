package io.hardway.spi;

import java.util.function.Consumer;

/**
 * Has steps performed while a plan is still being made: what preparing needs that Java cannot do
 * itself, like giving files to the ids of a user namespace.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface StepRunner {

  /**
   * Performs the steps that are added, and waits until they are done. A process that they make is
   * killed then.
   *
   * @throws RuntimeException where a step fails; the message names it
   */
  void run(Consumer<PlanBuilder> steps);
}
