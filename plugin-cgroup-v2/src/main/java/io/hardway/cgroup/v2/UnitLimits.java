package io.hardway.cgroup.v2;

import io.hardway.linux.cgroup.IndexList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What systemd has to know of the limits that are in the files of a scope's group: it writes to
 * those files by itself, at the latest when it is reloaded, and would write its defaults;
 * systemd.resource-control(5). What it has no property for it leaves alone.
 */
final class UnitLimits {
  private static final String UNLIMITED = Long.toUnsignedString(-1);
  private static final long SECOND_MICROS = 1_000_000;

  /** It keeps percents, in which a quota must not become less. */
  private static final long PERCENT_MICROS = SECOND_MICROS / 100;

  private static final Map<String, String> NUMBERS =
      Map.of(
          "memory.max", "MemoryMax",
          "memory.high", "MemoryHigh",
          "memory.low", "MemoryLow",
          "memory.min", "MemoryMin",
          "memory.swap.max", "MemorySwapMax",
          "cpu.weight", "CPUWeight",
          "pids.max", "TasksMax");

  private final Map<String, List<String>> properties = new LinkedHashMap<>();

  /** Notes what is written to a file of the group. */
  void wrote(String file, String value) {
    String number = NUMBERS.get(file);
    if (number != null) {
      set(number, "t", number(value));
    } else if (file.equals("cpu.max")) {
      bandwidth(value.split(" "));
    } else if (file.equals("cpu.idle") && value.equals("1")) {
      set("CPUWeight", "t", "0");
    } else if (file.equals("cpuset.cpus")) {
      list("AllowedCPUs", value);
    } else if (file.equals("cpuset.mems")) {
      list("AllowedMemoryNodes", value);
    } else if (file.equals("io.weight") && value.indexOf(' ') < 0) {
      set("IOWeight", "t", value);
    }
  }

  private static String number(String value) {
    return value.equals("max") ? UNLIMITED : value;
  }

  private void bandwidth(String[] quotaAndPeriod) {
    String quota = number(quotaAndPeriod[0]);
    long period = Long.parseLong(quotaAndPeriod[1]);
    if (!quota.equals(UNLIMITED)) {
      double share = (double) Long.parseLong(quota) / period;
      quota =
          Long.toString((long) Math.ceil(share * SECOND_MICROS / PERCENT_MICROS) * PERCENT_MICROS);
    }
    set("CPUQuotaPerSecUSec", "t", quota);
    set("CPUQuotaPeriodUSec", "t", Long.toString(period));
  }

  private void list(String property, String value) {
    List<String> words = new ArrayList<>(List.of("ay"));
    byte[] bits = IndexList.bits(value);
    words.add(Integer.toString(bits.length));
    for (byte bit : bits) {
      words.add(Integer.toString(Byte.toUnsignedInt(bit)));
    }
    properties.put(property, words);
  }

  /** Sets one, unless it is known from a file. */
  void otherwise(String property, String type, String value) {
    properties.putIfAbsent(property, List.of(type, value));
  }

  private void set(String property, String type, String value) {
    properties.put(property, List.of(type, value));
  }

  boolean isEmpty() {
    return properties.isEmpty();
  }

  /** How many there are. */
  int count() {
    return properties.size();
  }

  /** As busctl(1) takes them: each its name, its type and its value. */
  List<String> words() {
    List<String> words = new ArrayList<>();
    for (Map.Entry<String, List<String>> property : properties.entrySet()) {
      words.add(property.getKey());
      words.addAll(property.getValue());
    }
    return words;
  }
}
