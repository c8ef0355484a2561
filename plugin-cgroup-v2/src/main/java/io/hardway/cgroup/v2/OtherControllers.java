package io.hardway.cgroup.v2;

import io.hardway.spi.PlanningException;
import io.hardway.spi.spec.Resources;

/** What a specification can ask for and this plugin does not give: each is refused by its name. */
final class OtherControllers implements Controller {

  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    if (!wanted.hugepageLimits().isEmpty()) {
      throw refusal("limits of huge pages", "use the unified limit hugetlb.SIZE.max");
    }
    if (!wanted.rdma().isEmpty()) {
      throw refusal("limits of RDMA", "use the unified limit rdma.max");
    }
    if (wanted.networkClassId().isPresent()) {
      throw refusal("a network class (net_cls)", "leave it out");
    }
    if (!wanted.networkPriorities().isEmpty()) {
      throw refusal("network priorities (net_prio)", "leave them out");
    }
  }

  private static PlanningException refusal(String what, String remedy) {
    return new PlanningException(what + " cannot be given by cgroup-v2", remedy);
  }
}
