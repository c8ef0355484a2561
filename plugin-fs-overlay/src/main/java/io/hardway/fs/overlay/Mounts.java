package io.hardway.fs.overlay;

import io.hardway.spi.Host;
import io.hardway.spi.MountPoint;
import io.hardway.spi.PlanningException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the host's mounts say about paths. */
final class Mounts {
  private final List<MountPoint> visible;

  private Mounts(List<MountPoint> visible) {
    this.visible = visible;
  }

  /** The mounts that can be seen: of several on one place, the last. */
  static Mounts of(Host host) {
    List<MountPoint> visible = new ArrayList<>();
    for (MountPoint mount : host.mounts()) {
      for (int i = visible.size() - 1; i >= 0; i--) {
        if (isAtOrBelow(visible.get(i).target(), mount.target())) {
          visible.remove(i);
        }
      }
      visible.add(mount);
    }
    return new Mounts(visible);
  }

  /** The mounts that can be seen, in the order they were made. */
  List<MountPoint> visible() {
    return visible;
  }

  /** Whether something is mounted below a directory. */
  boolean hasBelow(String directory) {
    for (MountPoint mount : visible) {
      if (!mount.target().equals(directory) && isAtOrBelow(mount.target(), directory)) {
        return true;
      }
    }
    return false;
  }

  /** The mount a path is on. */
  MountPoint containing(Path path) {
    MountPoint found = null;
    for (MountPoint mount : visible) {
      if (isAtOrBelow(path.toString(), mount.target())
          && (found == null || found.target().length() <= mount.target().length())) {
        found = mount;
      }
    }
    if (found == null) {
      throw new PlanningException(
          path + " is on no mount of this host", "check /proc/self/mountinfo");
    }
    return found;
  }

  /**
   * Refuses file systems the kernel takes no upper directory on.
   *
   * @throws PlanningException for the path, with what to do
   */
  void requireUpper(Path path) {
    MountPoint mount = containing(path);
    String reason = upperReason(mount);
    if (!reason.isEmpty()) {
      throw new PlanningException(
          "a container's own layer cannot be at "
              + path
              + ": "
              + mount.target()
              + " is "
              + mount.type()
              + ", "
              + reason,
          "choose a data directory on ext4, xfs, btrfs or tmpfs with --root");
    }
  }

  private static String upperReason(MountPoint mount) {
    String type = mount.type();
    if (type.equals("overlay")) {
      return "and one overlay cannot write to another";
    }
    if (type.startsWith("nfs")
        || type.equals("cifs")
        || type.equals("smb3")
        || type.equals("9p")
        || type.equals("ceph")
        || type.equals("afs")) {
      return "a file system of another machine, which an overlay cannot write to";
    }
    if (type.startsWith("fuse")) {
      return "which lacks the whiteouts an overlay needs";
    }
    if (type.equals("vfat")
        || type.equals("exfat")
        || type.equals("msdos")
        || type.startsWith("ntfs")) {
      return "which has neither owners nor extended attributes";
    }
    if (("," + mount.options() + ",").contains(",ro,") || mount.hasSuperOption("ro")) {
      return "mounted read-only";
    }
    return "";
  }

  /** Whether a path is a directory or inside it. */
  static boolean isAtOrBelow(String path, String directory) {
    return directory.equals("/")
        || path.equals(directory)
        || (path.startsWith(directory) && path.charAt(directory.length()) == '/');
  }
}
