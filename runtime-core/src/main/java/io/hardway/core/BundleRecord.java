package io.hardway.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A container of the OCI runtime as it is now.
 *
 * @param config how it was made
 * @param status {@code creating}, {@code created}, {@code running}, {@code paused} or {@code
 *     stopped}; runtime.md, "State"
 * @param pid of its first process; 0 where that is gone
 */
public record BundleRecord(BundleConfig config, String status, long pid) {

  /** What is true of a container; the native program decides it in the same way. */
  static BundleRecord of(BundleDirectories directories, BundleConfig config) {
    ProcessIdentity identity = ProcessIdentity.read(directories.identity(config.id()));
    boolean creating = Files.exists(directories.undoPlan(config.id()));
    boolean alive = identity.isAlive();
    String status;
    if (creating) {
      status = "creating";
    } else if (!alive) {
      status = "stopped";
    } else if (Files.exists(directories.gate(config.id()))) {
      status = "created";
    } else {
      status = isFrozen(directories.frozen(config.id())) ? "paused" : "running";
    }
    return new BundleRecord(config, status, alive ? identity.pid() : 0);
  }

  private static boolean isFrozen(Path link) {
    try {
      String says = Files.readString(link).strip();
      return says.startsWith("FR") || says.equals("1");
    } catch (IOException none) {
      return false;
    }
  }
}
