package io.hardway.fs.overlay;

import io.hardway.spi.MountPoint;
import io.hardway.spi.PlanningException;
import io.hardway.spi.RootfsRequest;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Of what mounts, directories and links a root that shows the host's files is put together. */
final class HostTree {
  /** From here on a directory is shown read-only instead of entry by entry. */
  private static final int MAXIMAL_ENTRIES = 300;

  private static final List<String> OF_THE_MACHINE =
      List.of("/proc", "/sys", "/dev", "/run", "/tmp");
  private static final List<String> OF_CONTAINERS =
      List.of(
          "/var/lib/docker",
          "/var/lib/containers",
          "/var/lib/containerd",
          "/var/lib/kubelet",
          "/var/lib/hardway");
  private static final List<String> OF_A_DISK =
      List.of("btrfs", "zfs", "bcachefs", "nfs", "nfs4", "cifs", "smb3", "ceph", "9p", "virtiofs");
  private static final List<String> UNCHANGING = List.of("squashfs", "iso9660", "erofs", "udf");
  private static final List<String> OF_THE_KERNEL =
      List.of(
          "proc",
          "sysfs",
          "cgroup",
          "cgroup2",
          "devtmpfs",
          "devpts",
          "mqueue",
          "debugfs",
          "tracefs",
          "securityfs",
          "bpf",
          "pstore",
          "efivarfs",
          "configfs",
          "fusectl",
          "hugetlbfs",
          "binfmt_misc",
          "autofs",
          "nsfs",
          "rpc_pipefs",
          "nfsd",
          "selinuxfs");

  private final List<Node> nodes = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();

  private HostTree() {}

  /** How a part of the tree is shown. */
  enum PartKind {
    /** The host's files under a layer of their own. */
    OVERLAY,
    /** A directory of the container's own. */
    EMPTY,
    /** The host's files as they are. */
    READ_ONLY
  }

  /**
   * Something to mount.
   *
   * @param path where, from the root
   * @param source the host's directory or file
   * @param mode the mode of the container's own directory
   */
  record Part(PartKind kind, String path, Path source, int mode, long uid, long gid) {}

  /** A directory or link of the root itself, in a user namespace. A directory's target is empty. */
  record Node(String path, int mode, String target) {
    boolean isLink() {
      return !target.isEmpty();
    }
  }

  /** The tree for a request, by what the host has now. */
  static HostTree of(RootfsRequest request) {
    HostTree tree = new HostTree();
    if (isPieced(request)) {
      tree.walk(new RequestView(request, Mounts.of(request.host())), "/");
    } else {
      tree.parts.add(new Part(PartKind.EMPTY, "/run", Path.of("/run"), 0755, 0, 0));
      tree.parts.add(new Part(PartKind.EMPTY, "/tmp", Path.of("/tmp"), 01777, 0, 0));
      for (MountPoint mount : Mounts.of(request.host()).visible()) {
        tree.addMounted(request, mount);
      }
    }
    return tree;
  }

  /**
   * Whether the root is put together of directories: an ordinary user's mounts cannot be taken from
   * below the host's root.
   */
  static boolean isPieced(RootfsRequest request) {
    return request.userNamespace() && !request.host().isPrivileged();
  }

  /** Directories and links of the container's own root; parents first. */
  List<Node> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  /** What is mounted on it; parents first. */
  List<Part> parts() {
    return Collections.unmodifiableList(parts);
  }

  private void addMounted(RootfsRequest request, MountPoint mount) {
    String target = mount.target();
    if (target.equals("/") || isAny(target, OF_THE_MACHINE) || isAny(target, OF_CONTAINERS)) {
      return;
    }
    Path source = request.host().file(target);
    if (UNCHANGING.contains(mount.type()) || Files.isRegularFile(source)) {
      parts.add(new Part(PartKind.READ_ONLY, target, source, 0, 0, 0));
    } else if (mount.source().startsWith("/dev/")
        || OF_A_DISK.contains(mount.type())
        || mount.type().startsWith("fuse.")) {
      addOverlay(target, source);
    }
  }

  private void addOverlay(String path, Path source) {
    Directory directory = Directory.of(source);
    parts.add(
        new Part(
            PartKind.OVERLAY, path, source, directory.mode(), directory.uid(), directory.gid()));
  }

  private void walk(RequestView view, String directory) {
    List<String> names = view.entries(directory);
    for (String name : names) {
      String path = directory.equals("/") ? "/" + name : directory + "/" + name;
      if (OF_THE_MACHINE.contains(path)) {
        nodes.add(new Node(path, path.equals("/tmp") ? 01777 : 0755, ""));
      } else {
        add(view, path);
      }
    }
  }

  private void add(RequestView view, String path) {
    Path source = view.request.host().file(path);
    Map<String, Object> attributes = view.attributes(source);
    int mode = ((Number) attributes.get("mode")).intValue() & 07777;
    if (Boolean.TRUE.equals(attributes.get("isSymbolicLink"))) {
      nodes.add(new Node(path, 0, view.target(source)));
    } else if (Boolean.TRUE.equals(attributes.get("isRegularFile"))) {
      if (Files.isReadable(source)) {
        parts.add(new Part(PartKind.READ_ONLY, path, source, 0, 0, 0));
      }
    } else if (Boolean.TRUE.equals(attributes.get("isDirectory"))) {
      addDirectory(view, path, source, mode);
    }
  }

  private void addDirectory(RequestView view, String path, Path source, int mode) {
    if (!Files.isReadable(source) || !Files.isExecutable(source) || view.isOfTheKernel(source)) {
      nodes.add(new Node(path, mode | 0700, ""));
    } else if (!view.mounts.hasBelow(path)) {
      parts.add(new Part(PartKind.OVERLAY, path, source, mode | 0700, -1, -1));
    } else if (view.entries(path).size() > MAXIMAL_ENTRIES) {
      parts.add(new Part(PartKind.READ_ONLY, path, source, 0, 0, 0));
    } else {
      nodes.add(new Node(path, mode | 0700, ""));
      walk(view, path);
    }
  }

  private static boolean isAny(String path, List<String> directories) {
    for (String directory : directories) {
      if (Mounts.isAtOrBelow(path, directory)) {
        return true;
      }
    }
    return false;
  }

  /** The host as the user of a request sees it. */
  private static final class RequestView {
    private final RootfsRequest request;
    private final Mounts mounts;

    RequestView(RootfsRequest request, Mounts mounts) {
      this.request = request;
      this.mounts = mounts;
    }

    List<String> entries(String directory) {
      List<String> names = new ArrayList<>();
      try (DirectoryStream<Path> entries =
          Files.newDirectoryStream(request.host().file(directory))) {
        for (Path entry : entries) {
          names.add(entry.getFileName().toString());
        }
      } catch (IOException | DirectoryIteratorException e) {
        throw new PlanningException(
            "the host's directory " + directory + " cannot be listed: " + e.getMessage(),
            "check its permissions",
            e);
      }
      Collections.sort(names);
      return names;
    }

    Map<String, Object> attributes(Path path) {
      try {
        return Files.readAttributes(
            path, "unix:mode,isDirectory,isRegularFile,isSymbolicLink", LinkOption.NOFOLLOW_LINKS);
      } catch (IOException e) {
        throw new PlanningException(
            "the host's " + path + " cannot be looked at: " + e.getMessage(),
            "check its permissions",
            e);
      }
    }

    String target(Path link) {
      try {
        return Files.readSymbolicLink(link).toString();
      } catch (IOException e) {
        throw new PlanningException(
            "the host's link " + link + " cannot be read: " + e.getMessage(),
            "check its permissions",
            e);
      }
    }

    boolean isOfTheKernel(Path path) {
      return OF_THE_KERNEL.contains(mounts.containing(path).type());
    }
  }
}
