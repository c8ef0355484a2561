package io.hardway.core;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a container of the OCI runtime is made, as its caller says; runc(8).
 *
 * @param pidFile receives the pid
 * @param consoleSocket receives the terminal's master side, by SCM_RIGHTS
 * @param pidfdSocket receives a pidfd of the container's process
 * @param preservedDescriptors how many descriptors from 3 on it keeps
 * @param groups who makes its control group
 */
public record BundleOptions(
    Optional<Path> pidFile,
    Optional<Path> consoleSocket,
    Optional<Path> pidfdSocket,
    int preservedDescriptors,
    Groups groups) {

  /** Who makes its control group. */
  public enum Groups {
    /** Its plan, wherever its path is. */
    DIRECT,
    /** systemd, as that of a scope. */
    SYSTEMD
  }

  /** With a control group that is made directly. */
  public BundleOptions(
      Optional<Path> pidFile,
      Optional<Path> consoleSocket,
      Optional<Path> pidfdSocket,
      int preservedDescriptors) {
    this(pidFile, consoleSocket, pidfdSocket, preservedDescriptors, Groups.DIRECT);
  }

  /** How far one command takes it. */
  public enum Until {
    /** It waits to be started. */
    CREATED,
    /** It runs, and the command ends. */
    STARTED,
    /** It has ended. */
    ENDED
  }
}
