package io.hardway.cgroup.v1;

import io.hardway.spi.HugepageUsage;
import io.hardway.spi.Limit;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Usage;
import io.hardway.spi.spec.HugepageLimit;
import io.hardway.spi.spec.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Huge pages by size; cgroup-v1/hugetlb.rst; config-linux.md, "Huge page limits". */
final class HugetlbController implements Controller {
  private static final String NAME = "hugetlb";
  private static final String PREFIX = NAME + ".";
  private static final String LIMIT = ".limit_in_bytes";
  private static final String RESERVED = ".rsvd" + LIMIT;

  /** The kernel says "no limit" as the largest multiple of a page, however large that is. */
  private static final long NO_LIMIT = Long.MAX_VALUE / 2;

  /**
   * What is mapped and, since Linux 5.7, what is reserved are limited both: a process over the
   * limit of reservations is refused the mapping, one over the other is killed when it touches the
   * page.
   */
  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    for (HugepageLimit pages : wanted.hugepageLimits()) {
      String size = pages.pageSize();
      String value = pages.limit() < 0 ? "-1" : Long.toString(pages.limit());
      limits.require(NAME, PREFIX + size + LIMIT);
      requireSize(size, limits.group());
      String what = "huge pages of " + size + " to " + value + " bytes";
      limits.write(NAME, PREFIX + size + LIMIT, value, "limit " + what);
      if (limits.group().has(NAME, PREFIX + size + RESERVED)) {
        limits.write(NAME, PREFIX + size + RESERVED, value, "limit reservations of " + what);
      }
    }
  }

  private static void requireSize(String size, GroupFiles group) {
    if (group.has(NAME, PREFIX + size + LIMIT)) {
      return;
    }
    throw new PlanningException(
        "huge pages of " + size + " cannot be limited: this machine has none of that size",
        "it has " + String.join(", ", sizes(group)));
  }

  /** The sizes that there are files of. */
  private static List<String> sizes(GroupFiles group) {
    List<String> sizes = new ArrayList<>();
    for (String file : group.names(NAME)) {
      if (file.startsWith(PREFIX) && file.endsWith(LIMIT) && !file.endsWith(RESERVED)) {
        sizes.add(file.substring(PREFIX.length(), file.length() - LIMIT.length()));
      }
    }
    return sizes;
  }

  @Override
  public void usage(GroupFiles group, Usage.Builder usage) {
    List<HugepageUsage> used = new ArrayList<>();
    for (String size : sizes(group)) {
      HugepageUsage.Builder pages = HugepageUsage.builder().pageSize(size);
      group.number(NAME, PREFIX + size + ".usage_in_bytes").ifPresent(pages::bytes);
      group.number(NAME, PREFIX + size + ".max_usage_in_bytes").ifPresent(pages::peakBytes);
      group.number(NAME, PREFIX + size + ".failcnt").ifPresent(pages::limitHits);
      OptionalLong limit = group.number(NAME, PREFIX + size + LIMIT);
      if (limit.isPresent()) {
        pages.limit(limit.getAsLong() > NO_LIMIT ? Limit.unlimited() : Limit.of(limit.getAsLong()));
      }
      used.add(pages.build());
    }
    usage.hugepages(used);
  }
}
