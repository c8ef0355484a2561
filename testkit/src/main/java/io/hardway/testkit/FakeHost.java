package io.hardway.testkit;

import io.hardway.spi.Host;
import io.hardway.spi.IdRange;
import io.hardway.spi.MountPoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A host as a test describes it: root on a recent kernel with everything, over a directory that
 * stands for {@code /}.
 *
 * @since 0.1
 */
public final class FakeHost implements Host {
  private final Path root;
  private final List<MountPoint> mounts = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();
  private String ownCgroup = "0::/";
  private long uid;

  /** Over this directory. */
  public FakeHost(Path root) {
    this.root = root;
  }

  /** With one more mount. */
  public FakeHost mount(MountPoint mount) {
    mounts.add(mount);
    return this;
  }

  /** With an ordinary user in place of root. */
  public FakeHost user(long id) {
    uid = id;
    return this;
  }

  /** With this process in a group, as the line of {@code /proc/self/cgroup} says it. */
  public FakeHost cgroup(String line) {
    ownCgroup = line;
    return this;
  }

  /** Without a capability, a file system, a namespace or a program of this name. */
  public FakeHost without(String name) {
    missing.add(name);
    return this;
  }

  @Override
  public int kernelVersion() {
    return 6018;
  }

  @Override
  public String architecture() {
    return "x86_64";
  }

  @Override
  public long uid() {
    return uid;
  }

  @Override
  public long gid() {
    return uid;
  }

  @Override
  public boolean isPrivileged() {
    return uid == 0 && !missing.contains("CAP_SYS_ADMIN");
  }

  @Override
  public boolean hasCapability(String name) {
    return uid == 0 && !missing.contains(name);
  }

  @Override
  public List<MountPoint> mounts() {
    return List.copyOf(mounts);
  }

  @Override
  public List<String> ownCgroups() {
    return List.of(ownCgroup);
  }

  @Override
  public boolean supportsFilesystem(String type) {
    return !missing.contains(type);
  }

  @Override
  public boolean supportsNamespace(String name) {
    return !missing.contains(name);
  }

  @Override
  public List<IdRange> subordinateUids() {
    return List.of();
  }

  @Override
  public List<IdRange> subordinateGids() {
    return List.of();
  }

  @Override
  public Optional<Path> program(String name) {
    return missing.contains(name) ? Optional.empty() : Optional.of(Path.of("/usr/bin", name));
  }

  @Override
  public Path file(String absolutePath) {
    return root.resolve(absolutePath.substring(1));
  }
}
