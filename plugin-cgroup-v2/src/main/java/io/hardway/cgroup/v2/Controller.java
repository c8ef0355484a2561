package io.hardway.cgroup.v2;

import io.hardway.spi.Usage;
import io.hardway.spi.spec.Resources;
import java.nio.file.Path;

/** One controller of version 2: the limits it takes, and the figures it gives. */
interface Controller {

  /**
   * Adds the steps that set what is asked for, in a new group and in one that exists alike; what is
   * absent stays as it is.
   *
   * @throws io.hardway.spi.PlanningException by name, where a limit cannot be given
   */
  void contribute(Resources wanted, LimitWriter limits);

  /** Adds what the group has used; what the kernel does not tell stays absent. */
  default void usage(Path group, Usage.Builder usage) {}
}
