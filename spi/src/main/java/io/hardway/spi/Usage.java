package io.hardway.spi;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a container has used and may use. What the kernel or a controller does not tell is absent.
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class Usage {
  private final CpuUsage cpu;
  private final MemoryUsage memory;
  private final OptionalLong pids;
  private final Optional<Limit> pidsLimit;
  private final OptionalLong pidsLimitHits;
  private final List<BlockDeviceUsage> blockDevices;
  private final List<HugepageUsage> hugepages;
  private final Optional<Pressure> cpuPressure;
  private final Optional<Pressure> memoryPressure;
  private final Optional<Pressure> ioPressure;

  private Usage(Builder from) {
    this.cpu = from.cpu;
    this.memory = from.memory;
    this.pids = from.pids;
    this.pidsLimit = from.pidsLimit;
    this.pidsLimitHits = from.pidsLimitHits;
    this.blockDevices = from.blockDevices;
    this.hugepages = from.hugepages;
    this.cpuPressure = from.cpuPressure;
    this.memoryPressure = from.memoryPressure;
    this.ioPressure = from.ioPressure;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.cpu = cpu;
    copy.memory = memory;
    copy.pids = pids;
    copy.pidsLimit = pidsLimit;
    copy.pidsLimitHits = pidsLimitHits;
    copy.blockDevices = blockDevices;
    copy.hugepages = hugepages;
    copy.cpuPressure = cpuPressure;
    copy.memoryPressure = memoryPressure;
    copy.ioPressure = ioPressure;
    return copy;
  }

  /** Processor time. */
  public CpuUsage cpu() {
    return cpu;
  }

  /** Memory. */
  public MemoryUsage memory() {
    return memory;
  }

  /** Tasks it holds; threads count. */
  public OptionalLong pids() {
    return pids;
  }

  /** The limit of tasks. */
  public Optional<Limit> pidsLimit() {
    return pidsLimit;
  }

  /** How often a task was refused for that limit. */
  public OptionalLong pidsLimitHits() {
    return pidsLimitHits;
  }

  /** What went to and came from block devices; a device that was never used may be left out. */
  public List<BlockDeviceUsage> blockDevices() {
    return blockDevices;
  }

  /** Huge pages, by their size. */
  public List<HugepageUsage> hugepages() {
    return hugepages;
  }

  /** How long tasks waited for a processor. */
  public Optional<Pressure> cpuPressure() {
    return cpuPressure;
  }

  /** How long tasks waited for memory. */
  public Optional<Pressure> memoryPressure() {
    return memoryPressure;
  }

  /** How long tasks waited for input and output. */
  public Optional<Pressure> ioPressure() {
    return ioPressure;
  }

  /** These figures, and those of another part of the same group where this one has none. */
  public Usage orElse(Usage other) {
    Builder both = toBuilder();
    both.cpu = cpu.nanos().isPresent() ? cpu : other.cpu;
    both.memory = memory.bytes().isPresent() ? memory : other.memory;
    if (pids.isEmpty()) {
      both.pids = other.pids;
      both.pidsLimit = other.pidsLimit;
      both.pidsLimitHits = other.pidsLimitHits;
    }
    both.blockDevices = blockDevices.isEmpty() ? other.blockDevices : blockDevices;
    both.hugepages = hugepages.isEmpty() ? other.hugepages : hugepages;
    both.cpuPressure = cpuPressure.or(() -> other.cpuPressure);
    both.memoryPressure = memoryPressure.or(() -> other.memoryPressure);
    both.ioPressure = ioPressure.or(() -> other.ioPressure);
    return both.build();
  }

  /** Collects the values of a {@link Usage}. */
  public static final class Builder {
    private CpuUsage cpu = CpuUsage.builder().build();
    private MemoryUsage memory = MemoryUsage.builder().build();
    private OptionalLong pids = OptionalLong.empty();
    private Optional<Limit> pidsLimit = Optional.empty();
    private OptionalLong pidsLimitHits = OptionalLong.empty();
    private List<BlockDeviceUsage> blockDevices = List.of();
    private List<HugepageUsage> hugepages = List.of();
    private Optional<Pressure> cpuPressure = Optional.empty();
    private Optional<Pressure> memoryPressure = Optional.empty();
    private Optional<Pressure> ioPressure = Optional.empty();

    private Builder() {}

    /** Sets {@link Usage#cpu()}. */
    public Builder cpu(CpuUsage value) {
      cpu = Objects.requireNonNull(value, "cpu");
      return this;
    }

    /** Sets {@link Usage#memory()}. */
    public Builder memory(MemoryUsage value) {
      memory = Objects.requireNonNull(value, "memory");
      return this;
    }

    /** Sets {@link Usage#pids()}. */
    public Builder pids(long value) {
      pids = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link Usage#pidsLimit()}. */
    public Builder pidsLimit(Limit value) {
      pidsLimit = Optional.of(value);
      return this;
    }

    /** Sets {@link Usage#pidsLimitHits()}. */
    public Builder pidsLimitHits(long value) {
      pidsLimitHits = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link Usage#blockDevices()}. */
    public Builder blockDevices(List<BlockDeviceUsage> value) {
      blockDevices = List.copyOf(value);
      return this;
    }

    /** Sets {@link Usage#hugepages()}. */
    public Builder hugepages(List<HugepageUsage> value) {
      hugepages = List.copyOf(value);
      return this;
    }

    /** Sets {@link Usage#cpuPressure()}. */
    public Builder cpuPressure(Pressure value) {
      cpuPressure = Optional.of(value);
      return this;
    }

    /** Sets {@link Usage#memoryPressure()}. */
    public Builder memoryPressure(Pressure value) {
      memoryPressure = Optional.of(value);
      return this;
    }

    /** Sets {@link Usage#ioPressure()}. */
    public Builder ioPressure(Pressure value) {
      ioPressure = Optional.of(value);
      return this;
    }

    /** Makes the value. */
    public Usage build() {
      return new Usage(this);
    }
  }
}
