package io.hardway.cgroup.v1;

import io.hardway.linux.cgroup.CgroupFile;
import io.hardway.spi.PlanningException;
import io.hardway.spi.spec.CpuResources;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * How long a group may run in each period, and what it may save up; scheduler/sched-bwc.rst. Times
 * are in microseconds.
 *
 * <p>The kernel takes one number a write and checks each: no burst above the quota, and no larger
 * part of a period than the group above has. So the order depends on what grows and what shrinks.
 */
final class CpuBandwidth {
  private static final String QUOTA = "cpu.cfs_quota_us";
  private static final String PERIOD = "cpu.cfs_period_us";
  private static final String BURST = "cpu.cfs_burst_us";
  private static final long UNLIMITED = -1;
  private static final long DEFAULT_PERIOD = 100_000;

  private CpuBandwidth() {}

  static void contribute(CpuResources cpu, LimitWriter limits) {
    OptionalLong quota = CpuController.asked(cpu.quota());
    OptionalLong period = CpuController.asked(cpu.period());
    long quotaBefore = number(QUOTA, UNLIMITED, limits);
    long quotaAfter = quota.orElse(quotaBefore);
    long burstBefore = number(BURST, 0, limits);
    long burstAfter = cpu.burst().orElse(burstBefore);
    if (quotaAfter > 0
        && burstAfter > quotaAfter
        && (quota.isPresent() || cpu.burst().isPresent())) {
      throw new PlanningException(
          "processor time saved up, "
              + burstAfter
              + " µs, cannot be more than that of a period, "
              + quotaAfter,
          "change --cpu-burst and the limit at the same time");
    }
    if (quota.isPresent() || period.isPresent()) {
      requireWithinAbove(quotaAfter, period.orElse(number(PERIOD, DEFAULT_PERIOD, limits)), limits);
    }
    boolean burstShrinks = burstAfter <= burstBefore;
    if (burstShrinks) {
      burst(cpu.burst(), limits);
    }
    if (isQuotaFirst(quotaBefore, quotaAfter)) {
      quota(quota, limits);
      period(period, limits);
    } else {
      period(period, limits);
      quota(quota, limits);
    }
    if (!burstShrinks) {
      burst(cpu.burst(), limits);
    }
  }

  /** Where no group above is limited, or none that can be seen, the kernel decides. */
  private static void requireWithinAbove(long quota, long period, LimitWriter limits) {
    for (Path level = limits.require(CpuController.NAME, QUOTA).getParent();
        quota > 0 && level != null;
        level = level.getParent()) {
      long above = CgroupFile.number(level.resolve(QUOTA)).orElse(UNLIMITED);
      long periodAbove = CgroupFile.number(level.resolve(PERIOD)).orElse(DEFAULT_PERIOD);
      if (above > 0
          && CpuController.share(quota, period) > CpuController.share(above, periodAbove)) {
        throw new PlanningException(
            "processor time of "
                + quota
                + " µs in "
                + period
                + " cannot be given: the group above, "
                + level
                + ", has "
                + above
                + " in "
                + periodAbove,
            "ask for no more than that");
      }
    }
  }

  /**
   * A quota that shrinks goes first, and one that grows last: so between both writes the part is no
   * larger than before or afterwards. Without a quota no period is too short.
   */
  private static boolean isQuotaFirst(long before, long after) {
    return after < 0 || before >= 0 && after <= before;
  }

  private static long number(String file, long otherwise, LimitWriter limits) {
    return limits.group().number(CpuController.NAME, file).orElse(otherwise);
  }

  private static void quota(OptionalLong quota, LimitWriter limits) {
    quota.ifPresent(
        value ->
            limits.write(
                CpuController.NAME,
                QUOTA,
                Long.toString(Math.max(UNLIMITED, value)),
                value < 0
                    ? "lift the limit of processor time"
                    : "limit processor time to " + value + " µs a period"));
  }

  private static void period(OptionalLong period, LimitWriter limits) {
    period.ifPresent(
        value ->
            limits.write(
                CpuController.NAME,
                PERIOD,
                Long.toString(value),
                "set the period of the processor limit to " + value + " µs"));
  }

  private static void burst(OptionalLong burst, LimitWriter limits) {
    burst.ifPresent(
        value ->
            limits.writeIfKnown(
                CpuController.NAME,
                BURST,
                Long.toString(value),
                "let " + value + " µs of processor time be saved up"));
  }
}
