package io.hardway.isolation.linux;

import io.hardway.spi.Host;
import io.hardway.spi.MountPoint;
import io.hardway.spi.PlanningException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that stands for a namespace: one in /proc/PID/ns, or one bound elsewhere; namespaces(7).
 */
final class NamespaceFile {
  private NamespaceFile() {}

  /**
   * The namespace at a path, like {@code net:[4026531833]}.
   *
   * @throws PlanningException where there is none, or one of another kind
   */
  static String require(Host host, NamespaceKind kind, String path) {
    if (!path.startsWith("/")) {
      throw new PlanningException(
          "the " + kind.type() + " namespace " + path + " is no absolute path",
          "write it like /proc/PID/ns/" + kind.file());
    }
    String found = identity(host, path);
    if (found.isEmpty()) {
      throw new PlanningException(
          path
              + (Files.exists(host.file(path))
                  ? " is no namespace"
                  : " does not exist or is hidden")
              + ": the "
              + kind.type()
              + " namespace cannot be joined",
          "name a file like /proc/PID/ns/" + kind.file() + ", or one that it is bound on");
    }
    if (!found.startsWith(kind.file() + ":")) {
      throw new PlanningException(
          path + " is " + found + ", no " + kind.type() + " namespace",
          "name a file like /proc/PID/ns/" + kind.file());
    }
    return found;
  }

  /** The namespace at a path; empty where there is none. */
  static String identity(Host host, String path) {
    Path file = host.file(path);
    try {
      if (Files.isSymbolicLink(file)) {
        String target = Files.readSymbolicLink(file).toString();
        if (target.endsWith("]") && target.indexOf(":[") > 0) {
          return target;
        }
      }
      String real = file.toRealPath().toString();
      String found = "";
      for (MountPoint mount : host.mounts()) {
        if (host.file(mount.target()).toString().equals(real)) {
          found = mount.type().equals("nsfs") ? mount.root() : "";
        }
      }
      return found;
    } catch (IOException absent) {
      return "";
    }
  }
}
