package io.hardway.cgroup.v1;

import io.hardway.spi.Limit;
import io.hardway.spi.Usage;
import io.hardway.spi.spec.Resources;

/** How many tasks; cgroup-v1/pids.rst; config-linux.md, "PIDs". */
final class PidsController implements Controller {
  private static final String NAME = "pids";

  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    wanted
        .pids()
        .ifPresent(
            limit ->
                limits.write(
                    NAME,
                    "pids.max",
                    limit.isUnlimited() ? "max" : Long.toString(limit.value()),
                    "limit tasks to " + limit));
  }

  @Override
  public void usage(GroupFiles group, Usage.Builder usage) {
    group.number(NAME, "pids.current").ifPresent(usage::pids);
    group.keyed(NAME, "pids.events").number("max").ifPresent(usage::pidsLimitHits);
    String most = group.text(NAME, "pids.max");
    if (!most.isEmpty()) {
      usage.pidsLimit(most.equals("max") ? Limit.unlimited() : Limit.of(Long.parseLong(most)));
    }
  }
}
