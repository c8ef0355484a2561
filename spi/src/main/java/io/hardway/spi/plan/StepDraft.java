package io.hardway.spi.plan;

import io.hardway.spi.StepOptions;
import java.util.Arrays;

/** A step while it is being planned: what is said about it may still change. */
final class StepDraft implements StepOptions {
  private final Operation operation;
  private final Actor actor;
  private final String plugin;
  private final String phase;
  private String label;
  private String hint = "";
  private boolean bestEffort;
  private boolean warns;
  private int[] ignored = {};
  private int retryMillis;

  StepDraft(Operation operation, Actor actor, String plugin, String phase, String label) {
    this.operation = operation;
    this.actor = actor;
    this.plugin = plugin;
    this.phase = phase;
    this.label = label;
  }

  /** The step as it is now. */
  Step build() {
    return new Step(
        operation, actor, plugin, phase, label, hint, bestEffort, warns, ignored, retryMillis);
  }

  @Override
  public StepOptions label(String text) {
    label = text;
    return this;
  }

  @Override
  public StepOptions hint(String text) {
    hint = text;
    return this;
  }

  @Override
  public StepOptions bestEffort() {
    bestEffort = true;
    return this;
  }

  @Override
  public StepOptions warnOnly() {
    bestEffort = true;
    warns = true;
    return this;
  }

  @Override
  public StepOptions ignoring(int... errnos) {
    int before = ignored.length;
    ignored = Arrays.copyOf(ignored, before + errnos.length);
    System.arraycopy(errnos, 0, ignored, before, errnos.length);
    return this;
  }

  @Override
  public StepOptions retry(int milliseconds) {
    retryMillis = milliseconds;
    return this;
  }
}
