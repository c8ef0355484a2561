package io.hardway.cgroup.v1;

import io.hardway.linux.cgroup.IndexList;
import io.hardway.spi.spec.CpuResources;
import io.hardway.spi.spec.Resources;

/** Which processors and memory nodes; cgroup-v1/cpusets.rst; config-linux.md, "CPU". */
final class CpusetController implements Controller {
  private static final String NAME = "cpuset";

  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    CpuResources cpu = wanted.cpu();
    cpu.cpus().ifPresent(list -> write("cpuset.cpus", list, "processors", limits));
    cpu.mems().ifPresent(list -> write("cpuset.mems", list, "memory nodes", limits));
  }

  private static void write(String file, String list, String what, LimitWriter limits) {
    String available = limits.group().above(NAME, file);
    IndexList.requireWithin(list, available, what);
    limits.write(NAME, file, list, "allow " + what + " " + list);
  }
}
