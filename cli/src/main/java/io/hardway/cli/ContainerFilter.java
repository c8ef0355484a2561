package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.value.KeyValue;
import io.hardway.cli.value.PortFlag;
import io.hardway.cli.value.WholeNumber;
import io.hardway.core.ContainerConfig;
import io.hardway.core.ContainerNetwork;
import io.hardway.core.ContainerRecord;
import io.hardway.core.HardwayException;
import io.hardway.spi.NetworkDefinition;
import io.hardway.spi.PublishedPort;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Docker's filters of containers: of one key any value holds, of several keys each. */
final class ContainerFilter {
  private static final List<String> KEYS =
      List.of(
          "id", "name", "label", "status", "exited", "network", "publish", "expose", "before",
          "since");

  private static final List<String> STATUSES =
      List.of(
          "created", "creating", "dead", "exited", "paused", "removing", "restarting", "running");

  private ContainerFilter() {}

  /** The filters that were given; one that there is not is refused, whatever there is to filter. */
  static List<KeyValue> read(Session session, Arguments arguments) {
    List<KeyValue> filters = arguments.values("filter", KeyValue::parseBoth);
    for (KeyValue filter : filters) {
      String text = filter.key() + "=" + filter.value();
      if (!KEYS.contains(filter.key())) {
        throw arguments.refuse("filter", text, "there are " + String.join(", ", KEYS));
      }
      if (filter.key().equals("status") && !STATUSES.contains(filter.value())) {
        throw arguments.refuse("filter", text, "there are " + String.join(", ", STATUSES));
      }
      if (filter.key().equals("exited") && !isExitCode(filter.value())) {
        throw arguments.refuse("filter", text, "an exit code is a number from 0 to 255");
      }
      if (filter.key().equals("publish") || filter.key().equals("expose")) {
        ports(filter.value());
      }
      if (filter.key().equals("before") || filter.key().equals("since")) {
        session.engine().containers().find(filter.value());
      }
    }
    return filters;
  }

  private static List<String> ports(String text) {
    try {
      return PortFlag.expose(text);
    } catch (IllegalArgumentException e) {
      throw new HardwayException(e.getMessage() + ": a filter is PORT[-RANGE][/PROTOCOL]", 1);
    }
  }

  private static boolean isExitCode(String text) {
    try {
      WholeNumber.between(0, 255).parse(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  static boolean matches(List<KeyValue> filters, Session session, ContainerRecord container) {
    List<String> failed = new ArrayList<>();
    List<String> held = new ArrayList<>();
    for (KeyValue filter : filters) {
      (holds(filter, session, container) ? held : failed).add(filter.key());
    }
    failed.removeAll(held);
    return failed.isEmpty();
  }

  /** The networks a container is connected to; without one, its mode. */
  static List<String> networks(ContainerConfig config) {
    return config.networks().isEmpty()
        ? List.of(config.networkMode())
        : config.networks().stream().map(ContainerNetwork::name).toList();
  }

  private static boolean isIdOf(ContainerConfig config, Session session, String reference) {
    Optional<NetworkDefinition> network = session.engine().networks().find(reference);
    return network.isPresent() && networks(config).contains(network.get().name());
  }

  private static boolean holds(KeyValue filter, Session session, ContainerRecord container) {
    String value = filter.value();
    return switch (filter.key()) {
      case "id" -> container.config().id().startsWith(value);
      case "name" -> container.config().name().contains(value);
      case "status" -> container.status().label().equals(value);
      case "network" ->
          networks(container.config()).contains(value)
              || container.config().networkMode().equals(value)
              || container.config().network().equals(value)
              || isIdOf(container.config(), session, value);
      case "expose" -> !Collections.disjoint(container.config().exposedPorts(), ports(value));
      case "publish" -> isPublished(container, ports(value));
      case "exited" ->
          container.exit().isPresent() && container.exit().exitCode() == WholeNumber.parse(value);
      case "label" -> {
        int equals = value.indexOf('=');
        String key = equals < 0 ? value : value.substring(0, equals);
        String has = container.config().labels().get(key);
        yield has != null && (equals < 0 || has.equals(value.substring(equals + 1)));
      }
      case "before" ->
          container
                  .config()
                  .created()
                  .compareTo(session.engine().containers().find(value).config().created())
              < 0;
      default ->
          container
                  .config()
                  .created()
                  .compareTo(session.engine().containers().find(value).config().created())
              > 0;
    };
  }

  /** Whether one of these is a port of the host that leads to it. */
  private static boolean isPublished(ContainerRecord container, List<String> wanted) {
    for (PublishedPort port : container.ports()) {
      if (wanted.contains(port.hostPort() + "/" + port.protocol().label())) {
        return true;
      }
    }
    return false;
  }
}
