package io.hardway.core.explain;

import io.hardway.spi.Container;
import io.hardway.spi.plan.Plan;
import java.util.Objects;
import java.util.Optional;

/**
 * What there is to explain: the plan of a command, and the plans that undo it.
 *
 * <p>Immutable; made with {@link #of}, and more said with the {@code with} methods.
 *
 * @since 0.1
 */
public final class Explanation {
  private final String command;
  private final Plan plan;
  private final Optional<Plan> teardown;
  private final Optional<Plan> removal;
  private final Optional<Container> container;

  private Explanation(
      String command,
      Plan plan,
      Optional<Plan> teardown,
      Optional<Plan> removal,
      Optional<Container> container) {
    this.command = Objects.requireNonNull(command, "command");
    this.plan = Objects.requireNonNull(plan, "plan");
    this.teardown = teardown;
    this.removal = removal;
    this.container = container;
  }

  /**
   * A plan without undo, like that of {@code hardway pause}.
   *
   * @param command the command line as the user gave it, without {@code explain}
   */
  public static Explanation of(String command, Plan plan) {
    return new Explanation(command, plan, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The same with what is performed when the container has ended, or is found dead. */
  public Explanation withTeardown(Plan undo) {
    return new Explanation(command, plan, Optional.of(undo), removal, container);
  }

  /** The same with what is performed when the container is removed. */
  public Explanation withRemoval(Plan undo) {
    return new Explanation(command, plan, teardown, Optional.of(undo), container);
  }

  /** The same about this container: its long paths are shown as variables. */
  public Explanation withContainer(Container about) {
    return new Explanation(command, plan, teardown, removal, Optional.of(about));
  }

  /** The command line. */
  public String command() {
    return command;
  }

  /** What the command does. */
  public Plan plan() {
    return plan;
  }

  /** What ends a container's processes and takes down what only a running one needs. */
  public Optional<Plan> teardown() {
    return teardown;
  }

  /** What deletes what a stopped container keeps. */
  public Optional<Plan> removal() {
    return removal;
  }

  /** The container. */
  public Optional<Container> container() {
    return container;
  }
}
