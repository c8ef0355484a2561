package io.hardway.spi.plan;

import io.hardway.spi.Slot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An immutable, ordered list of steps, with the slots they share. See {@code docs/plan-format.md}.
 */
public final class Plan {
  private final List<Step> steps;
  private final List<Slot> slots;
  private final Optional<Path> undo;
  private final Optional<Path> trace;

  /**
   * A plan.
   *
   * @param steps in the order they are performed, with their handoffs
   * @param slots by index
   * @param undo the stored plan that takes everything back when a step fails
   * @param trace the file that receives the time of each step
   */
  public Plan(List<Step> steps, List<Slot> slots, Optional<Path> undo, Optional<Path> trace) {
    this.steps = List.copyOf(steps);
    this.slots = List.copyOf(slots);
    this.undo = undo;
    this.trace = trace;
  }

  /** The steps in the order they are performed. */
  public List<Step> steps() {
    return steps;
  }

  /** The slots by index. */
  public List<Slot> slots() {
    return slots;
  }

  /** The stored plan that takes everything back when a step fails. */
  public Optional<Path> undo() {
    return undo;
  }

  /** The file that receives the time of each step. */
  public Optional<Path> trace() {
    return trace;
  }

  /**
   * The steps of this plan, and then those of another whose steps use slots of their own or none;
   * for stored plans, which undo.
   */
  public Plan then(Plan next) {
    if (!slots.isEmpty() && !next.slots.isEmpty() && !slots.equals(next.slots)) {
      throw new IllegalArgumentException("two plans with slots of their own cannot be one");
    }
    List<Step> all = new ArrayList<>(steps);
    all.addAll(next.steps);
    return new Plan(all, slots.isEmpty() ? next.slots : slots, undo, trace);
  }

  /** The same plan with a trace. */
  public Plan traced(Path file) {
    return new Plan(steps, slots, undo, Optional.of(file));
  }
}
