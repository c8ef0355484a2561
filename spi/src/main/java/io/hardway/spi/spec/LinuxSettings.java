package io.hardway.spi.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of a container that only Linux has; config-linux.md.
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class LinuxSettings {
  private final List<Namespace> namespaces;
  private final List<IdMapping> uidMappings;
  private final List<IdMapping> gidMappings;
  private final Map<String, TimeOffset> timeOffsets;
  private final List<Device> devices;
  private final Map<String, String> netDevices;
  private final Optional<String> cgroupsPath;
  private final Resources resources;
  private final Optional<String> rootfsPropagation;
  private final Optional<Seccomp> seccomp;
  private final Map<String, String> sysctl;
  private final List<String> maskedPaths;
  private final List<String> readonlyPaths;
  private final Optional<String> mountLabel;
  private final Optional<String> personality;
  private final Optional<MemoryPolicy> memoryPolicy;

  private LinuxSettings(Builder from) {
    this.namespaces = from.namespaces;
    this.uidMappings = from.uidMappings;
    this.gidMappings = from.gidMappings;
    this.timeOffsets = from.timeOffsets;
    this.devices = from.devices;
    this.netDevices = from.netDevices;
    this.cgroupsPath = from.cgroupsPath;
    this.resources = from.resources;
    this.rootfsPropagation = from.rootfsPropagation;
    this.seccomp = from.seccomp;
    this.sysctl = from.sysctl;
    this.maskedPaths = from.maskedPaths;
    this.readonlyPaths = from.readonlyPaths;
    this.mountLabel = from.mountLabel;
    this.personality = from.personality;
    this.memoryPolicy = from.memoryPolicy;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.namespaces = namespaces;
    copy.uidMappings = uidMappings;
    copy.gidMappings = gidMappings;
    copy.timeOffsets = timeOffsets;
    copy.devices = devices;
    copy.netDevices = netDevices;
    copy.cgroupsPath = cgroupsPath;
    copy.resources = resources;
    copy.rootfsPropagation = rootfsPropagation;
    copy.seccomp = seccomp;
    copy.sysctl = sysctl;
    copy.maskedPaths = maskedPaths;
    copy.readonlyPaths = readonlyPaths;
    copy.mountLabel = mountLabel;
    copy.personality = personality;
    copy.memoryPolicy = memoryPolicy;
    return copy;
  }

  /** The namespaces it does not share with the host; config-linux.md, "Namespaces". */
  public List<Namespace> namespaces() {
    return namespaces;
  }

  /** The user ids of its user namespace; user_namespaces(7). */
  public List<IdMapping> uidMappings() {
    return uidMappings;
  }

  /** The group ids of its user namespace. */
  public List<IdMapping> gidMappings() {
    return gidMappings;
  }

  /**
   * The clocks of its time namespace by name ({@code monotonic}, {@code boottime});
   * time_namespaces(7).
   */
  public Map<String, TimeOffset> timeOffsets() {
    return timeOffsets;
  }

  /** Device nodes to make; config-linux.md, "Devices". */
  public List<Device> devices() {
    return devices;
  }

  /**
   * Network devices of the host that it is given, by name, with the name that each has inside,
   * which may be the same; config-linux.md, "Network Devices".
   */
  public Map<String, String> netDevices() {
    return netDevices;
  }

  /** Where in the cgroup hierarchy it lives; config-linux.md, "Cgroups Path". */
  public Optional<String> cgroupsPath() {
    return cgroupsPath;
  }

  /** What it may use; config-linux.md, "Control groups". */
  public Resources resources() {
    return resources;
  }

  /**
   * Mount propagation of the root: {@code private}, {@code slave}, {@code shared}, {@code
   * unbindable}; {@code r} before it means recursive.
   */
  public Optional<String> rootfsPropagation() {
    return rootfsPropagation;
  }

  /** The system call filter; absent: unconfined. */
  public Optional<Seccomp> seccomp() {
    return seccomp;
  }

  /** Kernel parameters by dotted name; sysctl(8). */
  public Map<String, String> sysctl() {
    return sysctl;
  }

  /** Paths inside that cannot be read. */
  public List<String> maskedPaths() {
    return maskedPaths;
  }

  /** Paths inside that cannot be written. */
  public List<String> readonlyPaths() {
    return readonlyPaths;
  }

  /** SELinux label of its mounts. */
  public Optional<String> mountLabel() {
    return mountLabel;
  }

  /** The execution domain, {@code LINUX} or {@code LINUX32}; config-linux.md, "Personality". */
  public Optional<String> personality() {
    return personality;
  }

  /** From which memory nodes it gets memory. */
  public Optional<MemoryPolicy> memoryPolicy() {
    return memoryPolicy;
  }

  /** Collects the values of a {@link LinuxSettings}. */
  public static final class Builder {
    private List<Namespace> namespaces = List.of();
    private List<IdMapping> uidMappings = List.of();
    private List<IdMapping> gidMappings = List.of();
    private Map<String, TimeOffset> timeOffsets = Map.of();
    private List<Device> devices = List.of();
    private Map<String, String> netDevices = Map.of();
    private Optional<String> cgroupsPath = Optional.empty();
    private Resources resources = Resources.builder().build();
    private Optional<String> rootfsPropagation = Optional.empty();
    private Optional<Seccomp> seccomp = Optional.empty();
    private Map<String, String> sysctl = Map.of();
    private List<String> maskedPaths = List.of();
    private List<String> readonlyPaths = List.of();
    private Optional<String> mountLabel = Optional.empty();
    private Optional<String> personality = Optional.empty();
    private Optional<MemoryPolicy> memoryPolicy = Optional.empty();

    private Builder() {}

    /** Sets {@link LinuxSettings#namespaces()}. */
    public Builder namespaces(List<Namespace> value) {
      namespaces = List.copyOf(value);
      return this;
    }

    /** Sets {@link LinuxSettings#uidMappings()}. */
    public Builder uidMappings(List<IdMapping> value) {
      uidMappings = List.copyOf(value);
      return this;
    }

    /** Sets {@link LinuxSettings#gidMappings()}. */
    public Builder gidMappings(List<IdMapping> value) {
      gidMappings = List.copyOf(value);
      return this;
    }

    /** Sets {@link LinuxSettings#timeOffsets()}. */
    public Builder timeOffsets(Map<String, TimeOffset> value) {
      timeOffsets = Collections.unmodifiableMap(new LinkedHashMap<>(value));
      return this;
    }

    /** Sets {@link LinuxSettings#devices()}. */
    public Builder devices(List<Device> value) {
      devices = List.copyOf(value);
      return this;
    }

    /** Sets {@link LinuxSettings#netDevices()}. */
    public Builder netDevices(Map<String, String> value) {
      netDevices = Collections.unmodifiableMap(new LinkedHashMap<>(value));
      return this;
    }

    /** Sets {@link LinuxSettings#cgroupsPath()}. */
    public Builder cgroupsPath(String value) {
      cgroupsPath = Optional.of(value);
      return this;
    }

    /** Sets {@link LinuxSettings#resources()}. */
    public Builder resources(Resources value) {
      resources = value;
      return this;
    }

    /** Sets {@link LinuxSettings#rootfsPropagation()}. */
    public Builder rootfsPropagation(String value) {
      rootfsPropagation = Optional.of(value);
      return this;
    }

    /** Sets {@link LinuxSettings#seccomp()}. */
    public Builder seccomp(Seccomp value) {
      seccomp = Optional.of(value);
      return this;
    }

    /** Sets {@link LinuxSettings#sysctl()}. */
    public Builder sysctl(Map<String, String> value) {
      sysctl = Collections.unmodifiableMap(new LinkedHashMap<>(value));
      return this;
    }

    /** Sets {@link LinuxSettings#maskedPaths()}. */
    public Builder maskedPaths(List<String> value) {
      maskedPaths = List.copyOf(value);
      return this;
    }

    /** Sets {@link LinuxSettings#readonlyPaths()}. */
    public Builder readonlyPaths(List<String> value) {
      readonlyPaths = List.copyOf(value);
      return this;
    }

    /** Sets {@link LinuxSettings#mountLabel()}. */
    public Builder mountLabel(String value) {
      mountLabel = Optional.of(value);
      return this;
    }

    /** Takes {@link LinuxSettings#mountLabel()} away. */
    public Builder noMountLabel() {
      mountLabel = Optional.empty();
      return this;
    }

    /** Sets {@link LinuxSettings#personality()}. */
    public Builder personality(String value) {
      personality = Optional.of(value);
      return this;
    }

    /** Sets {@link LinuxSettings#memoryPolicy()}. */
    public Builder memoryPolicy(MemoryPolicy value) {
      memoryPolicy = Optional.of(value);
      return this;
    }

    /** Makes the value. */
    public LinuxSettings build() {
      return new LinuxSettings(this);
    }
  }
}
