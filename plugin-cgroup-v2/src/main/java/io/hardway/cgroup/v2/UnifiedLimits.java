package io.hardway.cgroup.v2;

import io.hardway.spi.PlanningException;
import io.hardway.spi.spec.Resources;
import java.util.Map;

/**
 * Files of a group written as they are named; config-linux.md, "Unified". They come last, so that
 * they win over what other limits say.
 */
final class UnifiedLimits implements Controller {

  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    for (Map.Entry<String, String> entry : wanted.unified().entrySet()) {
      String file = entry.getKey();
      String controller = controller(file);
      if (controller.equals("cgroup")) {
        throw new PlanningException(
            "unified limit " + file + " is no limit: it says how the group itself is run",
            "leave it out");
      }
      limits.write(controller, file, entry.getValue(), "write " + entry.getValue() + " to " + file);
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
