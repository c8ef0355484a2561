package io.hardway.spi;

/**
 * A request that cannot be planned: the message names the offending thing and why; the remedy says
 * what to do.
 *
 * @since 0.1
 */
public class PlanningException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String remedy;

  /** A refusal without a remedy of its own. */
  public PlanningException(String message) {
    this(message, "");
  }

  /** A refusal, and what the user can do about it. */
  public PlanningException(String message, String remedy) {
    super(message);
    this.remedy = remedy;
  }

  /** A refusal that was caused by another failure. */
  public PlanningException(String message, String remedy, Throwable cause) {
    super(message, cause);
    this.remedy = remedy;
  }

  /** What the user can do about it; possibly empty. */
  public String remedy() {
    return remedy;
  }
}
