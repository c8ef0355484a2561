package io.hardway.cli.value;

import java.io.File;

/** SELinux labels of what is mounted. */
final class Labels {
  private Labels() {}

  /**
   * Accepts {@code z} and {@code Z} where the host has no SELinux, so that there is nothing to
   * label; refuses them where it has.
   */
  static void checkRelabel(String option) {
    if (new File("/sys/fs/selinux/enforce").exists()) {
      throw new IllegalArgumentException(
          "'"
              + option
              + "': SELinux labels of a source are not changed; label it with chcon -Rt container_file_t and leave '"
              + option
              + "' out");
    }
  }
}
