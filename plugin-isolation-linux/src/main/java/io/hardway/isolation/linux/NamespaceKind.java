package io.hardway.isolation.linux;

/**
 * The kinds of namespace: their names in the specification and in /proc, and their flags;
 * namespaces(7).
 */
enum NamespaceKind {
  USER("user", "user", 0x1000_0000L),
  MOUNT("mount", "mnt", 0x0002_0000L),
  PID("pid", "pid", 0x2000_0000L),
  NETWORK("network", "net", 0x4000_0000L),
  IPC("ipc", "ipc", 0x0800_0000L),
  UTS("uts", "uts", 0x0400_0000L),
  CGROUP("cgroup", "cgroup", 0x0200_0000L),
  TIME("time", "time", 0x0000_0080L);

  private final String type;
  private final String file;
  private final long flag;

  NamespaceKind(String type, String file, long flag) {
    this.type = type;
    this.file = file;
    this.flag = flag;
  }

  /** As config-linux.md names it. */
  String type() {
    return type;
  }

  /** Its file in /proc/PID/ns. */
  String file() {
    return file;
  }

  /** Its CLONE_NEW* flag. */
  long flag() {
    return flag;
  }

  /** The kind of a type; null for one that is not known. */
  static NamespaceKind of(String type) {
    for (NamespaceKind kind : values()) {
      if (kind.type.equals(type)) {
        return kind;
      }
    }
    return null;
  }
}
