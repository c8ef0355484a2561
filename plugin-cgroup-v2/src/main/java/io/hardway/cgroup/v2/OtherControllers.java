package io.hardway.cgroup.v2;

import io.hardway.spi.PlanningException;
import io.hardway.spi.spec.Resources;

/** What a specification can ask for and version 2 has no file for: each is refused by its name. */
final class OtherControllers implements Controller {

  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    if (wanted.networkClassId().isPresent()) {
      throw new PlanningException(
          "a network class (net_cls) cannot be given: cgroup v2 has no such controller",
          "leave it out: nftables tells containers apart by their cgroup (socket cgroupv2)");
    }
    if (!wanted.networkPriorities().isEmpty()) {
      throw new PlanningException(
          "network priorities (net_prio) cannot be given: cgroup v2 has no such controller",
          "leave them out: nftables sets priorities by cgroup (socket cgroupv2, meta priority)");
    }
  }
}
