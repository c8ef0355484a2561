package io.hardway.spi.spec;

import io.hardway.spi.Limit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a container may use; config-linux.md, "Control groups".
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class Resources {
  private final List<DeviceRule> devices;
  private final MemoryResources memory;
  private final CpuResources cpu;
  private final Optional<Limit> pids;
  private final BlockIoResources blockIo;
  private final List<HugepageLimit> hugepageLimits;
  private final OptionalLong networkClassId;
  private final Map<String, Long> networkPriorities;
  private final List<RdmaLimit> rdma;
  private final Map<String, String> unified;

  private Resources(Builder from) {
    this.devices = from.devices;
    this.memory = from.memory;
    this.cpu = from.cpu;
    this.pids = from.pids;
    this.blockIo = from.blockIo;
    this.hugepageLimits = from.hugepageLimits;
    this.networkClassId = from.networkClassId;
    this.networkPriorities = from.networkPriorities;
    this.rdma = from.rdma;
    this.unified = from.unified;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.devices = devices;
    copy.memory = memory;
    copy.cpu = cpu;
    copy.pids = pids;
    copy.blockIo = blockIo;
    copy.hugepageLimits = hugepageLimits;
    copy.networkClassId = networkClassId;
    copy.networkPriorities = networkPriorities;
    copy.rdma = rdma;
    copy.unified = unified;
    return copy;
  }

  /** Device access, in this order. */
  public List<DeviceRule> devices() {
    return devices;
  }

  /** Memory. */
  public MemoryResources memory() {
    return memory;
  }

  /** Processor time. */
  public CpuResources cpu() {
    return cpu;
  }

  /** How many tasks it may hold. */
  public Optional<Limit> pids() {
    return pids;
  }

  /** Block devices. */
  public BlockIoResources blockIo() {
    return blockIo;
  }

  /** Huge pages by page size. */
  public List<HugepageLimit> hugepageLimits() {
    return hugepageLimits;
  }

  /** Net_cls class id of its packets. */
  public OptionalLong networkClassId() {
    return networkClassId;
  }

  /** Net_prio priorities by interface name. */
  public Map<String, Long> networkPriorities() {
    return networkPriorities;
  }

  /** RDMA handles and objects by device. */
  public List<RdmaLimit> rdma() {
    return rdma;
  }

  /** Cgroup v2 files and what is written to them. */
  public Map<String, String> unified() {
    return unified;
  }

  /** Collects the values of a {@link Resources}. */
  public static final class Builder {
    private List<DeviceRule> devices = List.of();
    private MemoryResources memory = MemoryResources.builder().build();
    private CpuResources cpu = CpuResources.builder().build();
    private Optional<Limit> pids = Optional.empty();
    private BlockIoResources blockIo = BlockIoResources.builder().build();
    private List<HugepageLimit> hugepageLimits = List.of();
    private OptionalLong networkClassId = OptionalLong.empty();
    private Map<String, Long> networkPriorities = Map.of();
    private List<RdmaLimit> rdma = List.of();
    private Map<String, String> unified = Map.of();

    private Builder() {}

    /** Sets {@link Resources#devices()}. */
    public Builder devices(List<DeviceRule> value) {
      devices = List.copyOf(value);
      return this;
    }

    /** Sets {@link Resources#memory()}. */
    public Builder memory(MemoryResources value) {
      memory = value;
      return this;
    }

    /** Sets {@link Resources#cpu()}. */
    public Builder cpu(CpuResources value) {
      cpu = value;
      return this;
    }

    /** Sets {@link Resources#pids()}. */
    public Builder pids(Limit value) {
      pids = Optional.of(value);
      return this;
    }

    /** Sets {@link Resources#blockIo()}. */
    public Builder blockIo(BlockIoResources value) {
      blockIo = value;
      return this;
    }

    /** Sets {@link Resources#hugepageLimits()}. */
    public Builder hugepageLimits(List<HugepageLimit> value) {
      hugepageLimits = List.copyOf(value);
      return this;
    }

    /** Sets {@link Resources#networkClassId()}. */
    public Builder networkClassId(long value) {
      networkClassId = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link Resources#networkPriorities()}. */
    public Builder networkPriorities(Map<String, Long> value) {
      networkPriorities = Collections.unmodifiableMap(new LinkedHashMap<>(value));
      return this;
    }

    /** Sets {@link Resources#rdma()}. */
    public Builder rdma(List<RdmaLimit> value) {
      rdma = List.copyOf(value);
      return this;
    }

    /** Sets {@link Resources#unified()}. */
    public Builder unified(Map<String, String> value) {
      unified = Collections.unmodifiableMap(new LinkedHashMap<>(value));
      return this;
    }

    /** Makes the value. */
    public Resources build() {
      return new Resources(this);
    }
  }
}
