package io.hardway.spi;

/**
 * One mount of the host; proc_pid_mountinfo(5).
 *
 * @since 0.1
 */
public final class MountPoint {
  private final String root;
  private final String target;
  private final String options;
  private final String type;
  private final String source;
  private final String superOptions;

  /** A mount with the fields of its line in mountinfo, unescaped. */
  public MountPoint(
      String root, String target, String options, String type, String source, String superOptions) {
    this.root = root;
    this.target = target;
    this.options = options;
    this.type = type;
    this.source = source;
    this.superOptions = superOptions;
  }

  /** The directory in the file system that is the root of the mount. */
  public String root() {
    return root;
  }

  /** Where it is mounted. */
  public String target() {
    return target;
  }

  /** The options of the mount, separated by commas. */
  public String options() {
    return options;
  }

  /** The type of the file system. */
  public String type() {
    return type;
  }

  /** What is mounted. */
  public String source() {
    return source;
  }

  /** The options of the file system, separated by commas. */
  public String superOptions() {
    return superOptions;
  }

  /** Whether the file system has this option. */
  public boolean hasSuperOption(String option) {
    return ("," + superOptions + ",").contains("," + option + ",");
  }
}
