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
 */
public record BundleOptions(
    Optional<Path> pidFile,
    Optional<Path> consoleSocket,
    Optional<Path> pidfdSocket,
    int preservedDescriptors) {

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
