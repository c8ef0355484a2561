package io.hardway.spi;

/**
 * What happens where a lock is held by another.
 *
 * @since 0.1
 */
public enum Waiting {
  /** Fails with EAGAIN. */
  NEVER,
  /** Waits. */
  UNTIL_FREE
}
