package io.hardway.cgroup.v2;

import io.hardway.spi.Host;
import io.hardway.spi.MountPoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The uppermost group this user may divide: the root of the mount for a privileged user, for others the highest of the groups that hold
 * this process and are delegated to the user; cgroup-v2.rst, "Delegation".
 */
final class Delegation {
  private final Path mount;
  private final Path top;

  private Delegation(Path mount, Path top) {
    this.mount = mount;
    this.top = top;
  }

  /** None where no version 2 hierarchy is mounted, or none of its groups may be divided. */
  static Optional<Delegation> of(Host host) {
    Optional<MountPoint> mounted = mountPoint(host);
    if (mounted.isEmpty()) {
      return Optional.empty();
    }
    Path mount = host.file(mounted.get().target());
    if (host.isPrivileged()) {
      return isDivisible(mount) ? Optional.of(new Delegation(mount, mount)) : Optional.empty();
    }
    Path top = null;
    for (Path level = own(host, mounted.get(), mount); level != null && level.startsWith(mount) && isDivisible(level); level = level.getParent()) {
      top = level;
    }
    return top == null ? Optional.empty() : Optional.of(new Delegation(mount, top));
  }

  /** The version 2 hierarchy that was mounted first. */
  static Optional<MountPoint> mountPoint(Host host) {
    for (MountPoint mount : host.mounts()) {
      if (mount.type().equals("cgroup2")) {
        return Optional.of(mount);
      }
    }
    return Optional.empty();
  }

  private static boolean isDivisible(Path directory) {
    return Files.isWritable(directory) && Files.isWritable(directory.resolve("cgroup.procs")) && Files.isWritable(directory.resolve("cgroup.subtree_control"));
  }

  /** The group of this process as the mount shows it; null where the mount shows another part of the hierarchy. */
  private static Path own(Host host, MountPoint mounted, Path mount) {
    for (String line : host.ownCgroups()) {
      if (line.startsWith("0::/")) {
        Path path = Path.of(line.substring("0::".length()));
        Path root = Path.of(mounted.root());
        return path.startsWith(root) ? mount.resolve(root.relativize(path)).normalize() : null;
      }
    }
    return null;
  }

  /** The directory the hierarchy is mounted at. */
  Path mount() {
    return mount;
  }

  /** The uppermost directory that may be divided. */
  Path top() {
    return top;
  }

  /** What the kernel, and whoever delegated, give. */
  List<String> controllers() {
    return GroupFile.words(top.resolve("cgroup.controllers"));
  }

  /**
   * Whether controllers can be given to the groups below: not where processes are in the uppermost one itself, unless that is the root of
   * the hierarchy, which alone has no {@code cgroup.type}; cgroup-v2.rst, "No Internal Process Constraint".
   */
  boolean canGive(List<String> controllers) {
    return GroupFile.words(top.resolve("cgroup.subtree_control")).containsAll(controllers)
        || !Files.exists(top.resolve("cgroup.type"))
        || GroupFile.text(top.resolve("cgroup.procs")).isEmpty();
  }
}
