package io.hardway.spi;

/**
 * What a step makes where a mount point is missing.
 *
 * @since 0.1
 */
public enum MountPointKind {
  /** Nothing: a missing mount point is an error. */
  EXISTING,
  /** A directory. */
  DIRECTORY,
  /** An empty file. */
  FILE,
  /** What the source is; for binds only. */
  LIKE_SOURCE
}
