package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file system of its own. While it is frozen, who writes to it waits in the kernel and does not
 * even die of SIGKILL; fsfreeze(8).
 */
final class FreezableDisk implements AutoCloseable {
  private final Path mountPoint;
  private boolean frozen;

  private FreezableDisk(Path mountPoint) {
    this.mountPoint = mountPoint;
  }

  /**
   * On the disk that {@code hardway.disk} names, which has an empty file system, or on a file.
   *
   * @param directory of the test's own
   */
  static FreezableDisk mount(Path directory) throws IOException {
    String disk = System.getProperty("hardway.disk");
    List<String> mount = new ArrayList<>(List.of("mount", "-t", "ext4"));
    if (disk == null) {
      Conditions.require(Files.exists(Path.of("/dev/loop-control")), "needs loop devices");
      disk = directory.resolve("disk.image").toString();
      run(List.of("mke2fs", "-q", "-t", "ext4", disk, "16M"));
      mount.addAll(List.of("-o", "loop"));
    }
    Path mountPoint = Files.createDirectory(directory.resolve("disk"));
    mount.addAll(List.of(disk, mountPoint.toString()));
    run(mount);
    return new FreezableDisk(mountPoint);
  }

  private static void run(List<String> command) {
    Product.Outcome outcome = Product.perform(command, "");
    assertEquals(0, outcome.exitCode(), () -> command + "\n" + outcome);
  }

  Path mountPoint() {
    return mountPoint;
  }

  void freeze() {
    run(List.of("fsfreeze", "--freeze", mountPoint.toString()));
    frozen = true;
  }

  void thaw() {
    run(List.of("fsfreeze", "--unfreeze", mountPoint.toString()));
    frozen = false;
  }

  @Override
  public void close() {
    if (frozen) {
      thaw();
    }
    run(List.of("umount", mountPoint.toString()));
  }
}
