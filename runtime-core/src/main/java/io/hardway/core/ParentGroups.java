package io.hardway.core;

import io.hardway.spi.Host;
import io.hardway.spi.Location;
import io.hardway.spi.MountPoint;
import io.hardway.spi.Stage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The control groups of a container's parent, cgroups(7): who serves the container beside it lives
 * there, whichever command has started it, and is not ended with that command's session.
 */
final class ParentGroups {
  private static final int PARENT_BEHIND_NAME = 1;

  private final Host host;

  ParentGroups(Host host) {
    this.host = host;
  }

  /**
   * Adds the steps by which who performs the plan joins them; none where it is there.
   *
   * @param pid the container's first process
   */
  void join(long pid, Stage stage) {
    List<String> own = host.ownCgroups();
    for (String group : groups(parent(pid))) {
      String[] words = group.split(":", 3);
      if (words.length == 3 && !own.contains(group)) {
        mount(words[1])
            .flatMap(mount -> directory(mount, words[2]))
            .ifPresent(
                directory ->
                    stage
                        .write(Location.host(directory.resolve("cgroup.procs")), "0")
                        .bestEffort()
                        .label("be in " + directory + ", where the container's parent is"));
      }
    }
  }

  /** Its parent; proc_pid_stat(5). */
  private String parent(long pid) {
    try {
      Path file = host.file("/proc/" + pid + "/stat");
      String stat = Files.readString(file, StandardCharsets.ISO_8859_1);
      return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[PARENT_BEHIND_NAME];
    } catch (IOException gone) {
      return "";
    }
  }

  private List<String> groups(String process) {
    try {
      return process.isEmpty()
          ? List.of()
          : Files.readAllLines(host.file("/proc/" + process + "/cgroup"));
    } catch (IOException gone) {
      return List.of();
    }
  }

  private Optional<MountPoint> mount(String controllers) {
    String first = controllers.split(",")[0];
    return host.mounts().stream()
        .filter(
            mount ->
                first.isEmpty()
                    ? mount.type().equals("cgroup2")
                    : mount.type().equals("cgroup") && mount.hasSuperOption(first))
        .findFirst();
  }

  /** Where a group is, below what is mounted. */
  private static Optional<Path> directory(MountPoint mount, String group) {
    Path root = Path.of(mount.root());
    Path path = Path.of(group);
    return path.startsWith(root)
        ? Optional.of(Path.of(mount.target()).resolve(root.relativize(path)).normalize())
        : Optional.empty();
  }
}
