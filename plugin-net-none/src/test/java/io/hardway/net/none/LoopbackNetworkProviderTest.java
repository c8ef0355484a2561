package io.hardway.net.none;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.hardway.spi.Container;
import io.hardway.spi.NetworkRequest;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.spec.Spec;
import io.hardway.testkit.FakeHost;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoopbackNetworkProviderTest {
  @TempDir Path root;

  @Test
  void sendsOneMessageFromInside() {
    var container = Container.builder().id("c").state(Path.of("/s")).data(Path.of("/d")).build();
    var request =
        NetworkRequest.builder()
            .host(new FakeHost(root))
            .container(container)
            .spec(Spec.builder().build())
            .build();
    PlanAssembler assembler = new PlanAssembler();
    new LoopbackNetworkProvider().contribute(request, assembler.forPlugin("net-none"));
    var steps = assembler.run(Optional.empty()).steps();
    assertEquals("handoff", steps.get(0).operation().keyword());
    assertEquals("netlink", steps.get(1).operation().keyword());
  }

  @Test
  void saysWhatIsMissing() {
    assertFalse(new LoopbackNetworkProvider().probe(new FakeHost(root).without("net")).isUsable());
  }
}
