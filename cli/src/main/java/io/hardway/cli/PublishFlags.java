package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.value.PortFlag;
import io.hardway.core.ContainerConfig;
import io.hardway.core.HardwayException;
import io.hardway.core.PortMapping;
import io.hardway.spi.PublishedPort;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the flags say of a container's ports. */
final class PublishFlags {
  private final Arguments arguments;
  private final PrintStream err;

  PublishFlags(Arguments arguments, PrintStream err) {
    this.arguments = arguments;
    this.err = err;
  }

  /**
   * Adds them, where the network can have some.
   *
   * @param mode what the user said of the network
   */
  void read(String mode, ContainerConfig.Builder config) {
    boolean publishAll = arguments.flag("publish-all");
    boolean publishes = arguments.has("publish") || publishAll;
    if (!publishes && !arguments.has("expose")) {
      return;
    }
    if (publishes && (mode.startsWith("container:") || mode.startsWith("ns:/"))) {
      throw new HardwayException(
          "conflicting options: port publishing and the network mode: publish the ports of the"
              + " container whose network it is");
    }
    if (publishes && mode.equals("host")) {
      err.println(
          "hardway: Published ports are discarded when using host network mode: they are the"
              + " host's");
    }
    List<PortMapping> published = new ArrayList<>();
    arguments.values("publish", PortFlag::publish).forEach(published::addAll);
    Set<String> exposed = new LinkedHashSet<>();
    arguments.values("expose", PortFlag::expose).forEach(exposed::addAll);
    if (publishAll) {
      for (String port : exposed) {
        publish(port, published);
      }
    }
    published.forEach(mapping -> exposed.add(mapping.target()));
    config.exposedPorts(List.copyOf(exposed));
    config.ports(mode.equals("host") ? List.of() : published);
  }

  /** At any port of the host, where it is not published already. */
  private static void publish(String port, List<PortMapping> published) {
    if (published.stream().noneMatch(mapping -> mapping.target().equals(port))) {
      int slash = port.indexOf('/');
      published.add(
          new PortMapping(
              PublishedPort.Protocol.of(port.substring(slash + 1)),
              "",
              0,
              0,
              Integer.parseInt(port.substring(0, slash))));
    }
  }
}
