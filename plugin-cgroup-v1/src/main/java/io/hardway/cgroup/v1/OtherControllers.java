package io.hardway.cgroup.v1;

import io.hardway.spi.PlanningException;
import io.hardway.spi.spec.Resources;

/** What a specification can ask for and this plugin does not give: each is refused by its name. */
final class OtherControllers implements Controller {

  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    if (!wanted.unified().isEmpty()) {
      throw new PlanningException(
          "unified limits " + wanted.unified().keySet() + " are files of cgroup v2",
          "use the limits of version 1 on this host");
    }
    if (!wanted.hugepageLimits().isEmpty()) {
      throw refusal("limits of huge pages");
    }
    if (!wanted.rdma().isEmpty()) {
      throw refusal("limits of RDMA");
    }
    if (wanted.networkClassId().isPresent()) {
      throw refusal("a network class (net_cls)");
    }
    if (!wanted.networkPriorities().isEmpty()) {
      throw refusal("network priorities (net_prio)");
    }
  }

  private static PlanningException refusal(String what) {
    return new PlanningException(what + " cannot be given by cgroup-v1", "leave them out");
  }
}
