package io.hardway.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Facts about the machine and about the user Hardway runs as. Each is read at the first question
 * and then kept, so that planning sees one consistent host.
 *
 * @since 0.1
 */
public interface Host {

  /** The kernel's major version times 1000 plus its minor version: 6.18 is 6018. */
  int kernelVersion();

  /** The machine's architecture as {@code uname -m} says it, like {@code x86_64}. */
  String architecture();

  /** The effective user id. */
  long uid();

  /** The effective group id. */
  long gid();

  /**
   * Whether the user is root in the initial user namespace, or otherwise has CAP_SYS_ADMIN over the
   * host.
   */
  boolean isPrivileged();

  /**
   * Whether the effective set has this capability, like {@code CAP_SYS_RESOURCE}; capabilities(7).
   */
  boolean hasCapability(String name);

  /** The mounts of the host; proc_pid_mountinfo(5). */
  List<MountPoint> mounts();

  /**
   * The cgroup this process is in: the lines of {@code /proc/self/cgroup}, each {@code
   * ID:CONTROLLERS:PATH}; cgroups(7).
   */
  List<String> ownCgroups();

  /** Whether the kernel knows the file system type; proc_filesystems(5). */
  boolean supportsFilesystem(String type);

  /**
   * Whether the kernel has the kind of namespace, named as in {@code /proc/self/ns}, like {@code
   * time}.
   */
  boolean supportsNamespace(String name);

  /** The user's subordinate user ids; subuid(5). */
  List<IdRange> subordinateUids();

  /** The user's subordinate group ids; subgid(5). */
  List<IdRange> subordinateGids();

  /** A program on the host's search path. */
  Optional<Path> program(String name);

  /** A file of the host: the path itself, or its counterpart where a test shows another host. */
  Path file(String absolutePath);
}
