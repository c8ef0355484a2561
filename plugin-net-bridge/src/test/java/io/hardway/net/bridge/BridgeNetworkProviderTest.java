package io.hardway.net.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.Host;
import io.hardway.spi.NetworkAttachment;
import io.hardway.spi.NetworkDefinition;
import io.hardway.spi.NetworkProvider;
import io.hardway.spi.NetworkRequest;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Subnet;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.testkit.FakeHost;
import io.hardway.testkit.NetworkProviderContract;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BridgeNetworkProviderTest extends NetworkProviderContract {
  private static final String NETWORK = "a1".repeat(32);

  @TempDir Path root;

  @Override
  protected NetworkProvider provider() {
    return new BridgeNetworkProvider();
  }

  @BeforeEach
  void forwardPackets() throws IOException {
    write("/proc/sys/net/ipv4/ip_forward", "1\n");
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
  void aHostThatCannotForwardHasNoBridges() throws IOException {
    Files.delete(root.resolve("proc/sys/net/ipv4/ip_forward"));
    assertEquals(
        "the host does not forward packets, and /proc/sys/net/ipv4/ip_forward cannot be written",
        provider().probe(host()).reason());
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path.substring(1));
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Override
  protected NetworkRequest request() {
    return request(attachment(network("10.9.0.0/24")).build());
  }

  private NetworkRequest request(NetworkAttachment attachment) {
    NetworkRequest request =
        super.request().toBuilder()
            .attachments(List.of(attachment))
            .leases(root.resolve("leases"))
            .build();
    return request.toBuilder().attachments(provider().preview(request)).build();
  }

  private static NetworkAttachment.Builder attachment(NetworkDefinition network) {
    return NetworkAttachment.builder().network(network);
  }

  private NetworkDefinition network(String... subnets) {
    return provider().define(host(), asked(subnets).build(), List.of());
  }

  private static NetworkDefinition.Builder asked(String... subnets) {
    List<Subnet> parsed = new ArrayList<>();
    for (String subnet : subnets) {
      parsed.add(Subnet.parse(subnet));
    }
    return NetworkDefinition.builder().name("back").id(NETWORK).subnets(parsed);
  }

  private List<String> reserve(NetworkAttachment attachment) {
    NetworkRequest request =
        super.request().toBuilder()
            .attachments(List.of(attachment))
            .leases(root.resolve("leases"))
            .build();
    List<String> addresses = new ArrayList<>();
    for (InetAddress address : provider().reserve(request, id -> true).get(0).addresses()) {
      addresses.add(Subnet.text(address));
    }
    return addresses;
  }

  @Test
  void addressesAreGivenOutOnceAndTheHostsNever() {
    NetworkAttachment attachment = attachment(network("10.9.0.0/29")).build();
    Set<String> given = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      assertTrue(given.add(reserve(attachment).get(0)));
    }
    assertEquals(Set.of("10.9.0.2", "10.9.0.3", "10.9.0.4", "10.9.0.5", "10.9.0.6"), given);
    String message = assertThrows(PlanningException.class, () -> reserve(attachment)).getMessage();
    assertTrue(message.contains("back has no address left in 10.9.0.0/29"), message);
  }

  @Test
  void manyAtOnceGetDifferentAddresses() throws Exception {
    NetworkAttachment attachment = attachment(network("10.9.0.0/24", "fd00:9::/64")).build();
    List<Callable<List<String>>> wishes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      wishes.add(() -> reserve(attachment));
    }
    Set<String> given = new HashSet<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<List<String>> done : threads.invokeAll(wishes)) {
        given.addAll(done.get());
      }
    }
    assertEquals(200, given.size());
  }

  @Test
  void anAddressIsGivenByWish() throws IOException {
    NetworkDefinition network = network("10.9.0.0/24");
    NetworkAttachment wish =
        attachment(network).addresses(List.of(Subnet.address("10.9.0.77"))).build();
    assertEquals(List.of("10.9.0.77"), reserve(wish));
    String taken = assertThrows(PlanningException.class, () -> reserve(wish)).getMessage();
    assertTrue(taken.contains("Address already in use: 10.9.0.77"), taken);
    NetworkAttachment hosts =
        attachment(network).addresses(List.of(Subnet.address("10.9.0.1"))).build();
    String own = assertThrows(PlanningException.class, () -> reserve(hosts)).getMessage();
    assertTrue(own.contains("10.9.0.1 is the host's own address"), own);
    NetworkAttachment outside =
        attachment(network).addresses(List.of(Subnet.address("10.8.0.1"))).build();
    String other = assertThrows(PlanningException.class, () -> reserve(outside)).getMessage();
    assertTrue(other.contains("10.8.0.1 is in no subnet of network back"), other);
  }

  @Test
  void whatSomebodyHadWhoIsGoneIsGivenAgain() throws IOException {
    NetworkAttachment attachment = attachment(network("10.9.0.0/30")).build();
    assertEquals(List.of("10.9.0.2"), reserve(attachment));
    Path link = root.resolve("leases/net-bridge").resolve(NETWORK).resolve("10.9.0.2");
    assertThrows(PlanningException.class, () -> reserve(attachment));
    Files.delete(link);
    // The id is of no container, and the process is one that has gone: its start time differs.
    Files.createSymbolicLink(link, Path.of("0".repeat(64) + " 1 1"));
    NetworkRequest request =
        super.request().toBuilder()
            .attachments(List.of(attachment))
            .leases(root.resolve("leases"))
            .build();
    provider().reserve(request, id -> !id.startsWith("0000"));
    assertTrue(Files.readSymbolicLink(link).toString().startsWith(request.container().id()));
  }

  @Test
  void subnetsAreThoseThatNobodyHas() throws IOException {
    write(
        "/proc/net/route",
        """
        Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
        eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
        eth0\t0000C90A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
        """
            .replace("0000FFFF", "00FEFFFF"));
    NetworkDefinition first = network();
    assertEquals("[10.201.2.0/24]", first.subnets().toString());
    assertEquals("10.201.2.1", Subnet.text(first.gateways().get(0)));
    NetworkDefinition second =
        provider()
            .define(
                host(), asked().options(java.util.Map.of("ipv6", "true")).build(), List.of(first));
    assertEquals("[10.201.3.0/24, fd48:6172:6477::/64]", second.subnets().toString());
    String message =
        assertThrows(
                PlanningException.class,
                () -> provider().define(host(), asked("10.201.0.0/16").build(), List.of(first)))
            .getMessage();
    assertTrue(message.contains("10.201.0.0/16 overlaps 10.201.2.0/24 of network back"), message);
    for (String small : List.of("10.9.0.0/32")) {
      assertThrows(PlanningException.class, () -> network(small));
    }
  }

  private List<String> labels(NetworkRequest request) {
    PlanAssembler assembler = new PlanAssembler();
    provider().contribute(request, assembler.forPlugin("net-bridge"));
    Plan plan = assembler.run(Optional.empty());
    List<String> labels = new ArrayList<>();
    plan.steps().forEach(step -> labels.add(step.label()));
    return labels;
  }

  @Test
  void aBridgeIsMadeWithItsFirstContainerAndLeftAloneLater() throws IOException {
    List<String> first = labels(request());
    assertTrue(first.contains("make bridge hardway-a1a1a1a"), first::toString);
    assertTrue(first.contains("send what is for others to 10.9.0.1"), first::toString);
    write(
        "/proc/net/route",
        "hardway-a1a1a1a\t0000090A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n");
    List<String> later = labels(request());
    assertFalse(later.toString().contains("make bridge"), later::toString);
    assertTrue(later.contains("connect eth0 to bridge hardway-a1a1a1a"), later::toString);
  }

  @Test
  void fromAnInternalNetworkThereIsNoWayOut() {
    NetworkDefinition internal = network("10.9.0.0/24").toBuilder().internal(true).build();
    List<String> labels = labels(request(attachment(internal).build()));
    assertFalse(labels.toString().contains("what is for others"), labels::toString);
    assertFalse(labels.toString().contains("forward packets"), labels::toString);
  }
}
