package io.hardway.spi;

/**
 * A part of the host's tree that appears at another place.
 *
 * @since 0.1
 */
public final class BindMount {
  private final FdSlot sourceDescriptor;
  private final Text source;
  private final Location target;
  private final Depth depth;
  private final Depth attributeDepth;
  private final long set;
  private final long clear;
  private final long propagation;
  private final FdSlot userNamespace;
  private final boolean detached;
  private final MountPointKind create;

  private BindMount(Builder from) {
    this.sourceDescriptor = from.sourceDescriptor;
    this.source = from.source;
    this.target = from.target;
    this.depth = from.depth;
    this.attributeDepth = from.attributeDepth;
    this.set = from.set;
    this.clear = from.clear;
    this.propagation = from.propagation;
    this.userNamespace = from.userNamespace;
    this.detached = from.detached;
    this.create = from.create;
  }

  /** Binds a path of the host. */
  public static Builder of(Text source, Location target) {
    return new Builder(FdSlot.NONE, source, target);
  }

  /** Binds what a descriptor stands for; the text names it for people. */
  public static Builder of(FdSlot source, Text name, Location target) {
    return new Builder(source, name, target);
  }

  /** The open source, or none. */
  public FdSlot sourceDescriptor() {
    return sourceDescriptor;
  }

  /** The source's path, or its name where it is open. */
  public Text source() {
    return source;
  }

  /** Where it appears. */
  public Location target() {
    return target;
  }

  /** Whether what is mounted below the source comes along. */
  public Depth depth() {
    return depth;
  }

  /**
   * Whether attributes and propagation are for all mounts that come along, or for the topmost only.
   */
  public Depth attributeDepth() {
    return attributeDepth;
  }

  /** Mount attributes to set, MOUNT_ATTR_*. */
  public long set() {
    return set;
  }

  /** Mount attributes to clear, MOUNT_ATTR_*. */
  public long clear() {
    return clear;
  }

  /** MS_PRIVATE, MS_SLAVE, MS_SHARED or MS_UNBINDABLE; 0 leaves it. */
  public long propagation() {
    return propagation;
  }

  /** The user namespace of an idmapped mount, or none. */
  public FdSlot userNamespace() {
    return userNamespace;
  }

  /** Whether the descriptor is a mount that is nowhere yet, and is attached itself. */
  public boolean isDetached() {
    return detached;
  }

  /** What is made where the target is missing. */
  public MountPointKind create() {
    return create;
  }

  /**
   * Collects the values of a {@link BindMount}.
   *
   * @since 0.1
   */
  public static final class Builder {
    private final FdSlot sourceDescriptor;
    private final Text source;
    private final Location target;
    private Depth depth = Depth.SINGLE;
    private Depth attributeDepth = Depth.RECURSIVE;
    private long set;
    private long clear;
    private long propagation;
    private FdSlot userNamespace = FdSlot.NONE;
    private boolean detached;
    private MountPointKind create = MountPointKind.LIKE_SOURCE;

    private Builder(FdSlot sourceDescriptor, Text source, Location target) {
      this.sourceDescriptor = sourceDescriptor;
      this.source = source;
      this.target = target;
    }

    /** Sets {@link BindMount#depth()}; single by default. */
    public Builder depth(Depth value) {
      depth = value;
      return this;
    }

    /** Sets {@link BindMount#attributeDepth()}; all by default. */
    public Builder attributeDepth(Depth value) {
      attributeDepth = value;
      return this;
    }

    /** Sets {@link BindMount#set()} and {@link BindMount#clear()}. */
    public Builder attributes(long toSet, long toClear) {
      set = toSet;
      clear = toClear;
      return this;
    }

    /** Sets {@link BindMount#propagation()}. */
    public Builder propagation(long value) {
      propagation = value;
      return this;
    }

    /** Sets {@link BindMount#userNamespace()}. */
    public Builder userNamespace(FdSlot value) {
      userNamespace = value;
      return this;
    }

    /** Sets {@link BindMount#isDetached()}; not by default: a copy of the mount is attached. */
    public Builder detached(boolean value) {
      detached = value;
      return this;
    }

    /** Sets {@link BindMount#create()}; like the source by default. */
    public Builder create(MountPointKind value) {
      create = value;
      return this;
    }

    /** Makes the value. */
    public BindMount build() {
      return new BindMount(this);
    }
  }
}
