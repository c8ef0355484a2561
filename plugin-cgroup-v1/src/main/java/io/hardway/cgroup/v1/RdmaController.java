package io.hardway.cgroup.v1;

import io.hardway.spi.PlanningException;
import io.hardway.spi.spec.RdmaLimit;
import io.hardway.spi.spec.Resources;
import java.nio.file.Files;

/** Handles and objects of RDMA devices; cgroup-v1/rdma.rst; config-linux.md, "RDMA". */
final class RdmaController implements Controller {
  private static final String NAME = "rdma";
  private static final String FILE = "rdma.max";
  private static final String DEVICES = "/sys/class/infiniband";

  /** The kernel takes one device a write, and keeps what a line does not say. */
  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    for (RdmaLimit limit : wanted.rdma()) {
      limits.require(NAME, FILE);
      if (limit.hcaHandles().isEmpty() && limit.hcaObjects().isEmpty()) {
        throw new PlanningException(
            "the limit of the RDMA device " + limit.device() + " says nothing",
            "give hca_handle, hca_object or both");
      }
      if (!Files.exists(limits.host().file(DEVICES).resolve(limit.device()))) {
        throw new PlanningException(
            "the RDMA device " + limit.device() + " cannot be limited: there is no such",
            "name one that is in " + DEVICES);
      }
      StringBuilder line = new StringBuilder(limit.device());
      limit.hcaHandles().ifPresent(most -> line.append(" hca_handle=").append(text(most)));
      limit.hcaObjects().ifPresent(most -> line.append(" hca_object=").append(text(most)));
      limits.write(NAME, FILE, line.toString(), "limit RDMA of " + line);
    }
  }

  private static String text(long most) {
    return most < 0 ? "max" : Long.toString(most);
  }
}
