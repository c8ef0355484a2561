package io.hardway.net.none;

import io.hardway.linux.netlink.LinkMessage;
import io.hardway.spi.Host;
import io.hardway.spi.NetworkProvider;
import io.hardway.spi.NetworkRequest;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.Support;

/**
 * Nothing but the loopback interface, up: 127.0.0.1 and ::1 answer.
 *
 * @since 0.1
 */
public final class LoopbackNetworkProvider implements NetworkProvider {
  private static final int SCORE = 10;

  /** For the service loader. */
  public LoopbackNetworkProvider() {}

  @Override
  public String name() {
    return "net-none";
  }

  @Override
  public String description() {
    return "loopback only: 127.0.0.1 and ::1 answer, nothing else does";
  }

  @Override
  public Support probe(Host host) {
    return host.supportsNamespace("net")
        ? Support.usable(SCORE, "")
        : Support.unusable(
            "the kernel has no network namespaces: use --network host, or a kernel with CONFIG_NET_NS");
  }

  @Override
  public void contribute(NetworkRequest request, PlanBuilder plan) {
    // The addresses 127.0.0.1 and ::1 come with the interface. It is always the first of its
    // namespace.
    plan.enter()
        .netlink(LinkMessage.ROUTE, LinkMessage.up(LinkMessage.LOOPBACK_INDEX))
        .label("bring the loopback interface up");
  }
}
