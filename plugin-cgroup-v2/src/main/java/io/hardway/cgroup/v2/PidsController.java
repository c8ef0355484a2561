package io.hardway.cgroup.v2;

import io.hardway.linux.cgroup.CgroupConversions;
import io.hardway.linux.cgroup.CgroupFile;
import io.hardway.linux.cgroup.FlatKeyedFile;
import io.hardway.spi.Limit;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Usage;
import io.hardway.spi.spec.Resources;
import java.nio.file.Path;

/** How many tasks; cgroup-v2.rst, "PID"; config-linux.md, "PIDs". */
final class PidsController implements Controller {
  private static final String NAME = "pids";

  /** The kernel has no more on any machine; linux/threads.h, {@code PID_MAX_LIMIT}. */
  private static final long MOST = 4_194_304;

  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    wanted.pids().ifPresent(limit -> write(limit, limits));
  }

  private static void write(Limit limit, LimitWriter limits) {
    if (!limit.isUnlimited() && limit.value() > MOST) {
      throw new PlanningException(
          "tasks cannot be limited to " + limit + ": no kernel has more than " + MOST,
          "give less, or -1 for no limit");
    }
    limits.write(NAME, "pids.max", CgroupConversions.text(limit), "limit tasks to " + limit);
  }

  @Override
  public void usage(Path group, Usage.Builder usage) {
    CgroupFile.number(group.resolve("pids.current")).ifPresent(usage::pids);
    LimitWriter.limitIn(group.resolve("pids.max")).ifPresent(usage::pidsLimit);
    FlatKeyedFile.read(group.resolve("pids.events")).number("max").ifPresent(usage::pidsLimitHits);
  }
}
