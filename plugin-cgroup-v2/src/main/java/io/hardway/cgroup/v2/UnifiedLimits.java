package io.hardway.cgroup.v2;

import io.hardway.spi.PlanningException;
import io.hardway.spi.spec.Resources;
import java.util.List;
import java.util.Map;

/**
 * Files of a group written as they are named; config-linux.md, "Unified". They come last, so that
 * they win over what other limits say.
 */
final class UnifiedLimits implements Controller {
  private static final String CORE = "cgroup";
  private static final String PARTITION = "cpuset.cpus.partition";

  /** The rest of the core's files say how the group itself is run. */
  private static final List<String> CORE_LIMITS =
      List.of("cgroup.max.depth", "cgroup.max.descendants", "cgroup.pressure");

  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    for (Map.Entry<String, String> entry : wanted.unified().entrySet()) {
      requireLimit(entry.getKey(), entry.getValue());
      if (!entry.getKey().equals(PARTITION)) {
        write(entry.getKey(), entry.getValue(), limits);
      }
    }
    // It is one by the processors it has by then, and a map has no order.
    String partition = wanted.unified().get(PARTITION);
    if (partition != null) {
      partition(partition.strip(), limits);
    }
  }

  private static void requireLimit(String file, String value) {
    boolean isCore = controller(file).equals(CORE);
    if (value.isBlank()) {
      throw new PlanningException(
          "unified limit " + file + " has no value", "give one, or leave it out");
    }
    if (isCore && !CORE_LIMITS.contains(file)) {
      throw new PlanningException(
          "unified limit " + file + " is no limit: it says how the group itself is run",
          "leave it out");
    }
    if (!isCore && file.endsWith(".pressure")) {
      throw new PlanningException(
          "unified limit " + file + " is no limit: what is written to it lasts while it is open",
          "leave it out");
    }
  }

  /** The kernel takes one line a write: one device, or one resource. */
  private static void write(String file, String value, LimitWriter limits) {
    String controller = controller(file);
    for (String line : value.split("\n")) {
      String wanted = line.strip();
      String label = "write " + wanted + " to " + file;
      if (wanted.isEmpty()) {
        continue;
      }
      if (controller.equals(CORE)) {
        limits.write(file, wanted, label);
      } else {
        limits.write(controller, file, wanted, label);
      }
    }
  }

  /** The kernel takes what it cannot give, and says so when it is read. */
  private static void partition(String kind, LimitWriter limits) {
    write(PARTITION, kind, limits);
    if (!kind.equals("member")) {
      limits
          .requireContent(PARTITION, kind, "see that it is a partition")
          .hint(
              "a partition needs processors of its own (cpuset.cpus), and a group above that is one"
                  + " too: give that some, and write root to its "
                  + PARTITION);
    }
  }

  /** The controller whose file this is. */
  static String controller(String file) {
    int dot = file.indexOf('.');
    if (file.indexOf('/') >= 0 || dot < 1) {
      throw new PlanningException(
          "unified limit " + file + " is no file of a cgroup", "write it like memory.high");
    }
    return file.substring(0, dot);
  }
}
