package io.hardway.net.none;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardway.spi.Host;
import io.hardway.spi.NetworkProvider;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.testkit.FakeHost;
import io.hardway.testkit.NetworkProviderContract;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoopbackNetworkProviderTest extends NetworkProviderContract {
  @TempDir Path root;

  @Override
  protected NetworkProvider provider() {
    return new LoopbackNetworkProvider();
  }

  @Override
  protected Host host() {
    return new FakeHost(root);
  }

  @Override
  protected Host unsuitableHost() {
    return new FakeHost(root).without("net");
  }

  @Test
  void sendsOneMessageFromInside() {
    PlanAssembler assembler = new PlanAssembler();
    provider().contribute(request(), assembler.forPlugin("net-none"));
    var steps = assembler.run(Optional.empty()).steps();
    assertEquals("handoff", steps.get(0).operation().keyword());
    assertEquals("netlink", steps.get(1).operation().keyword());
    assertEquals(2, steps.size());
  }
}
