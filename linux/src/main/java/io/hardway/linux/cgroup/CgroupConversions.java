package io.hardway.linux.cgroup;

import io.hardway.spi.Limit;
import io.hardway.spi.PlanningException;
import java.util.OptionalLong;

/**
 * What the OCI specification says in the words of cgroup version 1, in those of version 2. Each
 * conversion is the one that runc and crun have, so that a container gets the same from all three.
 *
 * @since 0.1
 */
public final class CgroupConversions {
  private static final long LEAST_SHARES = 2;
  private static final long MOST_SHARES = 262_144;
  private static final long MOST_WEIGHT = 10_000;
  private static final String DEFAULT_PERIOD = "100000";

  private CgroupConversions() {}

  /**
   * {@code cpu.weight}, 1 to 10000, of {@code cpu.shares}, 2 to 262144: the curve through both ends
   * and through both defaults, 1024 and 100, rounded up. Shares beyond the ends count as the ends.
   *
   * <p>It is the conversion of runc since 1.4 and of crun since 1.23 (opencontainers/cgroups,
   * {@code ConvertCPUSharesToCgroupV2Value}). The straight line they had before made 39 of the
   * default, so that a container with 1024 shares got less than half of what one without got; and
   * all below 29 shares had one weight.
   */
  public static long cpuWeight(long shares) {
    if (shares <= LEAST_SHARES) {
      return 1;
    }
    if (shares >= MOST_SHARES) {
      return MOST_WEIGHT;
    }
    double bits = log2(shares);
    return (long) Math.ceil(Math.pow(10, (bits * bits + 125 * bits) / 612.0 - 7.0 / 34.0));
  }

  /** Exact for powers of two, of which 1024 must be 100 and not 101. */
  private static double log2(long number) {
    int exponent = Math.getExponent((double) number);
    return exponent + Math.log(Math.scalb((double) number, -exponent)) / Math.log(2);
  }

  /**
   * {@code io.weight}, 1 to 10000, of a block I/O weight, 10 to 1000: the straight line from end to
   * end (opencontainers/cgroups, {@code ConvertBlkIOToIOWeightValue}). The default of one, 500,
   * becomes 4950, not 100, the default of the other.
   *
   * @throws PlanningException where the weight is out of range
   */
  public static long ioWeight(long weight) {
    return 1 + (bfqWeight(weight) - 10) * 9_999 / 990;
  }

  /**
   * {@code io.bfq.weight}, 1 to 1000, of a block I/O weight, 10 to 1000: the same number.
   *
   * @throws PlanningException where the weight is out of range
   */
  public static long bfqWeight(long weight) {
    if (weight < 10 || weight > 1000) {
      throw new PlanningException(
          "a block I/O weight of " + weight + " is out of range", "give one from 10 to 1000");
    }
    return weight;
  }

  /**
   * {@code cpu.max} of a quota and a period, both in microseconds. A quota that is not positive is
   * none; what is absent stays as it is.
   *
   * @param now what is in the file; empty in a new group
   */
  public static String cpuMax(OptionalLong quota, OptionalLong period, String now) {
    int space = now.indexOf(' ');
    String first = space < 0 ? "max" : now.substring(0, space);
    String second = space < 0 ? DEFAULT_PERIOD : now.substring(space + 1);
    if (quota.isPresent()) {
      first = quota.getAsLong() <= 0 ? "max" : Long.toString(quota.getAsLong());
    }
    return first + " " + (period.isPresent() ? Long.toString(period.getAsLong()) : second);
  }

  /**
   * {@code memory.swap.max}, which is of swap alone, of a limit of memory and swap together.
   *
   * @throws PlanningException where the sum is below its part, or the part has no limit
   */
  public static Limit swapAlone(Limit sum, Limit memory) {
    if (sum.isUnlimited()) {
      return sum;
    }
    if (memory.isUnlimited()) {
      throw new PlanningException(
          "--memory-swap " + sum + " cannot be set without a limit of memory", "give --memory too");
    }
    if (sum.value() < memory.value()) {
      throw new PlanningException(
          "--memory-swap "
              + sum
              + " is below --memory "
              + memory
              + ": it is memory and swap together",
          "give at least " + memory);
    }
    return Limit.of(sum.value() - memory.value());
  }

  /** As the files of version 2 say it: no bound is {@code max}. */
  public static String text(Limit limit) {
    return limit.isUnlimited() ? "max" : Long.toString(limit.value());
  }
}
