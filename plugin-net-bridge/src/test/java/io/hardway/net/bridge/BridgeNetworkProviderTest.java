package io.hardway.net.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import io.hardway.spi.PublishedPort;
import io.hardway.spi.Subnet;
import io.hardway.spi.Text;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.plan.Step;
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
    for (String hosts : List.of("10.201.1.0/25", "10.200.0.0/15")) {
      String taken = assertThrows(PlanningException.class, () -> network(hosts)).getMessage();
      assertTrue(taken.contains(hosts + " overlaps what the host reaches through eth0"), taken);
    }
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

  private NetworkRequest publishing(String... addresses) {
    List<PublishedPort> ports = new ArrayList<>();
    for (String address : addresses) {
      ports.add(PublishedPort.of(PublishedPort.Protocol.TCP, Subnet.address(address), 8080, 80));
    }
    return request().toBuilder().ports(ports).build();
  }

  @Test
  void aPublishedPortIsHeldAndLeadsToTheContainer() {
    PlanAssembler assembler = new PlanAssembler();
    provider().contribute(publishing("0.0.0.0", "127.0.0.1"), assembler.forPlugin("net-bridge"));
    String made = scripts(assembler.run(Optional.empty()));
    assertTrue(
        made.contains("add element inet hardway ports4 { tcp . 8080 : 10.9.0.2 . 80 }"), made);
    assertTrue(
        made.contains(
            "add element inet hardway ports_on4 { 127.0.0.1 . tcp . 8080 : 10.9.0.2 . 80 }"),
        made);
    String undone = scripts(assembler.teardown());
    assertTrue(undone.contains("delete element inet hardway ports4 { tcp . 8080"), undone);
    int held = 0;
    for (Step step : assembler.run(Optional.empty()).steps()) {
      held += step.operation() instanceof Operation.Socket ? 1 : 0;
      assertFalse(step.operation() instanceof Operation.Forward);
    }
    assertEquals(2, held);
  }

  /** No rule of the kernel leads from ::1 to elsewhere, nor from IPv6 to IPv4. */
  @Test
  void whatComesByVersion6IsPassedOnByAProcess() {
    PlanAssembler assembler = new PlanAssembler();
    provider().contribute(publishing("::"), assembler.forPlugin("net-bridge"));
    List<Operation.Forward> forwards = new ArrayList<>();
    for (Step step : assembler.run(Optional.empty()).steps()) {
      if (step.operation() instanceof Operation.Forward forward) {
        forwards.add(forward);
      }
    }
    assertEquals(1, forwards.size());
    assertEquals(1, forwards.get(0).sockets().size());
  }

  private static String scripts(Plan plan) {
    StringBuilder scripts = new StringBuilder();
    for (Step step : plan.steps()) {
      if (step.operation() instanceof Operation.Run run) {
        scripts.append(text(run.stdin()));
      }
    }
    return scripts.toString();
  }

  @Test
  void fromAnInternalNetworkThereIsNoWayOut() {
    NetworkDefinition internal = network("10.9.0.0/24").toBuilder().internal(true).build();
    List<String> labels = labels(request(attachment(internal).build()));
    assertFalse(labels.toString().contains("what is for others"), labels::toString);
    assertFalse(labels.toString().contains("forward packets"), labels::toString);
  }

  /** Performs what a plan writes and removes below the test's directory, on the host. */
  private void perform(Plan plan) throws IOException {
    for (Step step : plan.steps()) {
      switch (step.operation()) {
        case Operation.Mkdirs made -> Files.createDirectories(path(made.path()));
        case Operation.Write written when path(written.path()).startsWith(root) ->
            Files.writeString(path(written.path()), text(written.data()));
        case Operation.Unlink gone -> Files.deleteIfExists(path(gone.path()));
        default -> {
          // Nothing of the test's directory.
        }
      }
    }
  }

  private static Path path(Text text) {
    return Path.of(text(text));
  }

  private static String text(Text text) {
    StringBuilder all = new StringBuilder();
    text.pieces()
        .forEach(
            piece ->
                all.append(piece.isBytes() ? new String(piece.bytes(), UTF_8) : piece.literal()));
    return all.toString();
  }

  private String read(String path) throws IOException {
    return Files.readString(root.resolve(path.substring(1))).strip();
  }

  private Plan start(NetworkRequest request) {
    PlanAssembler assembler = new PlanAssembler();
    provider().contribute(request, assembler.forPlugin("net-bridge"));
    return assembler.run(Optional.empty());
  }

  private Plan removal(NetworkDefinition network) {
    PlanAssembler assembler = new PlanAssembler();
    provider()
        .contributeRemoval(
            host(), network, root.resolve("leases"), assembler.forPlugin("net-bridge"));
    return assembler.run(Optional.empty());
  }

  private void hostHas(String... interfaces) throws IOException {
    StringBuilder devices = new StringBuilder("Inter-|   Receive\n face |bytes\n");
    for (String name : interfaces) {
      devices.append(name).append(": 0 0\n");
    }
    write("/proc/net/dev", devices.toString());
  }

  @Test
  void settingsOfTheHostAreGivenBackWithTheLastNetwork() throws IOException {
    write("/proc/sys/net/ipv4/ip_forward", "0\n");
    write("/proc/sys/net/ipv6/conf/all/forwarding", "0\n");
    write("/proc/sys/net/ipv6/conf/wan/accept_ra", "1\n");
    write(
        "/proc/net/ipv6_route",
        "0".repeat(32)
            + " 00 "
            + "0".repeat(32)
            + " 00 fe80000000000000000000000000000a 00000400 00000001 00000000 00450003      wan\n");
    hostHas("lo", "wan");
    NetworkDefinition both = network("10.9.0.0/24", "fd00:9::/64");
    perform(start(request(attachment(both).build())));
    assertEquals("1", read("/proc/sys/net/ipv4/ip_forward"));
    assertEquals("1", read("/proc/sys/net/ipv6/conf/all/forwarding"));
    assertEquals("2", read("/proc/sys/net/ipv6/conf/wan/accept_ra"), "the default route stays");
    hostHas("lo", "wan", "hardway-a1a1a1a", "hw0123456789ab0");
    String row = "\t0000090A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n";
    write("/proc/net/route", "hardway-a1a1a1a" + row + "hardway0" + row);
    perform(removal(both));
    assertEquals("1", read("/proc/sys/net/ipv4/ip_forward"), "another network needs it");
    write("/proc/net/route", "hardway-a1a1a1a" + row);
    perform(removal(both));
    assertEquals("0", read("/proc/sys/net/ipv4/ip_forward"));
    assertEquals("0", read("/proc/sys/net/ipv6/conf/all/forwarding"));
    assertEquals("1", read("/proc/sys/net/ipv6/conf/wan/accept_ra"));
  }

  @Test
  void settingsThatOthersMayNeedByNowStay() throws IOException {
    write("/proc/sys/net/ipv4/ip_forward", "0\n");
    hostHas("lo", "wan");
    perform(start(request()));
    hostHas("lo", "wan", "docker0");
    perform(removal(network("10.9.0.0/24")));
    assertEquals("1", read("/proc/sys/net/ipv4/ip_forward"));
    write("/proc/sys/net/ipv4/ip_forward", "0\n");
    hostHas("lo", "wan");
    perform(removal(network("10.9.0.0/24")));
    assertEquals("0", read("/proc/sys/net/ipv4/ip_forward"), "it is forgotten");
  }

  @Test
  void addressesAreOfTheRangeAndNeverTheSubnetsEnds() {
    for (String[] one :
        new String[][] {
          {"10.9.0.0/24", "10.9.0.64/30", "10.9.0.64"},
          {"10.9.0.0/24", "10.9.0.0/30", "10.9.0.2"},
          {"10.9.0.0/24", "10.9.0.7/32", "10.9.0.7"},
          {"10.9.0.0/24", "10.9.0.254/31", "10.9.0.254"},
          {"10.9.0.0/24", "10.9.0.0/24", "10.9.0.2"},
          {"fd00:9::/64", "fd00:9::100/120", "fd00:9::100"},
        }) {
      NetworkDefinition network =
          provider()
              .define(
                  host(), asked(one[0]).ranges(List.of(Subnet.parse(one[1]))).build(), List.of());
      NetworkRequest request = request(attachment(network).build());
      assertTrue(
          request.attachments().get(0).addresses().contains(Subnet.address(one[2])),
          () -> one[1] + " " + request.attachments().get(0).addresses());
    }
  }

  @Test
  void eachVersionLeavesByTheFirstNetworkThatHasAWayOut() {
    NetworkDefinition shut =
        provider().define(host(), asked("10.8.0.0/24").internal(true).build(), List.of());
    NetworkDefinition four = network("10.9.0.0/24");
    NetworkDefinition both = network("10.7.0.0/24", "fd00:9::/64");
    NetworkRequest request =
        request(attachment(shut).build()).toBuilder()
            .attachments(
                List.of(
                    attachment(shut).build(),
                    attachment(four).interfaceName("eth1").build(),
                    attachment(both).interfaceName("eth2").build()))
            .build();
    String labels =
        labels(request.toBuilder().attachments(provider().preview(request)).build()).toString();
    assertTrue(labels.contains("send what is for others to 10.9.0.1"), labels);
    assertTrue(labels.contains("send what is for others to fd00:9::1"), labels);
    assertFalse(labels.contains("send what is for others to 10.7.0.1"), labels);
    assertFalse(labels.contains("send what is for others to 10.8.0.1"), labels);
  }

  @Test
  void othersRulesAreLookedAtAgainWhereSomebodyHasCome() throws IOException {
    String row = "\t0000090A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n";
    String others = row.replace("0000090A", "0000080A");
    String looks = "accept what is ours";
    write("/proc/net/ip_tables_names", "");
    assertTrue(labels(request()).toString().contains(looks));
    perform(start(request()));
    write("/proc/net/route", "hardway-a1a1a1a" + row);
    assertFalse(labels(request()).toString().contains(looks), "nobody is there");
    write("/proc/net/route", "hardway-a1a1a1a" + row + "wan" + others);
    assertTrue(labels(request()).toString().contains(looks), "wan is new");
    perform(start(request()));
    assertFalse(labels(request()).toString().contains(looks));
    write("/proc/net/route", "hardway-a1a1a1a" + row);
    assertFalse(labels(request()).toString().contains(looks), "who goes changes nothing");
    write("/proc/net/ip_tables_names", "filter\n");
    assertTrue(labels(request()).toString().contains(looks));
    perform(start(request()));
    write("/proc/net/route", "docker0" + others + "hardway-a1a1a1a" + row);
    assertTrue(labels(request()).toString().contains(looks));
    List<String> removal = new ArrayList<>();
    Files.writeString(root.resolve("leases/net-bridge/host/accepted"), "iptables FORWARD -i\n");
    removal(network("10.9.0.0/24")).steps().forEach(step -> removal.add(step.label()));
    assertTrue(removal.toString().contains("take back what was accepted"), removal::toString);
    assertTrue(removal.toString().contains("remove the table of rules"), removal::toString);
  }
}
