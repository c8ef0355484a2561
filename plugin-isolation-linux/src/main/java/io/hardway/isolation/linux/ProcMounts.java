package io.hardway.isolation.linux;

import io.hardway.spi.PlanningException;
import io.hardway.spi.spec.Mount;
import java.nio.file.Path;
import java.util.List;

/**
 * What may be mounted over the kernel's own view of processes and itself: nothing that a program,
 * or we, would take for the kernel's word, but for what tells of the machine in numbers. The same
 * that runc lets through.
 */
final class ProcMounts {
  private static final Path PROC = Path.of("/proc");
  private static final List<String> COVERED =
      List.of(
          "cpuinfo",
          "diskstats",
          "loadavg",
          "meminfo",
          "slabinfo",
          "stat",
          "swaps",
          "uptime",
          "sys/crypto/fips_enabled",
          "sys/kernel/ns_last_pid");

  private ProcMounts() {}

  /**
   * Refuses a mount over /proc, or over something in it that must stay the kernel's.
   *
   * @throws PlanningException says what is allowed
   */
  static void check(Mount mount) {
    Path destination = Path.of("/", mount.destination()).normalize();
    if (!destination.startsWith(PROC)) {
      return;
    }
    if (destination.equals(PROC)) {
      boolean isTheHosts =
          mount.type().equals("bind") && Path.of(mount.source()).normalize().equals(PROC);
      if (mount.type().equals("proc") || isTheHosts) {
        return;
      }
    } else if (COVERED.contains(PROC.relativize(destination).toString())) {
      return;
    }
    throw new PlanningException(
        "nothing can be mounted on " + destination + ": what is in /proc must be the kernel's own",
        "choose another place; in /proc only these can be covered: " + String.join(", ", COVERED));
  }
}
