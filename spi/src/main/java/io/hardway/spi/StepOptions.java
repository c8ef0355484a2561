package io.hardway.spi;

/**
 * What can be said about a step beyond what it does.
 *
 * @since 0.1
 */
public interface StepOptions {

  /**
   * What it is for, as {@code explain} and errors show it; every step has a label of its own kind
   * when this is not called.
   */
  StepOptions label(String text);

  /** What the user can do when it fails, one sentence. */
  StepOptions hint(String text);

  /** Any failure is noted in the trace, and the plan goes on. */
  StepOptions bestEffort();

  /** As {@link #bestEffort()}, and the failure is reported as a warning. */
  StepOptions warnOnly();

  /** These errnos (Linux numbers, see {@link Errno}) count as success, like "already gone". */
  StepOptions ignoring(int... errnos);

  /** It is tried again for so long while it fails, with growing pauses of at most 50 ms. */
  StepOptions retry(int milliseconds);
}
