package io.hardway.spi;

/**
 * Decides whom a container can talk to. Asked only where the container has a network namespace of
 * its own.
 *
 * @since 0.1
 */
public interface NetworkProvider extends Plugin {

  /**
   * Adds the steps that connect the container's network namespace, and their undo.
   *
   * @throws PlanningException where something was asked for that this host or its privileges cannot
   *     do
   */
  void contribute(NetworkRequest request, PlanBuilder plan);
}
