package io.hardway.core.explain;

/**
 * Names of the kernel's errors; errno(3).
 *
 * @since 0.1
 */
public final class ErrorNames {
  private ErrorNames() {}

  /** The name of an errno, like {@code ENOENT}. */
  public static String of(int errno) {
    return LinuxNames.errno(errno);
  }
}
