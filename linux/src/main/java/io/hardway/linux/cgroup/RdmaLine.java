package io.hardway.linux.cgroup;

import io.hardway.spi.Host;
import io.hardway.spi.PlanningException;
import io.hardway.spi.spec.RdmaLimit;
import java.nio.file.Files;

/**
 * What is written to {@code rdma.max}, which is the same file in both versions: one device a write;
 * the kernel keeps what a line does not say. Sources: cgroup-v1/rdma.rst; cgroup-v2.rst, "RDMA".
 *
 * @since 0.1
 */
public final class RdmaLine {
  private static final String DEVICES = "/sys/class/infiniband";

  private RdmaLine() {}

  /**
   * The line of a limit.
   *
   * @throws PlanningException where it says nothing, or there is no such device
   */
  public static String of(Host host, RdmaLimit limit) {
    if (limit.hcaHandles().isEmpty() && limit.hcaObjects().isEmpty()) {
      throw new PlanningException(
          "the limit of the RDMA device " + limit.device() + " says nothing",
          "give hca_handle, hca_object or both");
    }
    if (!Files.exists(host.file(DEVICES).resolve(limit.device()))) {
      throw new PlanningException(
          "the RDMA device " + limit.device() + " cannot be limited: there is no such",
          "name one that is in " + DEVICES);
    }
    StringBuilder line = new StringBuilder(limit.device());
    limit.hcaHandles().ifPresent(most -> line.append(" hca_handle=").append(text(most)));
    limit.hcaObjects().ifPresent(most -> line.append(" hca_object=").append(text(most)));
    return line.toString();
  }

  private static String text(long most) {
    return most < 0 ? "max" : Long.toString(most);
  }
}
