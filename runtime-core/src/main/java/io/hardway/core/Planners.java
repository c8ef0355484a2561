package io.hardway.core;

import io.hardway.spi.Host;
import io.hardway.spi.NetworkAttachment;
import io.hardway.spi.PublishedPort;
import jakarta.inject.Inject;
import java.util.List;

/**
 * Makes the planners, each for one plan. By hand and not by assisted injection, whose factories are
 * {@code Provider}s; see {@link EngineParts}.
 */
final class Planners {
  private final Directories directories;
  private final Host host;
  private final Plugins plugins;
  private final Containers containers;
  private final ControlGroups groups;
  private final Journal journal;

  @Inject
  Planners(
      Directories directories,
      Host host,
      Plugins plugins,
      Containers containers,
      ControlGroups groups,
      Journal journal) {
    this.directories = directories;
    this.host = host;
    this.plugins = plugins;
    this.containers = containers;
    this.groups = groups;
    this.journal = journal;
  }

  /** For the making and the start of a container, which has been made unless it is new. */
  StartPlanner start(
      ContainerConfig config,
      List<NetworkAttachment> attachments,
      List<PublishedPort> ports,
      boolean isNew) {
    return new StartPlanner(
        directories, host, plugins, containers, journal, config, attachments, ports, isNew);
  }

  /** For what is done with containers that have been made. */
  VerbPlanner verb() {
    return new VerbPlanner(directories, host, plugins, groups, journal);
  }
}
