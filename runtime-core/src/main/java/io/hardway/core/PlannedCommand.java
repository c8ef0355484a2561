package io.hardway.core;

import io.hardway.spi.Container;
import io.hardway.spi.plan.Plan;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a command will do: the plan, and the plans it stores on its way, which undo it. */
public final class PlannedCommand {
  private final Plan plan;
  private final Map<Path, Plan> stored;
  private final Optional<Container> container;

  /** A plan that stores no others, and is about no container. */
  public static PlannedCommand of(Plan plan) {
    return new PlannedCommand(plan, Map.of());
  }

  PlannedCommand(Plan plan, Map<Path, Plan> stored) {
    this(plan, stored, Optional.empty());
  }

  PlannedCommand(Plan plan, Map<Path, Plan> stored, Optional<Container> container) {
    this.plan = plan;
    this.container = container;
    this.stored = Collections.unmodifiableMap(new LinkedHashMap<>(stored));
  }

  /** What is performed. */
  public Plan plan() {
    return plan;
  }

  /** The container it is about, where it is about one. */
  public Optional<Container> container() {
    return container;
  }

  /** The last content of each plan that is stored, by the path it is stored at. */
  public Map<Path, Plan> stored() {
    return stored;
  }
}
