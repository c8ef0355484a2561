package io.hardway.core.explain;

import java.util.ArrayList;
import java.util.List;

/** The numbers in plans by the names that manual pages and tools have for them. */
final class LinuxNames {
  private static final String[] CAPABILITIES = {
    "chown",
    "dac_override",
    "dac_read_search",
    "fowner",
    "fsetid",
    "kill",
    "setgid",
    "setuid",
    "setpcap",
    "linux_immutable",
    "net_bind_service",
    "net_broadcast",
    "net_admin",
    "net_raw",
    "ipc_lock",
    "ipc_owner",
    "sys_module",
    "sys_rawio",
    "sys_chroot",
    "sys_ptrace",
    "sys_pacct",
    "sys_admin",
    "sys_boot",
    "sys_nice",
    "sys_resource",
    "sys_time",
    "sys_tty_config",
    "mknod",
    "lease",
    "audit_write",
    "audit_control",
    "setfcap",
    "mac_override",
    "mac_admin",
    "syslog",
    "wake_alarm",
    "block_suspend",
    "audit_read",
    "perfmon",
    "bpf",
    "checkpoint_restore"
  };
  private static final String[] LIMITS = {
    "cpu",
    "fsize",
    "data",
    "stack",
    "core",
    "rss",
    "nproc",
    "nofile",
    "memlock",
    "as",
    "locks",
    "sigpending",
    "msgqueue",
    "nice",
    "rtprio",
    "rttime"
  };
  private static final String[] SIGNALS = {
    "0", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
    "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU",
    "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS"
  };
  private static final String[] ERRNOS = {
    "",
    "EPERM",
    "ENOENT",
    "ESRCH",
    "EINTR",
    "EIO",
    "ENXIO",
    "E2BIG",
    "ENOEXEC",
    "EBADF",
    "ECHILD",
    "EAGAIN",
    "ENOMEM",
    "EACCES",
    "EFAULT",
    "ENOTBLK",
    "EBUSY",
    "EEXIST",
    "EXDEV",
    "ENODEV",
    "ENOTDIR",
    "EISDIR",
    "EINVAL",
    "ENFILE",
    "EMFILE",
    "ENOTTY",
    "ETXTBSY",
    "EFBIG",
    "ENOSPC",
    "ESPIPE",
    "EROFS",
    "EMLINK",
    "EPIPE",
    "EDOM",
    "ERANGE",
    "EDEADLK",
    "ENAMETOOLONG",
    "ENOLCK",
    "ENOSYS",
    "ENOTEMPTY",
    "ELOOP"
  };

  /** A flag that says something, and one that takes it back. */
  private record Flag(long bits, String name) {}

  private static final Flag[] MOUNT = {
    new Flag(1, "ro"),
    new Flag(2, "nosuid"),
    new Flag(4, "nodev"),
    new Flag(8, "noexec"),
    new Flag(16, "sync"),
    new Flag(32, "remount"),
    new Flag(64, "mand"),
    new Flag(128, "dirsync"),
    new Flag(256, "nosymfollow"),
    new Flag(1024, "noatime"),
    new Flag(2048, "nodiratime"),
    new Flag(4096, "bind"),
    new Flag(1 << 21, "relatime"),
    new Flag(1 << 23, "iversion"),
    new Flag(1 << 24, "strictatime"),
    new Flag(1 << 25, "lazytime")
  };
  private static final Flag[] ATTRIBUTES = {
    new Flag(0x1, "ro"),
    new Flag(0x2, "nosuid"),
    new Flag(0x4, "nodev"),
    new Flag(0x8, "noexec"),
    new Flag(0x10, "noatime"),
    new Flag(0x20, "strictatime"),
    new Flag(0x80, "nodiratime"),
    new Flag(0x20_0000, "nosymfollow")
  };
  private static final Flag[] CLEARED = {
    new Flag(0x1, "rw"),
    new Flag(0x2, "suid"),
    new Flag(0x4, "dev"),
    new Flag(0x8, "exec"),
    new Flag(0x70, "relatime"),
    new Flag(0x80, "diratime"),
    new Flag(0x20_0000, "symfollow")
  };
  private static final Flag[] NAMESPACES = {
    new Flag(0x1000_0000, "user"), new Flag(0x0002_0000, "mount"), new Flag(0x0400_0000, "uts"),
        new Flag(0x0800_0000, "ipc"),
    new Flag(0x4000_0000, "net"), new Flag(0x2000_0000, "pid"), new Flag(0x0200_0000, "cgroup"),
        new Flag(0x80, "time")
  };

  private LinuxNames() {}

  /** Mount options for MS_* flags; mount(2). */
  static List<String> mountOptions(long flags) {
    return names(MOUNT, flags);
  }

  /** Mount options for the MOUNT_ATTR_* that are set and cleared; mount_setattr(2). */
  static List<String> mountOptions(long set, long clear) {
    List<String> names = names(ATTRIBUTES, set);
    for (Flag flag : CLEARED) {
      if ((clear & flag.bits()) == flag.bits() && (set & flag.bits()) == 0) {
        names.add(flag.name());
      }
    }
    return names;
  }

  /** The propagation MS_* flags say, with an {@code r} before it where it is recursive. */
  static String propagation(long flags) {
    String recursive = (flags & 0x4000) != 0 ? "r" : "";
    if ((flags & (1 << 20)) != 0) {
      return recursive + "shared";
    }
    if ((flags & (1 << 19)) != 0) {
      return recursive + "slave";
    }
    return recursive + ((flags & (1 << 17)) != 0 ? "unbindable" : "private");
  }

  /** The namespaces of CLONE_NEW* flags, as unshare(1) and nsenter(1) call them. */
  static List<String> namespaces(long flags) {
    return names(NAMESPACES, flags);
  }

  private static List<String> names(Flag[] table, long flags) {
    List<String> names = new ArrayList<>();
    for (Flag flag : table) {
      if ((flags & flag.bits()) == flag.bits()) {
        names.add(flag.name());
      }
    }
    return names;
  }

  /** A set of capabilities as setpriv(1) takes it. */
  static String capabilitySet(long mask) {
    StringBuilder text = new StringBuilder("-all");
    for (int i = 0; i < CAPABILITIES.length; i++) {
      if ((mask & (1L << i)) != 0) {
        text.append(",+").append(CAPABILITIES[i]);
      }
    }
    return text.toString();
  }

  /** The name of a resource limit; getrlimit(2). */
  static String limit(long resource) {
    return resource >= 0 && resource < LIMITS.length
        ? LIMITS[(int) resource]
        : Long.toString(resource);
  }

  /** The name of a signal without SIG; signal(7). */
  static String signal(long number) {
    if (number >= 0 && number < SIGNALS.length) {
      return SIGNALS[(int) number];
    }
    return number >= 34 && number <= 64 ? "RTMIN+" + (number - 34) : Long.toString(number);
  }

  /** The name of an errno; errno(3). */
  static String errno(int number) {
    return switch (number) {
      case 95 -> "EOPNOTSUPP";
      case 98 -> "EADDRINUSE";
      case 99 -> "EADDRNOTAVAIL";
      case 110 -> "ETIMEDOUT";
      default -> number > 0 && number < ERRNOS.length ? ERRNOS[number] : "errno " + number;
    };
  }
}
