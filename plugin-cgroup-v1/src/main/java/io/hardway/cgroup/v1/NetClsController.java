package io.hardway.cgroup.v1;

import io.hardway.spi.spec.Resources;

/**
 * The class of packets, for traffic control and filters; cgroup-v1/net_cls.rst; config-linux.md,
 * "Network".
 */
final class NetClsController implements Controller {

  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    if (wanted.networkClassId().isPresent()) {
      long id = wanted.networkClassId().getAsLong();
      limits.write(
          "net_cls",
          "net_cls.classid",
          Long.toString(id),
          "give packets the class 0x" + Long.toHexString(id));
    }
  }
}
