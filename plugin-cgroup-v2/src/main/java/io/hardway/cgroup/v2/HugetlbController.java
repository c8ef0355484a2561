package io.hardway.cgroup.v2;

import io.hardway.spi.Errno;
import io.hardway.spi.spec.HugepageLimit;
import io.hardway.spi.spec.Resources;

/** Huge pages by size; cgroup-v2.rst, "HugeTLB"; config-linux.md, "Huge page limits". */
final class HugetlbController implements Controller {
  private static final String NAME = "hugetlb";

  /**
   * What is mapped and what is reserved are limited both: a process over the limit of reservations
   * is refused the mapping, one over the other is killed when it touches the page.
   */
  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    for (HugepageLimit page : wanted.hugepageLimits()) {
      String file = NAME + "." + page.pageSize() + ".max";
      String reserved = NAME + "." + page.pageSize() + ".rsvd.max";
      limits.require(NAME, file);
      HugePages.requireSize(limits.host(), page.pageSize());
      String value = page.limit() < 0 ? "max" : Long.toString(page.limit());
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
}
