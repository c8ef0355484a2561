package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.cli.value.KeyValue;
import io.hardway.core.HardwayException;
import io.hardway.core.Networks;
import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;
import io.hardway.spi.NetworkDefinition;
import io.hardway.spi.Subnet;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code network create}, {@code inspect}, {@code ls}, {@code prune}, {@code rm}: what containers
 * connect to.
 */
final class NetworkCommand implements Command {
  private final String verb;

  /** One of the verbs. */
  NetworkCommand(String verb) {
    this.verb = verb;
  }

  @Override
  public OptionTable table() {
    return switch (verb) {
      case "create" ->
          new OptionTable("network create", "[OPTIONS] NETWORK", "Make a network")
              .value("driver", 'd', "plugin", "The plugin that connects containers to it")
              .list("aux-address", "NAME=ADDRESS", "An address that no container is given")
              .list("gateway", "address", "The host's address in the subnet")
              .flag("internal", "Nothing outside is reached from it")
              .flag("ipv6", "Have addresses of version 6 too")
              .list("ip-range", "CIDR", "The part of a subnet that addresses are chosen from")
              .list("label", "KEY[=VALUE]", "Set a label")
              .list("opt", 'o', "KEY=VALUE", "mtu=BYTES")
              .list("subnet", "CIDR", "Its addresses, like 10.1.2.0/24; by default free ones")
              .arguments(1, 1);
      case "ls" ->
          new OptionTable("network ls", "[OPTIONS]", "List networks")
              .list(
                  "filter", 'f', "KEY=VALUE", "Only those: dangling, driver, id, label, name, type")
              .value("format", "format", "json, table, or a template like '{{.Name}}'")
              .flag("no-trunc", "Print ids in full")
              .flag("quiet", 'q', "Ids only")
              .arguments(0, 0);
      case "prune" ->
          new OptionTable("network prune", "[OPTIONS]", "Remove networks that no container is of")
              .list("filter", "KEY=VALUE", "Only those: label, label!, until")
              .flag("force", 'f', "Do not ask")
              .arguments(0, 0);
      case "rm" ->
          new OptionTable("network rm", "[OPTIONS] NETWORK [NETWORK...]", "Remove networks")
              .flag("force", 'f', "One that does not exist is no error")
              .arguments(1, Integer.MAX_VALUE);
      default ->
          new OptionTable(
                  "network inspect", "[OPTIONS] NETWORK [NETWORK...]", "Tell about networks")
              .value("format", 'f', "format", "json, or a template like '{{.Id}}'")
              .arguments(1, Integer.MAX_VALUE);
    };
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    return switch (verb) {
      case "create" -> create(session, arguments);
      case "ls" -> list(session, arguments);
      case "prune" -> NetworkPruning.run(session, arguments);
      case "rm" -> remove(session, arguments);
      default -> inspect(session, arguments);
    };
  }

  private static int create(Session session, Arguments arguments) {
    String driver = arguments.text("driver").orElse("bridge");
    Map<String, String> options = new LinkedHashMap<>();
    for (KeyValue option : arguments.values("opt", KeyValue::parseBoth)) {
      String key = option.key();
      if (!key.equals("mtu") && !key.equals("com.docker.network.driver.mtu")) {
        throw arguments.refuse("opt", key + "=" + option.value(), "there is mtu");
      }
      options.put("mtu", option.value());
    }
    if (arguments.flag("ipv6")) {
      options.put("ipv6", "true");
    }
    Map<String, String> labels = new LinkedHashMap<>();
    arguments.values("label", KeyValue::parse).forEach(one -> labels.put(one.key(), one.value()));
    NetworkDefinition made =
        session
            .engine()
            .createNetwork(
                Networks.create(
                        arguments.positional().get(0),
                        driver.equals("bridge") ? "net-bridge" : driver)
                    .subnets(arguments.values("subnet", Subnet::parse))
                    .ranges(arguments.values("ip-range", Subnet::parse))
                    .gateways(arguments.values("gateway", Subnet::address))
                    .auxiliary(auxiliary(arguments))
                    .internal(arguments.flag("internal"))
                    .options(options)
                    .labels(labels)
                    .build());
    session.out().println(made.id());
    return 0;
  }

  private static Map<String, InetAddress> auxiliary(Arguments arguments) {
    Map<String, InetAddress> auxiliary = new LinkedHashMap<>();
    for (KeyValue one : arguments.values("aux-address", KeyValue::parseBoth)) {
      try {
        auxiliary.put(one.key(), Subnet.address(one.value()));
      } catch (IllegalArgumentException e) {
        throw arguments.refuse("aux-address", one.key() + "=" + one.value(), e.getMessage());
      }
    }
    return auxiliary;
  }

  private static int list(Session session, Arguments arguments) {
    List<JsonObject> rows = new ArrayList<>();
    NetworkFilter filter = NetworkFilter.read(arguments);
    for (NetworkDefinition network : session.engine().networks().all()) {
      if (!filter.matches(session, network)) {
        continue;
      }
      JsonWriter json = new JsonWriter().beginObject();
      json.field("ID", arguments.flag("no-trunc") ? network.id() : network.id().substring(0, 12))
          .field("Name", network.name())
          .field("Driver", network.driver())
          .field("Scope", "local")
          .field("Internal", network.internal());
      json.name("Subnets").texts(network.subnets().stream().map(Subnet::toString).toList());
      rows.add(JsonObject.parse(network.name(), json.endObject().toString()));
    }
    if (arguments.flag("quiet")) {
      rows.forEach(row -> session.out().println(row.text("ID")));
    } else {
      new Listing(
              "{{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}",
              "ID",
              "NETWORK ID",
              "Name",
              "NAME",
              "Driver",
              "DRIVER",
              "Scope",
              "SCOPE",
              "Internal",
              "INTERNAL",
              "Subnets",
              "SUBNETS")
          .print(session.out(), arguments.text("format").orElse(""), rows);
    }
    return 0;
  }

  private static int remove(Session session, Arguments arguments) throws IOException {
    return session.forEachName(
        arguments.positional(),
        name -> {
          Optional<NetworkDefinition> network = session.engine().networks().find(name);
          if (network.isEmpty() && !arguments.flag("force")) {
            throw new HardwayException(missing(name), 1);
          }
          if (network.isPresent()) {
            session.perform(session.engine().removeNetwork(network.get()));
          }
          return network.isPresent();
        });
  }

  private static int inspect(Session session, Arguments arguments) {
    return Inspection.print(
        session,
        arguments,
        name -> session.engine().networks().find(name).map(network -> describe(session, network)),
        NetworkCommand::missing);
  }

  private static JsonObject describe(Session session, NetworkDefinition network) {
    JsonWriter json = new JsonWriter();
    NetworkSettings.write(json, network, session.engine().users(network));
    return JsonObject.parse(network.name(), json.toString());
  }

  private static String missing(String name) {
    return "network " + name + " not found";
  }
}
