package io.hardway.cli.value;

import java.math.BigDecimal;

/** A share of processors as {@code --cpus} takes it: {@code 0.5}, {@code 2}. */
public final class CpuCount {
  /** The scheduler period the share is measured in, in microseconds; docker's. */
  public static final long PERIOD = 100_000;

  /** The kernel gives no less than one millisecond in a period. */
  private static final long SMALLEST_QUOTA = 1_000;

  private CpuCount() {}

  /**
   * Reads a number of processors.
   *
   * @return microseconds of processor time in each {@link #PERIOD}; 0 stands for no limit
   * @throws IllegalArgumentException where it is no decimal number, negative, or less than 0.01
   */
  public static long parseQuota(String text) {
    BigDecimal count;
    try {
      count = new BigDecimal(checkPlain(text));
    } catch (NumberFormatException e) {
      throw notDecimal(text);
    }
    if (count.signum() < 0) {
      throw new IllegalArgumentException("a number of CPUs is not negative");
    }
    if (count.signum() == 0) {
      return 0;
    }
    if (count.scale() > 9) {
      throw new IllegalArgumentException("more than nine digits behind the point");
    }
    BigDecimal quota = count.multiply(BigDecimal.valueOf(PERIOD));
    if (quota.compareTo(BigDecimal.valueOf(SMALLEST_QUOTA)) < 0) {
      throw new IllegalArgumentException("the kernel gives no less than 0.01 CPUs");
    }
    if (quota.compareTo(BigDecimal.valueOf(Long.MAX_VALUE / 1_000)) > 0) {
      throw new IllegalArgumentException("no machine has that many CPUs");
    }
    return quota.longValue();
  }

  /** Refuses exponents, which would let a short text stand for a number of any length. */
  private static String checkPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && c != '.' && !(c == '-' && i == 0) && !(c == '+' && i == 0)) {
        throw notDecimal(text);
      }
    }
    if (text.length() > 40) {
      throw notDecimal(text);
    }
    return text;
  }

  private static IllegalArgumentException notDecimal(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is no decimal number; write it like 0.5 or 2");
  }
}
