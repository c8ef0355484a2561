package io.hardway.spi;

/**
 * Decides what a container's process can see and do: namespaces, users, mounts, capabilities,
 * filters.
 *
 * @since 0.1
 */
public interface IsolationProvider extends Plugin {

  /**
   * Adds the steps that make the container's process, give it its view, and execute its program.
   *
   * @throws PlanningException where something was asked for that this host or its privileges cannot
   *     do
   */
  void contribute(IsolationRequest request, PlanBuilder plan);

  /**
   * Adds the steps that run another process in a container.
   *
   * @throws PlanningException where something was asked for that this host or its privileges cannot
   *     do
   */
  void contributeExec(ExecRequest request, PlanBuilder plan);
}
