package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.value.GroupSetting;
import io.hardway.cli.value.HugetlbFlag;
import io.hardway.cli.value.InterfacePriority;
import io.hardway.cli.value.KeyValue;
import io.hardway.cli.value.NetworkClass;
import io.hardway.cli.value.RdmaFlag;
import io.hardway.cli.value.WholeNumber;
import io.hardway.spi.Limit;
import io.hardway.spi.spec.HugepageLimit;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.RdmaLimit;
import io.hardway.spi.spec.Resources;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The limits that the flags ask for. */
final class LimitFlags {
  /** The flags. */
  static final String[] NAMES = {
    "blkio-weight",
    "blkio-weight-device",
    "cgroup-conf",
    "cpu-burst",
    "cpu-idle",
    "cpu-period",
    "cpu-quota",
    "cpu-rt-period",
    "cpu-rt-runtime",
    "cpu-shares",
    "cpus",
    "cpuset-cpus",
    "cpuset-mems",
    "device-read-bps",
    "device-read-iops",
    "device-write-bps",
    "device-write-iops",
    "hugetlb",
    "kernel-memory-tcp",
    "memory",
    "memory-reservation",
    "memory-swap",
    "memory-swappiness",
    "net-cls",
    "net-prio",
    "oom-kill-disable",
    "pids-limit",
    "rdma"
  };

  private static final String[] OF_BLOCK_DEVICES = {
    "blkio-weight",
    "blkio-weight-device",
    "device-read-bps",
    "device-read-iops",
    "device-write-bps",
    "device-write-iops"
  };

  private LimitFlags() {}

  /** What is asked of a new container; the rest is absent. */
  static Resources read(Arguments arguments) {
    return read(arguments, MemoryResources.builder().build());
  }

  /** What is asked to be changed of a container with these limits; the rest is absent. */
  static Resources readChanges(Arguments arguments, Resources before) {
    return read(arguments, before.memory());
  }

  private static Resources read(Arguments arguments, MemoryResources memoryBefore) {
    Resources.Builder resources = Resources.builder();
    resources.memory(MemoryFlags.read(arguments, memoryBefore)).cpu(CpuFlags.read(arguments));
    arguments
        .value("pids-limit", WholeNumber::parse)
        .ifPresent(value -> resources.pids(value <= 0 ? Limit.unlimited() : Limit.of(value)));
    // What most containers do not ask for is not loaded at their start.
    if (isAny(arguments, OF_BLOCK_DEVICES)) {
      resources.blockIo(BlockIoFlags.read(arguments));
    }
    if (arguments.has("hugetlb")) {
      resources.hugepageLimits(hugepages(arguments));
    }
    if (arguments.has("rdma")) {
      resources.rdma(rdma(arguments));
    }
    if (arguments.has("net-cls")) {
      arguments.value("net-cls", NetworkClass::parse).ifPresent(resources::networkClassId);
    }
    if (arguments.has("net-prio")) {
      Map<String, Long> priorities = new LinkedHashMap<>();
      for (InterfacePriority one : arguments.values("net-prio", InterfacePriority::parse)) {
        priorities.put(one.name(), one.priority());
      }
      resources.networkPriorities(priorities);
    }
    if (arguments.has("cgroup-conf")) {
      resources.unified(KeyValue.map(arguments.values("cgroup-conf", GroupSetting::parse)));
    }
    return resources.build();
  }

  /** Of two limits of the same size of page, the later counts. */
  private static List<HugepageLimit> hugepages(Arguments arguments) {
    Map<String, HugepageLimit> limits = new LinkedHashMap<>();
    for (HugepageLimit limit : arguments.values("hugetlb", HugetlbFlag::parse)) {
      limits.put(limit.pageSize(), limit);
    }
    return List.copyOf(limits.values());
  }

  private static List<RdmaLimit> rdma(Arguments arguments) {
    Map<String, RdmaLimit> limits = new LinkedHashMap<>();
    for (RdmaLimit limit : arguments.values("rdma", RdmaFlag::parse)) {
      limits.put(limit.device(), limit);
    }
    return List.copyOf(limits.values());
  }

  /** Whether any limit is asked for. */
  static boolean isAny(Arguments arguments) {
    return isAny(arguments, NAMES);
  }

  private static boolean isAny(Arguments arguments, String[] names) {
    for (String name : names) {
      if (arguments.has(name)) {
        return true;
      }
    }
    return false;
  }
}
