package io.hardway.net.pasta;

import io.hardway.linux.netlink.LinkMessage;
import io.hardway.spi.Host;
import io.hardway.spi.NetworkProvider;
import io.hardway.spi.NetworkRequest;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Subnet;
import io.hardway.spi.Support;
import io.hardway.spi.spec.IdMapping;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What an ordinary user can have: a container has the host's addresses, and what it sends is sent
 * by a process of the user's, pasta, which needs no privileges.
 *
 * @since 0.1
 */
public final class PastaNetworkProvider implements NetworkProvider {
  private static final int SCORE = 20;
  private static final String PROGRAM = "pasta";
  private static final String TUN = "/dev/net/tun";

  /** Who asks it is answered by the host's name servers, whichever they are. */
  private static final String RESOLVER = "169.254.1.1";

  /** Nothing leads to the host's own services. */
  private static final List<String> OPTIONS =
      List.of("--no-map-gw", "--tcp-ns", "none", "--udp-ns", "none", "--dns-forward", RESOLVER);

  /** For the service loader. */
  public PastaNetworkProvider() {}

  @Override
  public String name() {
    return "net-pasta";
  }

  @Override
  public String description() {
    return "for ordinary users: containers reach what the host reaches, through pasta";
  }

  @Override
  public Support probe(Host host) {
    if (!host.supportsNamespace("net") || !host.supportsNamespace("user")) {
      return Support.unusable(
          "the kernel has no network or no user namespaces: use --network host, or a kernel with"
              + " CONFIG_NET_NS and CONFIG_USER_NS");
    }
    if (host.isPrivileged()) {
      return Support.unusable("it is for ordinary users: root has --network bridge");
    }
    if (host.program(PROGRAM).isEmpty()) {
      return Support.unusable("there is no pasta: install passt, or use --network none or host");
    }
    Path tun = host.file(TUN);
    if (!Files.isReadable(tun) || !Files.isWritable(tun)) {
      return Support.unusable(
          TUN + " is missing or not yours to open: have it made with mode 666 (modprobe tun)");
    }
    return DefaultRoutes.ofIpv4(host) || DefaultRoutes.ofIpv6(host)
        ? Support.usable(SCORE, "")
        : Support.unusable(
            "the host has no default route, whose addresses pasta takes: use --network none or"
                + " host");
  }

  @Override
  public void contribute(NetworkRequest request, PlanBuilder plan) {
    Host host = request.host();
    List<IdMapping> ids = request.spec().linux().uidMappings();
    if (!ids.isEmpty() && IdMapping.hostId(ids, 0) != host.uid()) {
      throw new PlanningException(
          "pasta needs user 0 of the container to be you, user " + host.uid(),
          "leave --uidmap out, or use --network none or host");
    }
    Path program =
        host.program(PROGRAM)
            .orElseThrow(() -> new PlanningException("there is no pasta", "install passt"));
    List<String> options = new ArrayList<>(OPTIONS);
    options.addAll(Ports.options(host, request.ports()));
    new Pasta(program, request.container().state().resolve("pasta.pid")).contribute(options, plan);
    plan.enter()
        .netlink(LinkMessage.ROUTE, LinkMessage.up(LinkMessage.LOOPBACK_INDEX))
        .label("bring the loopback interface up");
  }

  @Override
  public boolean publishesPorts() {
    return true;
  }

  @Override
  public List<InetAddress> standInNameservers(NetworkRequest request) {
    return DefaultRoutes.ofIpv4(request.host()) ? List.of(Subnet.address(RESOLVER)) : List.of();
  }
}
