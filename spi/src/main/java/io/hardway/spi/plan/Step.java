package io.hardway.spi.plan;

/**
 * One step of a plan: an operation, who performs it, who asked for it and why, and what failures it
 * tolerates.
 */
public final class Step {
  private final Operation operation;
  private final Actor actor;
  private final String plugin;
  private final String phase;
  private final String label;
  private final String hint;
  private final boolean bestEffort;
  private final boolean warns;
  private final int[] ignored;
  private final int retryMillis;

  Step(
      Operation operation,
      Actor actor,
      String plugin,
      String phase,
      String label,
      String hint,
      boolean bestEffort,
      boolean warns,
      int[] ignored,
      int retryMillis) {
    this.operation = operation;
    this.actor = actor;
    this.plugin = plugin;
    this.phase = phase;
    this.label = label;
    this.hint = hint;
    this.bestEffort = bestEffort;
    this.warns = warns;
    this.ignored = ignored.clone();
    this.retryMillis = retryMillis;
  }

  /** A step read from its binary form, which does not carry the phase. */
  public static Step of(
      Operation operation,
      Actor actor,
      String plugin,
      String label,
      String hint,
      boolean bestEffort,
      boolean warns,
      int[] ignored,
      int retryMillis) {
    return new Step(
        operation, actor, plugin, "", label, hint, bestEffort, warns, ignored, retryMillis);
  }

  /** The same, performed by another in a phase of another name. */
  Step by(Actor other, String part) {
    return new Step(
        operation, other, plugin, part, label, hint, bestEffort, warns, ignored, retryMillis);
  }

  /** What it does. */
  public Operation operation() {
    return operation;
  }

  /** Who performs it. */
  public Actor actor() {
    return actor;
  }

  /** The plugin that asked for it; {@code core} for the engine itself. */
  public String plugin() {
    return plugin;
  }

  /** The phase it belongs to, like {@code mounts}. */
  public String phase() {
    return phase;
  }

  /** What it is for, for people. */
  public String label() {
    return label;
  }

  /** What to do when it fails; possibly empty. */
  public String hint() {
    return hint;
  }

  /** Whether the plan goes on when it fails. */
  public boolean isBestEffort() {
    return bestEffort;
  }

  /** Whether a failure with which the plan goes on is reported. */
  public boolean isWarning() {
    return warns;
  }

  /** The errnos that count as success. */
  public int[] ignored() {
    return ignored.clone();
  }

  /** For how many milliseconds it is tried again. */
  public int retryMillis() {
    return retryMillis;
  }
}
