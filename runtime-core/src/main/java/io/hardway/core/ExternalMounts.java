package io.hardway.core;

import io.hardway.spi.Hierarchy;
import io.hardway.spi.Host;
import io.hardway.spi.MountPoint;
import io.hardway.spi.spec.Device;
import io.hardway.spi.spec.Mount;
import io.hardway.spi.spec.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is mounted in a container out of the host's files. A checkpoint has a key for each such
 * mount, the place that {@code config.json} says; when it is restored, what that says is mounted
 * there. criu(8), {@code --external mnt}.
 */
final class ExternalMounts {
  private static final int MOST_LINKS = 40;
  private static final String[] DEVICES = {"null", "zero", "full", "random", "urandom", "tty"};

  private final Host host;
  private final Spec spec;
  private final List<Hierarchy> boundHierarchies;

  /**
   * Those of a container.
   *
   * @param boundHierarchies the control group's, where each is bound into the container
   */
  ExternalMounts(Host host, Spec spec, List<Hierarchy> boundHierarchies) {
    this.host = host;
    this.spec = spec;
    this.boundHierarchies = List.copyOf(boundHierarchies);
  }

  static boolean isBind(Mount mount) {
    return mount.type().equals("bind")
        || mount.options().contains("bind")
        || mount.options().contains("rbind");
  }

  static boolean isControlGroups(Mount mount) {
    return mount.type().equals("cgroup") || mount.type().equals("cgroup2");
  }

  /** For a checkpoint: what is mounted in a container that runs, each place with its key. */
  List<String> mounted(long pid) {
    Map<String, String> binds = new LinkedHashMap<>();
    for (Mount mount : spec.mounts()) {
      if (isBind(mount)) {
        binds.put(
            inside(host.file("/proc/" + pid + "/root"), mount.destination()), mount.destination());
      }
    }
    List<String> external = new ArrayList<>();
    for (ProcessMount mount : ProcessMount.of(host, pid)) {
      key(mount, binds).ifPresent(key -> external.add("mnt[" + mount.target() + "]:" + key));
    }
    return external;
  }

  private Optional<String> key(ProcessMount mount, Map<String, String> binds) {
    String target = mount.target();
    String best = "";
    for (String place : binds.keySet()) {
      if (isAtOrBelow(target, place) && place.length() > best.length()) {
        best = place;
      }
    }
    if (!best.isEmpty()) {
      return Optional.of(binds.get(best) + target.substring(best.length()));
    }
    // Nodes of the host's, and what hides files.
    boolean ofTheHost = mount.type().equals("devtmpfs");
    boolean group = !boundHierarchies.isEmpty() && mount.type().startsWith("cgroup");
    return ofTheHost || group ? Optional.of(target) : Optional.empty();
  }

  private static boolean isAtOrBelow(String path, String above) {
    return path.equals(above) || path.startsWith(above.equals("/") ? above : above + "/");
  }

  /** For a restore: what is to be mounted for each key. */
  List<String> sources() {
    Map<String, String> sources = new LinkedHashMap<>();
    for (String path : spec.linux().maskedPaths()) {
      sources.put(path, "/dev/null");
    }
    for (String name : DEVICES) {
      sources.put("/dev/" + name, "/dev/" + name);
    }
    for (Device device : spec.linux().devices()) {
      sources.put(device.path(), device.path());
    }
    for (Mount mount : spec.mounts()) {
      if (isBind(mount)) {
        bind(sources, mount);
      } else if (isControlGroups(mount)) {
        for (Hierarchy hierarchy : boundHierarchies) {
          sources.put(
              mount.destination() + "/" + hierarchy.name(), hierarchy.directory().toString());
        }
      }
    }
    List<String> external = new ArrayList<>();
    sources.forEach((key, source) -> external.add("mnt[" + key + "]:" + source));
    return external;
  }

  private void bind(Map<String, String> sources, Mount mount) {
    Path source = source(mount);
    sources.put(mount.destination(), source.toString());
    if (!mount.options().contains("rbind")) {
      return;
    }
    String real = source.toString();
    try {
      real = source.toRealPath().toString();
    } catch (IOException missing) {
      // It is said by the step that mounts it.
    }
    for (MountPoint below : host.mounts()) {
      if (below.target().startsWith(real.equals("/") ? real : real + "/")) {
        sources.put(mount.destination() + below.target().substring(real.length()), below.target());
      }
    }
  }

  /** Where a bind takes its files from. */
  static Path source(Mount mount) {
    String part = "";
    for (String option : mount.options()) {
      part = option.startsWith("subpath=") ? option.substring("subpath=".length()) : part;
    }
    return Path.of(mount.source(), part);
  }

  /** A path inside a root without links in it: they lead nowhere else. */
  static String inside(Path root, String path) {
    Deque<String> ahead = new ArrayDeque<>(List.of(path.split("/")));
    List<String> done = new ArrayList<>();
    int links = 0;
    while (!ahead.isEmpty()) {
      String name = ahead.pop();
      if (name.equals("..") && !done.isEmpty()) {
        done.remove(done.size() - 1);
      }
      if (name.isEmpty() || name.equals(".") || name.equals("..")) {
        continue;
      }
      Path at = root.resolve(String.join("/", done)).resolve(name);
      if (!Files.isSymbolicLink(at) || ++links > MOST_LINKS) {
        done.add(name);
        continue;
      }
      String target = target(at);
      if (target.startsWith("/")) {
        done.clear();
      }
      String[] names = target.split("/");
      for (int i = names.length - 1; i >= 0; i--) {
        ahead.push(names[i]);
      }
    }
    return "/" + String.join("/", done);
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      throw new HardwayException(link + ": " + e.getMessage(), e);
    }
  }
}
