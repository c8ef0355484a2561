package io.hardway.init;

/**
 * A plan that ended at a failing step. The message is the native program's report: step, plugin,
 * operand, errno, and what to do.
 */
public final class PlanFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int exitCode;

  /** The report and the exit code of the native program. */
  public PlanFailedException(int exitCode, String report) {
    super(report);
    this.exitCode = exitCode;
  }

  /** 125, or 126 or 127 where the program could not be executed or found. */
  public int exitCode() {
    return exitCode;
  }
}
