package io.hardway.spi;

/**
 * Whether something is done to one mount or to all below it too.
 *
 * @since 0.1
 */
public enum Depth {
  /** This mount only. */
  SINGLE,
  /** This mount and all below it; AT_RECURSIVE. */
  RECURSIVE
}
