package io.hardway.spi;

/**
 * A plugin's verdict on a host.
 *
 * @since 0.1
 */
public final class Support {
  private final int score;
  private final String reason;

  private Support(int score, String reason) {
    this.score = score;
    this.reason = reason;
  }

  /**
   * It works here.
   *
   * @param score how well, 1 to 100; {@code auto} takes the highest
   * @param remark one sentence for {@code hardway doctor}, possibly empty
   */
  public static Support usable(int score, String remark) {
    if (score < 1 || score > 100) {
      throw new IllegalArgumentException("score " + score + " is not between 1 and 100");
    }
    return new Support(score, remark);
  }

  /**
   * It does not work here.
   *
   * @param reason one sentence that says why and what would help
   */
  public static Support unusable(String reason) {
    if (reason.isBlank()) {
      throw new IllegalArgumentException("an unusable plugin must say why");
    }
    return new Support(0, reason);
  }

  /** Whether it works here. */
  public boolean isUsable() {
    return score > 0;
  }

  /** How well, 1 to 100; 0 when it does not work. */
  public int score() {
    return score;
  }

  /** Why it does not work, or a remark. */
  public String reason() {
    return reason;
  }
}
