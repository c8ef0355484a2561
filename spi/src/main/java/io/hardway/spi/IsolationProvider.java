package io.hardway.spi;

import java.nio.file.Path;
import java.util.List;

/**
 * Decides what a container's process can see and do: namespaces, users, mounts, capabilities,
 * filters.
 *
 * @since 0.1
 */
public interface IsolationProvider extends Plugin {

  /**
   * Does what is worth being written before a plan is made, like making the program of a system
   * call filter: content-addressed, written aside and renamed, shared. {@link #contribute} must not
   * depend on it: it finds what is there, and does without what is not.
   *
   * @throws PlanningException where something was asked for that cannot be made
   */
  default void prepare(IsolationPreparation request) {}

  /**
   * Deletes what has been prepared.
   *
   * @param store the directory that {@link IsolationPreparation#store()} names
   * @return what was deleted, by what names it for people
   */
  default List<String> prune(Path store) {
    return List.of();
  }

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
