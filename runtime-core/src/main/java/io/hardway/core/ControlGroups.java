package io.hardway.core;

import io.hardway.core.json.JsonObject;
import io.hardway.spi.Host;
import io.hardway.spi.Usage;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** The group of a container that has one. */
  GroupParts of(ContainerConfig config) {
    return GroupParts.of(
        host,
        plugins,
        StartPlanner.container(directories, config.id()),
        config,
        places(config.id()));
  }

  /** Root's groups are where they are whoever asks: nothing is read for them. */
  private GroupPlaces places(String id) {
    Path file = directories.stateFile(id);
    try {
      return host.isPrivileged()
          ? GroupPlaces.NONE
          : GroupPlaces.read(JsonObject.parse(file.toString(), Files.readString(file)));
    } catch (IOException notRunning) {
      return GroupPlaces.NONE;
    }
  }

  /** What a container has used; empty where it has no control group. */
  Optional<Usage> usage(ContainerConfig config) {
    if (config.resources().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(of(config).usage());
  }

  /** The pids of a container's processes on the host; empty where it has no control group. */
  List<Long> processes(ContainerConfig config) {
    if (config.resources().isEmpty()) {
      return List.of();
    }
    return of(config).processes();
  }

  /** Whether the processes of a container stand still. */
  boolean isFrozen(ContainerConfig config) {
    if (config.resources().isEmpty()) {
      return false;
    }
    return of(config).isFrozen();
  }
}
