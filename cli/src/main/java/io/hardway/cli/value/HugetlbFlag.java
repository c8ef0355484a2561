package io.hardway.cli.value;

import io.hardway.spi.spec.HugepageLimit;

/** What {@code --hugetlb} takes: {@code SIZE:LIMIT}, like {@code 2MB:64m}. */
public final class HugetlbFlag {
  private static final long KILO = 1L << 10;
  private static final long MEGA = 1L << 20;
  private static final long GIGA = 1L << 30;

  private HugetlbFlag() {}

  /**
   * Reads a limit of one size of huge page; −1 lifts it. Whether the kernel has pages of that size
   * is the controller's to say.
   *
   * @throws IllegalArgumentException where it does not have that form
   */
  public static HugepageLimit parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("'" + text + "' has no limit; write it like 2MB:64m");
    }
    long limit = ByteSize.parseOrUnlimited(text.substring(colon + 1));
    return HugepageLimit.builder()
        .pageSize(name(text.substring(0, colon)))
        // No kernel counts further than this, and shows it as no limit.
        .limit(limit < 0 ? Long.MAX_VALUE : limit)
        .build();
  }

  /** As files of the kernel are named: {@code 64KB}, {@code 2MB}, {@code 1GB}. */
  private static String name(String text) {
    long size = ByteSize.parse(text);
    if (size < KILO || Long.bitCount(size) != 1) {
      throw new IllegalArgumentException(
          "'" + text + "' is no size of a page; they are powers of two, like 2MB");
    }
    if (size >= GIGA) {
      return size / GIGA + "GB";
    }
    return size >= MEGA ? size / MEGA + "MB" : size / KILO + "KB";
  }
}
