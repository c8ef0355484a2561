package io.hardway.core;

import io.hardway.spi.plan.Plan;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a command will do: the plan, and the plans it stores on its way, which undo it. */
public final class PlannedCommand {
  private final Plan plan;
  private final Map<Path, Plan> stored;

  PlannedCommand(Plan plan, Map<Path, Plan> stored) {
    this.plan = plan;
    this.stored = Collections.unmodifiableMap(new LinkedHashMap<>(stored));
  }

  /** What is performed. */
  public Plan plan() {
    return plan;
  }

  /** The last content of each plan that is stored, by the path it is stored at. */
  public Map<Path, Plan> stored() {
    return stored;
  }
}
