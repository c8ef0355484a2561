package io.hardway.testkit;

import io.hardway.spi.Host;
import io.hardway.spi.MountPoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Every control group of this machine as it is at one moment, with what is set in it: to show that
 * something leaves the groups of others alone.
 *
 * <p>Only what is set is looked at, not what the kernel counts: files that can be written, and the
 * list of device rules.
 *
 * @since 0.1
 */
public final class CgroupTree {

  /** Which controllers groups below it have: what enables one for our group changes it. */
  private static final String SUBTREE_CONTROL = "cgroup.subtree_control";

  /** Members come and go. */
  private static final Set<String> MEMBERS = Set.of("cgroup.procs", "cgroup.threads", "tasks");

  /** Counters, which can be written to start anew, and the pressure, which triggers are set in. */
  private static final List<String> COUNTERS = List.of("usage", "failcnt", "peak", "pressure");

  private final Map<Path, Map<String, String>> groups;

  private CgroupTree(Map<Path, Map<String, String>> groups) {
    this.groups = groups;
  }

  /** As it is now, in every hierarchy that is mounted on this host. */
  public static CgroupTree of(Host host) throws IOException {
    Map<Path, Map<String, String>> groups = new TreeMap<>();
    for (MountPoint mount : host.mounts()) {
      if (mount.type().equals("cgroup") || mount.type().equals("cgroup2")) {
        Files.walkFileTree(host.file(mount.target()), new GroupVisitor(groups));
      }
    }
    if (groups.isEmpty()) {
      throw new IOException("no cgroup hierarchy is mounted");
    }
    return new CgroupTree(groups);
  }

  /**
   * What has become different later: a group that came or went, a file with another content. Groups
   * of ours are left out, with those below them; those above them may have come, and may have
   * enabled controllers for them (which gives other groups new files).
   *
   * @param ours the directories of groups that are meant to change
   */
  public List<String> changes(CgroupTree later, Collection<Path> ours) {
    List<String> changes = new ArrayList<>();
    for (Path group : later.groups.keySet()) {
      if (!groups.containsKey(group) && !isBelow(group, ours) && !isAbove(group, ours)) {
        changes.add(group + " has been made");
      }
    }
    groups.forEach(
        (group, before) -> {
          Map<String, String> after = later.groups.get(group);
          if (isBelow(group, ours)) {
            return;
          }
          if (after == null) {
            changes.add(group + " has been removed");
            return;
          }
          boolean enables = isAbove(group, ours);
          before.forEach(
              (file, content) -> {
                if (!content.equals(after.get(file))
                    && !(enables && file.equals(SUBTREE_CONTROL))) {
                  changes.add(
                      group.resolve(file) + " was <" + content + ">, is <" + after.get(file) + ">");
                }
              });
        });
    return changes;
  }

  private static boolean isBelow(Path group, Collection<Path> ours) {
    return ours.stream().anyMatch(group::startsWith);
  }

  private static boolean isAbove(Path group, Collection<Path> ours) {
    return ours.stream().anyMatch(mine -> mine.startsWith(group));
  }

  /** The groups of it. */
  public Set<Path> groups() {
    return Set.copyOf(groups.keySet());
  }

  private static final class GroupVisitor extends SimpleFileVisitor<Path> {
    private final Map<Path, Map<String, String>> groups;

    private GroupVisitor(Map<Path, Map<String, String>> groups) {
      this.groups = groups;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path group, BasicFileAttributes attributes) {
      groups.put(group, settings(group));
      return FileVisitResult.CONTINUE;
    }

    /** A group that goes while it is looked at. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException gone) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path group, IOException gone) {
      return FileVisitResult.CONTINUE;
    }
  }

  private static Map<String, String> settings(Path group) {
    Map<String, String> settings = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(group, CgroupTree::isSetting)) {
      for (Path file : files) {
        settings.put(file.getFileName().toString(), content(file));
      }
    } catch (IOException | DirectoryIteratorException gone) {
      return settings;
    }
    return settings;
  }

  private static boolean isSetting(Path file) throws IOException {
    String name = file.getFileName().toString();
    if (MEMBERS.contains(name)
        || COUNTERS.stream().anyMatch(name::contains)
        || !Files.isRegularFile(file)) {
      return false;
    }
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
    return name.equals("devices.list")
        || mode.containsAll(PosixFilePermissions.fromString("rw-------"));
  }

  /** What cannot be read says so each time in the same way. */
  private static String content(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
    } catch (IOException unreadable) {
      return "unreadable";
    }
  }
}
