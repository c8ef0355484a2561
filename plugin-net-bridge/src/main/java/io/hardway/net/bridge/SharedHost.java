package io.hardway.net.bridge;

import io.hardway.spi.Host;
import io.hardway.spi.HostFinding;
import io.hardway.spi.NetworkAttachment;
import io.hardway.spi.Stage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What all networks have together of the host: its settings, what others' rules accept, and our
 * table. It comes with the first bridge and goes with the last.
 */
final class SharedHost {
  private final HostSettings settings;
  private final ForwardPolicy policy;
  private final HostRoutes routes;

  /**
   * What is changed is noted below the directory of the leases, beside those of the networks, whose
   * names are ids.
   */
  SharedHost(Host host, HostRoutes routes, Path leases) {
    Path directory = leases.resolve("net-bridge").resolve("host");
    this.settings = new HostSettings(host, directory);
    this.policy = new ForwardPolicy(host, routes, directory);
    this.routes = routes;
  }

  /**
   * Adds the steps that make the host fit for these networks; none where it is.
   *
   * @param bridgeIsNew whether a bridge is made
   */
  void prepare(List<NetworkAttachment> attachments, boolean bridgeIsNew, Stage stage) {
    boolean forwards = false;
    boolean version6 = false;
    for (NetworkAttachment attachment : attachments) {
      if (!attachment.network().internal()) {
        forwards = true;
        version6 |=
            attachment.network().subnets().stream().anyMatch(subnet -> !subnet.isVersion4());
      }
    }
    if (forwards) {
      settings.forward(version6, routes, stage);
    }
    if (!attachments.isEmpty()) {
      policy.accept(bridgeIsNew, stage);
    }
  }

  /** What is so, for people. */
  List<HostFinding> findings() {
    List<HostFinding> findings = new ArrayList<>(settings.findings());
    List<String> accepted = policy.accepted();
    if (!accepted.isEmpty()) {
      findings.add(
          new HostFinding(
              "rules of others",
              true,
              "drop what is forwarded; Hardway's networks are accepted by "
                  + String.join("; ", accepted)));
    }
    return findings;
  }

  /** Adds the steps that leave the host as it was, where this bridge, which goes, is the last. */
  void leave(String bridge, Firewall firewall, Stage stage) {
    if (!routes.hasBridgeBeside(bridge)) {
      policy.takeBack(stage);
      settings.giveBack(stage);
      firewall.removeAll(stage);
    }
  }
}
