package io.hardway.cgroup.v2;

import io.hardway.linux.cgroup.CgroupFile;
import io.hardway.spi.Errno;
import io.hardway.spi.Location;
import io.hardway.spi.PlanBuilder;
import java.nio.file.Path;

/**
 * A group for the processes that are in the uppermost one themselves: while it has some it cannot
 * give controllers to groups below; cgroup-v2.rst, "No Internal Process Constraint". It is so where
 * a group was delegated to the shell in it, and in a container, whose processes are in the root of
 * its cgroup namespace. All of them are in what was delegated, and stay in it.
 */
final class InitGroup {
  private static final String NAME = "init";

  private final Path top;

  InitGroup(Path top) {
    this.top = top;
  }

  /** Adds the steps that move them, this process with what it starts too. */
  void contribute(PlanBuilder plan) {
    Path group = top.resolve(NAME);
    plan.host()
        .mkdirs(Location.host(group), 0755)
        .label("make a group for the processes that are in " + top);
    Location members = Location.host(group.resolve("cgroup.procs"));
    for (String pid : CgroupFile.text(top.resolve("cgroup.procs")).split("\n")) {
      if (!pid.equals("0")) {
        plan.host()
            .write(members, pid)
            .ignoring(Errno.ESRCH)
            .label("move process " + pid + " to it");
      }
    }
    plan.host().write(members, "0").label("move there too");
  }
}
