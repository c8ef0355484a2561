package io.hardway.core;

import io.hardway.spi.ControlGroup;
import io.hardway.spi.Host;
import io.hardway.spi.ResourceController;
import io.hardway.spi.Usage;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/** The control groups of containers, read directly; what was made without one has none. */
final class ControlGroups {
  private final Directories directories;
  private final Host host;
  private final Plugins plugins;

  @Inject
  ControlGroups(Directories directories, Host host, Plugins plugins) {
    this.directories = directories;
    this.host = host;
    this.plugins = plugins;
  }

  /** Where a container's group is, as its resource plugin says. */
  ControlGroup of(ResourceController controller, ContainerConfig config) {
    return controller.group(
        StartPlanner.resourceRequest(
            host, StartPlanner.container(directories, config.id()), config));
  }

  /** What a container has used; empty where it has no control group. */
  Optional<Usage> usage(ContainerConfig config) {
    if (config.resources().isEmpty()) {
      return Optional.empty();
    }
    ResourceController controller = plugins.resources(config.resources());
    return Optional.of(controller.usage(of(controller, config)));
  }

  /** The pids of a container's processes on the host; empty where it has no control group. */
  List<Long> processes(ContainerConfig config) {
    if (config.resources().isEmpty()) {
      return List.of();
    }
    ResourceController controller = plugins.resources(config.resources());
    return controller.processes(of(controller, config));
  }

  /** Whether the processes of a container stand still. */
  boolean isFrozen(ContainerConfig config) {
    if (config.resources().isEmpty()) {
      return false;
    }
    ResourceController controller = plugins.resources(config.resources());
    return controller.isFrozen(of(controller, config));
  }
}
