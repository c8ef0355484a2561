package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.cli.value.NetworkChoice;
import io.hardway.core.ContainerNetwork;
import io.hardway.core.HardwayException;
import io.hardway.core.Networks;
import io.hardway.linux.netlink.MacAddress;
import io.hardway.spi.NetworkDefinition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code network connect}: connects a container to one more network, also while it runs. */
final class NetworkConnectCommand implements Command {

  @Override
  public OptionTable table() {
    return new OptionTable(
            "network connect",
            "[OPTIONS] NETWORK CONTAINER",
            "Connect a container to one more network, also while it runs")
        .list("alias", "name", "Another name of it in the network")
        .value("ip", "address", "Its address there")
        .value("ip6", "address", "Its address of version 6 there")
        .value("mac-address", "address", "Its hardware address there")
        .arguments(2, 2);
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    session.reconcile();
    List<String> addresses = new ArrayList<>();
    arguments.value("ip", text -> NetworkChoice.address(text, '.')).ifPresent(addresses::add);
    arguments.value("ip6", text -> NetworkChoice.address(text, ':')).ifPresent(addresses::add);
    List<String> aliases = arguments.values("alias", NetworkChoice::alias);
    String network = name(session, arguments.positional().get(0));
    if (network.equals(Networks.DEFAULT) && !aliases.isEmpty()) {
      throw new HardwayException(
          "network " + network + " has no names: leave --alias out, or connect to another", 1);
    }
    String mac = arguments.value("mac-address", MacAddress::parse).map(Object::toString).orElse("");
    session.perform(
        session
            .engine()
            .connections()
            .connect(
                arguments.positional().get(1),
                new ContainerNetwork(network, addresses, mac, aliases),
                session.preparation()));
    return 0;
  }

  /** The name of the network that the user means. */
  static String name(Session session, String reference) {
    return session
        .engine()
        .networks()
        .find(reference)
        .map(NetworkDefinition::name)
        .or(() -> reference.equals(Networks.DEFAULT) ? Optional.of(reference) : Optional.empty())
        .orElseThrow(() -> new HardwayException("network " + reference + " not found", 1));
  }
}
