package io.hardway.spi;

import io.hardway.spi.spec.Resources;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Decides what a container can use, and knows what it has used.
 *
 * <p>Everything that has an effect is contributed as steps; only reading is direct.
 *
 * @since 0.1
 */
public interface ResourceController extends Plugin {

  /**
   * Where the container's group is. The same request on the same host gives the same group; nothing
   * is made.
   *
   * @throws PlanningException where the path is not one this host can give
   */
  ControlGroup group(ResourceRequest request);

  /**
   * Adds the steps that make the group, set its limits and let the container's process join it; and
   * their undo.
   *
   * @return the directory the process is to be born in, open from the {@code host} phase on; none
   *     where it joins by itself
   * @throws PlanningException where a limit was asked for that this host or its privileges cannot
   *     give, by name
   */
  FdSlot contribute(ResourceRequest request, ControlGroup group, PlanBuilder plan);

  /**
   * Adds the steps that let one more process join the group; the result as for {@link #contribute}.
   */
  FdSlot contributeJoin(ControlGroup group, PlanBuilder plan);

  /**
   * Adds, to the {@code host} phase, the steps that change limits of a group that exists. What is
   * absent in {@code changed} stays. The {@code teardown} phase takes steps that give each file
   * back what it says now, the last change first: they are performed where a step of the change
   * fails.
   *
   * @throws PlanningException where a limit cannot be given, by name
   */
  void contributeUpdate(Host host, ControlGroup group, Resources changed, PlanBuilder plan);

  /**
   * Adds, to the {@code host} phase, the steps that freeze the group and wait until the kernel says
   * it is.
   */
  void contributeFreeze(ControlGroup group, PlanBuilder plan);

  /** Adds, to the {@code host} phase, the steps that thaw the group. */
  void contributeThaw(ControlGroup group, PlanBuilder plan);

  /** Whether the group is frozen now, by itself or with one above; false when it is gone. */
  boolean isFrozen(ControlGroup group);

  /**
   * The frozen group above this one, in which this one stands still too, whatever is done with it;
   * empty where none is.
   */
  default Optional<Path> frozenAbove(ControlGroup group) {
    return Optional.empty();
  }

  /** The pids of all processes in the group and below it; empty when it is gone. */
  List<Long> processes(ControlGroup group);

  /**
   * Whether {@code resources.devices} of the spec is applied on this host. Where it is not, nothing
   * but the lack of {@code CAP_MKNOD} and mounts without devices keep root inside from those of the
   * host.
   */
  default boolean enforcesDeviceRules(Host host) {
    return false;
  }

  /**
   * Whether what this controller gives can be had from this plugin on this host. A host may have
   * some controllers in one place and some in another: what the chosen plugin does not give is
   * asked of another that does, also of one that {@link #probe} finds unusable alone, in a {@link
   * ResourceRequest#supplementary()} request.
   *
   * <p>Where no plugin gives it, the chosen one is asked, and refuses it by name.
   *
   * @param controller one of {@link Resources#controllers()}
   */
  default boolean gives(Host host, String controller) {
    return probe(host).isUsable();
  }

  /** What it has used; figures the kernel does not give are absent. */
  Usage usage(ControlGroup group);

  /**
   * The file and key whose number counts the processes killed for lack of memory, if there is one.
   */
  default Optional<OomCounter> oomCounter(ControlGroup group) {
    return Optional.empty();
  }
}
