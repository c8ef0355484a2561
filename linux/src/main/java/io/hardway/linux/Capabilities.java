package io.hardway.linux;

import java.util.List;

/**
 * The names of capabilities and their numbers; capabilities(7), {@code linux/capability.h}.
 *
 * @since 0.1
 */
public final class Capabilities {
  private static final List<String> NAMES =
      List.of(
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_DAC_READ_SEARCH",
          "CAP_FOWNER",
          "CAP_FSETID",
          "CAP_KILL",
          "CAP_SETGID",
          "CAP_SETUID",
          "CAP_SETPCAP",
          "CAP_LINUX_IMMUTABLE",
          "CAP_NET_BIND_SERVICE",
          "CAP_NET_BROADCAST",
          "CAP_NET_ADMIN",
          "CAP_NET_RAW",
          "CAP_IPC_LOCK",
          "CAP_IPC_OWNER",
          "CAP_SYS_MODULE",
          "CAP_SYS_RAWIO",
          "CAP_SYS_CHROOT",
          "CAP_SYS_PTRACE",
          "CAP_SYS_PACCT",
          "CAP_SYS_ADMIN",
          "CAP_SYS_BOOT",
          "CAP_SYS_NICE",
          "CAP_SYS_RESOURCE",
          "CAP_SYS_TIME",
          "CAP_SYS_TTY_CONFIG",
          "CAP_MKNOD",
          "CAP_LEASE",
          "CAP_AUDIT_WRITE",
          "CAP_AUDIT_CONTROL",
          "CAP_SETFCAP",
          "CAP_MAC_OVERRIDE",
          "CAP_MAC_ADMIN",
          "CAP_SYSLOG",
          "CAP_WAKE_ALARM",
          "CAP_BLOCK_SUSPEND",
          "CAP_AUDIT_READ",
          "CAP_PERFMON",
          "CAP_BPF",
          "CAP_CHECKPOINT_RESTORE");

  private Capabilities() {}

  /** All names, by number. */
  public static List<String> all() {
    return NAMES;
  }

  /** The mask with the bit of a capability; 0 for a name that is none. */
  public static long bit(String name) {
    int number = NAMES.indexOf(name);
    return number < 0 ? 0 : 1L << number;
  }

  /**
   * The mask of several.
   *
   * @throws IllegalArgumentException where a name is none
   */
  public static long mask(List<String> names) {
    long mask = 0;
    for (String name : names) {
      long bit = bit(name);
      if (bit == 0) {
        throw new IllegalArgumentException("there is no capability " + name);
      }
      mask |= bit;
    }
    return mask;
  }
}
