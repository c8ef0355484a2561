package io.hardway.cgroup.v2;

import io.hardway.linux.cgroup.CgroupFile;
import io.hardway.linux.cgroup.GroupPath;
import io.hardway.spi.Host;
import io.hardway.spi.MountPoint;
import io.hardway.spi.ResourceRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The part of the hierarchy that is ours to use: all that is mounted for root, else what was
 * delegated; cgroup-v2.rst, "Delegation".
 */
final class Delegation {
  private static final String CONVENTION = "/sys/fs/cgroup";
  private static final String OWN = "0::/";

  private final Path mount;
  private final Path top;
  private final boolean isWritable;

  private Delegation(Path mount, Path top, boolean isWritable) {
    this.mount = mount;
    this.top = top;
    this.isWritable = isWritable;
  }

  /** What this process may use; empty where the hierarchy is not mounted. */
  static Optional<Delegation> of(Host host) {
    Optional<Path> mount = mount(host);
    if (mount.isEmpty()) {
      return Optional.empty();
    }
    Path top = host.isPrivileged() ? mount.get() : uppermost(host, mount.get());
    boolean isWritable = Files.isWritable(top) && (host.isPrivileged() || takesProcesses(top));
    return Optional.of(new Delegation(mount.get(), top, isWritable));
  }

  private static Optional<Path> mount(Host host) {
    Path found = null;
    for (MountPoint mount : host.mounts()) {
      boolean isBetter = found == null || mount.target().startsWith(CONVENTION);
      if (mount.type().equals("cgroup2") && isBetter) {
        found = host.file(mount.target());
      }
    }
    return Optional.ofNullable(found);
  }

  /**
   * The uppermost group above this process that takes processes from its user: those below are
   * reached from wherever the user is, and a group with processes of its own could not give
   * controllers to groups below it.
   */
  private static Path uppermost(Host host, Path mount) {
    Path top = mount;
    for (String line : host.ownCgroups()) {
      if (line.startsWith(OWN)) {
        top = mount.resolve(line.substring(OWN.length()));
      }
    }
    while (!top.equals(mount) && takesProcesses(top.getParent())) {
      top = top.getParent();
    }
    return top;
  }

  /** Whether a process may move between groups below; there both need this file of one above. */
  private static boolean takesProcesses(Path group) {
    return Files.isWritable(group.resolve("cgroup.procs"));
  }

  /** The uppermost group. */
  Path top() {
    return top;
  }

  /** Whether groups can be made in it. */
  boolean isWritable() {
    return isWritable;
  }

  /** The controllers it has to give. */
  List<String> controllers() {
    String text = CgroupFile.text(top.resolve("cgroup.controllers"));
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }

  /** Where a request wants the container's group. */
  GroupPath path(ResourceRequest request) {
    return GroupPath.of(request, mount, top);
  }
}
