package io.hardway.cgroup.v2;

import io.hardway.linux.cgroup.RdmaLine;
import io.hardway.spi.spec.RdmaLimit;
import io.hardway.spi.spec.Resources;

/** Handles and objects of RDMA devices; cgroup-v2.rst, "RDMA"; config-linux.md, "RDMA". */
final class RdmaController implements Controller {
  private static final String NAME = "rdma";
  private static final String FILE = "rdma.max";

  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    for (RdmaLimit limit : wanted.rdma()) {
      limits.require(NAME, FILE);
      String line = RdmaLine.of(limits.host(), limit);
      limits.write(NAME, FILE, line, "limit RDMA of " + line);
    }
  }
}
