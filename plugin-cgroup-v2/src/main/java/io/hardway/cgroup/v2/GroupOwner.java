package io.hardway.cgroup.v2;

import io.hardway.spi.Errno;
import io.hardway.spi.Host;
import io.hardway.spi.Location;
import io.hardway.spi.ResourceRequest;
import io.hardway.spi.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Gives a group to the container's root, as far as one below it is: the directory, and the files
 * that the kernel names for that in {@code /sys/kernel/cgroup/delegate}; cgroup-v2.rst,
 * "Delegation"; config-linux.md, "Cgroup ownership".
 */
final class GroupOwner {
  private static final List<String> FILES =
      List.of("cgroup.procs", "cgroup.subtree_control", "cgroup.threads");

  private GroupOwner() {}

  static void contribute(ResourceRequest request, Path group, Stage stage) {
    if (request.ownerUid().isEmpty() || request.ownerGid().isEmpty()) {
      return;
    }
    long uid = request.ownerUid().getAsLong();
    long gid = request.ownerGid().getAsLong();
    stage
        .chown(Location.host(group), uid, gid)
        .label("give the group to the container's root, " + uid);
    for (String file : files(request.host())) {
      stage
          .chown(Location.host(group.resolve(file)), uid, gid)
          .ignoring(Errno.ENOENT)
          .label("give it " + file + " too");
    }
  }

  private static List<String> files(Host host) {
    try {
      return Files.readString(host.file("/sys/kernel/cgroup/delegate")).strip().lines().toList();
    } catch (IOException olderThanLinux4_15) {
      return FILES;
    }
  }
}
