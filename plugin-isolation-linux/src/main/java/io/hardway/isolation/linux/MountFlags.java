package io.hardway.isolation.linux;

import java.util.List;

/**
 * Mount options by name, as flags of mount(2) and mount_setattr(2); config.md, "Linux mount
 * options".
 */
final class MountFlags {
  static final long MS_REC = 1L << 14;
  static final long MS_UNBINDABLE = 1L << 17;
  static final long MS_PRIVATE = 1L << 18;
  static final long MS_SLAVE = 1L << 19;
  static final long MS_SHARED = 1L << 20;
  private static final long ATTR_ATIME = 0x70;

  /** Name, MS_* flag, MOUNT_ATTR_* flag; a name that clears has both negative. */
  private static final Object[][] FLAGS = {
    {"ro", 1L, 1L},
    {"rro", 1L, 1L},
    {"rw", -1L, -1L},
    {"nosuid", 2L, 2L},
    {"suid", -2L, -2L},
    {"nodev", 4L, 4L},
    {"dev", -4L, -4L},
    {"noexec", 8L, 8L},
    {"exec", -8L, -8L},
    {"sync", 16L, 0L},
    {"async", -16L, 0L},
    {"nosymfollow", 256L, 0x20_0000L},
    {"noatime", 1024L, 0x10L},
    {"nodiratime", 2048L, 0x80L},
    {"relatime", 1L << 21, 0L},
    {"strictatime", 1L << 24, 0x20L},
  };

  private long flags;
  private long set;
  private long clear;
  private long propagation;
  private boolean recursive;
  private boolean bind;
  private boolean copyUp;
  private boolean mayFail;
  private boolean mappedIds;
  private boolean createsSource;
  private boolean allReadOnly;
  private String subpath = "";
  private final StringBuilder data = new StringBuilder();

  /** The options of a mount. */
  static MountFlags of(String destination, List<String> options) {
    MountFlags mount = new MountFlags();
    for (String option : options) {
      mount.add(destination, option);
    }
    return mount;
  }

  private void add(String destination, String option) {
    switch (option) {
      case "bind" -> bind = true;
      case "rbind" -> {
        bind = true;
        recursive = true;
      }
      case "private" -> propagation = MS_PRIVATE;
      case "rprivate" -> propagation = MS_PRIVATE | MS_REC;
      case "slave" -> propagation = MS_SLAVE;
      case "rslave" -> propagation = MS_SLAVE | MS_REC;
      case "shared" -> propagation = MS_SHARED;
      case "rshared" -> propagation = MS_SHARED | MS_REC;
      case "unbindable" -> propagation = MS_UNBINDABLE;
      case "runbindable" -> propagation = MS_UNBINDABLE | MS_REC;
      case "tmpcopyup", "copyup" -> copyUp = true;
      case "create-source" -> createsSource = true;
      case "nofail" -> mayFail = true;
      case "defaults", "nocopy" -> {}
      case "idmap" -> mappedIds = true;
      case "ridmap" -> {
        mappedIds = true;
        recursive = true;
      }
      default -> {
        allReadOnly |= option.equals("rro");
        if (option.startsWith("subpath=")) {
          subpath = option.substring("subpath=".length());
        } else if (!addFlag(option)) {
          data.append(data.isEmpty() ? "" : ",").append(option);
        }
      }
    }
  }

  private boolean addFlag(String option) {
    for (Object[] flag : FLAGS) {
      if (flag[0].equals(option)) {
        long ms = (Long) flag[1];
        long attribute = (Long) flag[2];
        if (ms > 0) {
          flags |= ms;
          set |= attribute;
          clear |= (attribute & ATTR_ATIME) != 0 ? ATTR_ATIME : 0;
        } else {
          flags &= ~-ms;
          set &= ~-attribute;
          clear |= -attribute;
        }
        return true;
      }
    }
    return false;
  }

  /** For mount(2). */
  long flags() {
    return flags;
  }

  /** What a bind sets, for mount_setattr(2). */
  long set() {
    return set;
  }

  /** What a bind clears. */
  long clear() {
    return clear & ~set | clear & ATTR_ATIME;
  }

  /** MS_PRIVATE and the like; 0 for none. */
  long propagation() {
    return propagation;
  }

  /** Whether it is a bind. */
  boolean isBind() {
    return bind;
  }

  /** Whether what is mounted below comes along. */
  boolean isRecursive() {
    return recursive;
  }

  /** Whether a missing source directory is made. */
  boolean createsSource() {
    return createsSource;
  }

  /**
   * Whether what is set of a bind holds for all mounts that come along: not for {@code ro} alone.
   */
  boolean isForAll() {
    return allReadOnly || (flags & 1) == 0;
  }

  /** What is mounted of the source, a path inside it; empty: all. */
  String subpath() {
    return subpath;
  }

  /** Whether its files have the ids of the container's user namespace. */
  boolean mapsIds() {
    return mappedIds;
  }

  /** Whether a tmpfs begins with what the root has at its place. */
  boolean copiesUp() {
    return copyUp;
  }

  /** Whether the container does without it where it cannot be mounted. */
  boolean mayFail() {
    return mayFail;
  }

  /** What the file system itself is told. */
  String data() {
    return data.toString();
  }
}
