package io.hardway.spi;

import io.hardway.spi.spec.Resources;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a resource controller is asked for: a control group with limits.
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class ResourceRequest {
  private final Host host;
  private final Container container;
  private final Resources resources;
  private final Optional<String> cgroupsPath;
  private final boolean supplementary;
  private final boolean bySystemd;
  private final OptionalLong ownerUid;
  private final OptionalLong ownerGid;

  private ResourceRequest(Builder from) {
    this.host = Objects.requireNonNull(from.host, "host");
    this.container = Objects.requireNonNull(from.container, "container");
    this.resources = Objects.requireNonNull(from.resources, "resources");
    this.cgroupsPath = from.cgroupsPath;
    this.supplementary = from.supplementary;
    this.bySystemd = from.bySystemd;
    this.ownerUid = from.ownerUid;
    this.ownerGid = from.ownerGid;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.host = host;
    copy.container = container;
    copy.resources = resources;
    copy.cgroupsPath = cgroupsPath;
    copy.supplementary = supplementary;
    copy.bySystemd = bySystemd;
    copy.ownerUid = ownerUid;
    copy.ownerGid = ownerGid;
    return copy;
  }

  /** The host. */
  public Host host() {
    return host;
  }

  /** The container. */
  public Container container() {
    return container;
  }

  /** The limits. */
  public Resources resources() {
    return resources;
  }

  /**
   * Where the group is; config-linux.md, "Cgroups Path". An absolute path is one from the root of
   * the hierarchy, as it is mounted; a relative one is below the group {@code hardway}, which is
   * below the uppermost group that is ours to write to. Absent: the container's id there.
   */
  public Optional<String> cgroupsPath() {
    return cgroupsPath;
  }

  /**
   * Whether another plugin has made a group for the container already, with which this one shares
   * the work: only hierarchies are used whose controllers {@link #resources()} asks for. Freezing
   * and counting processes is left to the other.
   */
  public boolean supplementary() {
    return supplementary;
  }

  /**
   * Whether systemd is to make the group, as that of a scope that {@link #cgroupsPath()} names:
   * {@code SLICE:PREFIX:NAME}.
   */
  public boolean bySystemd() {
    return bySystemd;
  }

  /**
   * The user of the host that the group is to belong to, where the container may make groups below
   * its own and its root is another than ours; config-linux.md, "Cgroup ownership". Of version 1
   * nothing is given away.
   */
  public OptionalLong ownerUid() {
    return ownerUid;
  }

  /** The group of the host that it is to belong to, likewise. */
  public OptionalLong ownerGid() {
    return ownerGid;
  }

  /** Collects the values of a {@link ResourceRequest}. */
  public static final class Builder {
    private Host host;
    private Container container;
    private Resources resources;
    private Optional<String> cgroupsPath = Optional.empty();
    private boolean supplementary = false;
    private boolean bySystemd = false;
    private OptionalLong ownerUid = OptionalLong.empty();
    private OptionalLong ownerGid = OptionalLong.empty();

    private Builder() {}

    /** Sets {@link ResourceRequest#host()}. */
    public Builder host(Host value) {
      host = value;
      return this;
    }

    /** Sets {@link ResourceRequest#container()}. */
    public Builder container(Container value) {
      container = value;
      return this;
    }

    /** Sets {@link ResourceRequest#resources()}. */
    public Builder resources(Resources value) {
      resources = value;
      return this;
    }

    /** Sets {@link ResourceRequest#cgroupsPath()}. */
    public Builder cgroupsPath(String value) {
      cgroupsPath = Optional.of(value);
      return this;
    }

    /** Sets {@link ResourceRequest#supplementary()}. */
    public Builder supplementary(boolean value) {
      supplementary = value;
      return this;
    }

    /** Sets {@link ResourceRequest#bySystemd()}. */
    public Builder bySystemd(boolean value) {
      bySystemd = value;
      return this;
    }

    /** Sets {@link ResourceRequest#ownerUid()}. */
    public Builder ownerUid(long value) {
      ownerUid = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link ResourceRequest#ownerGid()}. */
    public Builder ownerGid(long value) {
      ownerGid = OptionalLong.of(value);
      return this;
    }

    /** Makes the value. */
    public ResourceRequest build() {
      return new ResourceRequest(this);
    }
  }
}
