package io.hardway.cgroup.v1;

import io.hardway.spi.PlanningException;
import io.hardway.spi.spec.Resources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The priority of packets by the interface of the host they leave through; cgroup-v1/net_prio.rst;
 * config-linux.md, "Network".
 */
final class NetPrioController implements Controller {
  private static final String NAME = "net_prio";
  private static final String FILE = "net_prio.ifpriomap";

  /** The kernel takes one interface a write. */
  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    for (Map.Entry<String, Long> priority : wanted.networkPriorities().entrySet()) {
      String name = priority.getKey();
      limits.require(NAME, FILE);
      Path interfaces = limits.host().file("/sys/class/net");
      if (Files.isDirectory(interfaces) && !Files.exists(interfaces.resolve(name))) {
        throw new PlanningException(
            "packets through " + name + " cannot have a priority: the host has no such interface",
            "name one of the host's");
      }
      limits.write(
          NAME,
          FILE,
          name + " " + priority.getValue(),
          "give packets through " + name + " the priority " + priority.getValue());
    }
  }
}
