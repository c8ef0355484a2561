package io.hardway.cgroup.v1;

import io.hardway.spi.PlanningException;
import io.hardway.spi.spec.Resources;

/** Files of version 2, which version 1 has not; config-linux.md, "Unified". */
final class UnifiedLimits implements Controller {

  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    if (!wanted.unified().isEmpty()) {
      throw new PlanningException(
          "unified limits " + wanted.unified().keySet() + " are files of cgroup v2",
          "use the limits of version 1 on this host");
    }
  }
}
