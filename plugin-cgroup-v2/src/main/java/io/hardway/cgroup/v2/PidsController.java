package io.hardway.cgroup.v2;

import io.hardway.linux.cgroup.CgroupFile;
import io.hardway.linux.cgroup.FlatKeyedFile;
import io.hardway.spi.Usage;
import io.hardway.spi.spec.Resources;
import java.nio.file.Path;

/** How many tasks; cgroup-v2.rst, "PID"; config-linux.md, "PIDs". */
final class PidsController implements Controller {
  private static final String NAME = "pids";

  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    wanted
        .pids()
        .ifPresent(
            limit ->
                limits.write(NAME, "pids.max", LimitWriter.text(limit), "limit tasks to " + limit));
  }

  @Override
  public void usage(Path group, Usage.Builder usage) {
    CgroupFile.number(group.resolve("pids.current")).ifPresent(usage::pids);
    LimitWriter.limitIn(group.resolve("pids.max")).ifPresent(usage::pidsLimit);
    FlatKeyedFile.read(group.resolve("pids.events")).number("max").ifPresent(usage::pidsLimitHits);
  }
}
