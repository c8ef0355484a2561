package io.hardway.spi.spec;

import io.hardway.spi.Limit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a container may use; config-linux.md, "Control groups".
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class Resources {
  private static final String UNIFIED = "unified/";
  private static final String DEVICES = "devices";
  private static final String MEMORY = "memory";
  private static final String CPU = "cpu";
  private static final String CPUSET = "cpuset";
  private static final String PIDS = "pids";
  private static final String IO = "io";
  private static final String HUGETLB = "hugetlb";
  private static final String NET_CLS = "net_cls";
  private static final String NET_PRIO = "net_prio";
  private static final String RDMA = "rdma";

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

  /**
   * The controllers that give what is asked for, by their names in cgroup-v2.rst or, where only
   * version 1 has them, there: {@code devices}, {@code memory}, {@code cpu}, {@code cpuset}, {@code
   * pids}, {@code io} (version 1 calls it blkio), {@code hugetlb}, {@code net_cls}, {@code
   * net_prio}, {@code rdma}; and for {@link #unified()} {@code unified/memory} and the like.
   */
  public Set<String> controllers() {
    Set<String> controllers = new LinkedHashSet<>();
    add(controllers, DEVICES, !devices.isEmpty());
    add(controllers, MEMORY, !memory.isEmpty());
    add(controllers, CPU, cpu.hasTime());
    add(controllers, CPUSET, cpu.hasCpuset());
    add(controllers, PIDS, pids.isPresent());
    add(controllers, IO, !blockIo.isEmpty());
    add(controllers, HUGETLB, !hugepageLimits.isEmpty());
    add(controllers, NET_CLS, networkClassId.isPresent());
    add(controllers, NET_PRIO, !networkPriorities.isEmpty());
    add(controllers, RDMA, !rdma.isEmpty());
    for (String file : unified.keySet()) {
      controllers.add(unifiedController(file));
    }
    return controllers;
  }

  private static void add(Set<String> controllers, String name, boolean isAskedFor) {
    if (isAskedFor) {
      controllers.add(name);
    }
  }

  private static String unifiedController(String file) {
    int dot = file.indexOf('.');
    return UNIFIED + (dot < 0 ? file : file.substring(0, dot));
  }

  /**
   * Of what is asked for, only what these controllers give.
   *
   * @param controllers which of {@link #controllers()}
   */
  public Resources only(Predicate<String> controllers) {
    Builder kept = new Builder();
    kept.devices = controllers.test(DEVICES) ? devices : kept.devices;
    kept.memory = controllers.test(MEMORY) ? memory : kept.memory;
    kept.cpu = cpu.only(controllers.test(CPU), controllers.test(CPUSET));
    kept.pids = controllers.test(PIDS) ? pids : kept.pids;
    kept.blockIo = controllers.test(IO) ? blockIo : kept.blockIo;
    kept.hugepageLimits = controllers.test(HUGETLB) ? hugepageLimits : kept.hugepageLimits;
    kept.networkClassId = controllers.test(NET_CLS) ? networkClassId : kept.networkClassId;
    kept.networkPriorities = controllers.test(NET_PRIO) ? networkPriorities : Map.of();
    kept.rdma = controllers.test(RDMA) ? rdma : kept.rdma;
    Map<String, String> files = new LinkedHashMap<>();
    for (Map.Entry<String, String> file : unified.entrySet()) {
      if (controllers.test(unifiedController(file.getKey()))) {
        files.put(file.getKey(), file.getValue());
      }
    }
    return kept.unified(files).build();
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
