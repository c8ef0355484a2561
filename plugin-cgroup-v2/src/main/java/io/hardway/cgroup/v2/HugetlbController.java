package io.hardway.cgroup.v2;

import io.hardway.linux.cgroup.CgroupFile;
import io.hardway.spi.Errno;
import io.hardway.spi.HugepageUsage;
import io.hardway.spi.Limit;
import io.hardway.spi.Usage;
import io.hardway.spi.spec.HugepageLimit;
import io.hardway.spi.spec.Resources;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Huge pages by size; cgroup-v2.rst, "HugeTLB"; config-linux.md, "Huge page limits". */
final class HugetlbController implements Controller {
  private static final String NAME = "hugetlb";
  private static final String PREFIX = NAME + ".";
  private static final String LIMIT = ".max";
  private static final String USED = ".current";

  /** Some kernels say "no limit" as {@code max}, some as the largest multiple of a page. */
  private static final long NO_LIMIT = Long.MAX_VALUE / 2;

  /**
   * What is mapped and what is reserved are limited both: a process over the limit of reservations
   * is refused the mapping, one over the other is killed when it touches the page.
   */
  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    for (HugepageLimit page : wanted.hugepageLimits()) {
      String file = PREFIX + page.pageSize() + LIMIT;
      String reserved = PREFIX + page.pageSize() + ".rsvd" + LIMIT;
      limits.require(NAME, file);
      HugePages.requireSize(limits.host(), page.pageSize());
      String value =
          page.limit() < 0 || page.limit() == Long.MAX_VALUE ? "max" : Long.toString(page.limit());
      String what = "huge pages of " + page.pageSize() + " to " + value + " bytes";
      limits.write(NAME, file, value, "limit " + what);
      switch (limits.presence(NAME, reserved)) {
        case THERE -> limits.write(NAME, reserved, value, "limit reservations of " + what);
        case UNKNOWN ->
            limits
                .write(NAME, reserved, value, "limit reservations of " + what + ", since Linux 5.7")
                .ignoring(Errno.ENOENT);
        case MISSING -> {}
      }
    }
  }

  @Override
  public void usage(Path group, Usage.Builder usage) {
    if (!SubtreeControl.isIn(CgroupFile.text(group.resolve("cgroup.controllers")), NAME)) {
      return;
    }
    List<HugepageUsage> used = new ArrayList<>();
    for (String size : sizes(group)) {
      HugepageUsage.Builder pages = HugepageUsage.builder().pageSize(size);
      CgroupFile.number(group.resolve(PREFIX + size + USED)).ifPresent(pages::bytes);
      CgroupFile.number(group.resolve(PREFIX + size + ".events"), "max")
          .ifPresent(pages::limitHits);
      LimitWriter.limitIn(group.resolve(PREFIX + size + LIMIT))
          .ifPresent(limit -> pages.limit(isNone(limit) ? Limit.unlimited() : limit));
      used.add(pages.build());
    }
    usage.hugepages(used);
  }

  private static boolean isNone(Limit limit) {
    return !limit.isUnlimited() && limit.value() > NO_LIMIT;
  }

  /** The sizes that there are files of, in the order of their names. */
  private static Set<String> sizes(Path group) {
    Set<String> sizes = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(group, PREFIX + "*" + USED)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (!name.endsWith(".rsvd" + USED)) {
          sizes.add(name.substring(PREFIX.length(), name.length() - USED.length()));
        }
      }
    } catch (IOException gone) {
      return sizes;
    }
    return sizes;
  }
}
