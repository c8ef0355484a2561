package io.hardway.net.pasta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.Host;
import io.hardway.spi.NetworkProvider;
import io.hardway.spi.NetworkRequest;
import io.hardway.spi.PlanningException;
import io.hardway.spi.PublishedPort;
import io.hardway.spi.Subnet;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.spec.IdMapping;
import io.hardway.spi.spec.LinuxSettings;
import io.hardway.spi.spec.Spec;
import io.hardway.testkit.FakeHost;
import io.hardway.testkit.NetworkProviderContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PastaNetworkProviderTest extends NetworkProviderContract {
  private static final long USER = 1000;
  private static final String HEADER =
      "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";
  private static final String NEAR =
      "eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0   \n";
  private static final String EVERYWHERE =
      "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0   \n";
  private static final String ZERO = "0".repeat(32);
  private static final String EVERYWHERE6 =
      String.join(" ", ZERO, "00", ZERO, "00", "fe80" + "0".repeat(28), "64", "1", "0", "3")
          + "     eth0\n";

  @TempDir Path root;

  @BeforeEach
  void describe() throws IOException {
    Files.createDirectories(root.resolve("dev/net"));
    Files.createFile(root.resolve("dev/net/tun"));
    Files.createDirectories(root.resolve("proc/net"));
    routes(HEADER + NEAR + EVERYWHERE);
  }

  private void routes(String table) throws IOException {
    Files.writeString(root.resolve("proc/net/route"), table);
  }

  @Override
  protected NetworkProvider provider() {
    return new PastaNetworkProvider();
  }

  @Override
  protected Host host() {
    return new FakeHost(root).user(USER);
  }

  @Override
  protected Host unsuitableHost() {
    return new FakeHost(root).user(USER).without("pasta");
  }

  private String reason(Host host) {
    assertFalse(provider().probe(host).isUsable());
    return provider().probe(host).reason();
  }

  @Test
  void saysWhatToInstall() {
    assertEquals(
        "there is no pasta: install passt, or use --network none or host",
        reason(unsuitableHost()));
  }

  @Test
  void isForOrdinaryUsers() {
    assertTrue(reason(new FakeHost(root)).contains("--network bridge"));
  }

  @Test
  void needsUserNamespaces() {
    assertTrue(reason(new FakeHost(root).user(USER).without("user")).contains("CONFIG_USER_NS"));
  }

  @Test
  void needsTheDeviceThatMakesInterfaces() throws IOException {
    Files.delete(root.resolve("dev/net/tun"));
    assertTrue(reason(host()).startsWith("/dev/net/tun is missing"), reason(host()));
  }

  @Test
  void needsARouteToEverywhereOfEitherVersion() throws IOException {
    routes(HEADER + NEAR);
    assertTrue(reason(host()).contains("no default route"));
    Path six = root.resolve("proc/net/ipv6_route");
    String refusing =
        String.join(" ", ZERO, "00", ZERO, "00", ZERO, "ffffffff", "1", "0", "200200");
    Files.writeString(six, refusing + "       lo\n");
    assertTrue(reason(host()).contains("no default route"));
    Files.writeString(six, EVERYWHERE6);
    assertTrue(provider().probe(host()).isUsable());
  }

  private PlanAssembler contributed() {
    PlanAssembler assembler = new PlanAssembler();
    provider().contribute(request(), assembler.forPlugin("net-pasta"));
    return assembler;
  }

  private static List<Operation.Run> programs(Plan plan) {
    return plan.steps().stream()
        .map(step -> step.operation())
        .filter(Operation.Run.class::isInstance)
        .map(Operation.Run.class::cast)
        .toList();
  }

  @Test
  void startsPastaForTheContainersNamespacesWithNothingOfTheHostsOwn() {
    List<Operation.Run> started = programs(contributed().run(Optional.empty()));
    assertEquals(1, started.size());
    List<String> words = started.get(0).argv().stream().map(Object::toString).toList();
    String command = String.join(" ", words);
    assertTrue(command.contains(" sh /usr/bin/pasta "), command);
    assertTrue(command.contains(" --config-net "), command);
    assertTrue(command.contains(" --no-map-gw --tcp-ns none --udp-ns none "), command);
    assertTrue(command.endsWith("--userns /proc/${pid}/ns/user --netns /proc/${pid}/ns/net"));
    assertTrue(
        command.contains(" --pid " + request().container().state().resolve("pasta.pid") + " "));
  }

  private String ports(String... texts) {
    List<PublishedPort> ports = new ArrayList<>();
    for (String text : texts) {
      String[] words = text.split(" ");
      ports.add(
          PublishedPort.of(
              PublishedPort.Protocol.of(words[0]),
              Subnet.address(words[1]),
              Integer.parseInt(words[2]),
              Integer.parseInt(words[3])));
    }
    return String.join(" ", Ports.options(host(), ports));
  }

  @Test
  void eachPublishedPortIsToldToPasta() {
    assertEquals("--tcp-ports none --udp-ports none", ports());
    assertEquals(
        "--tcp-ports 8080:80 --udp-ports none", ports("tcp 0.0.0.0 8080 80", "tcp :: 8080 80"));
    assertEquals(
        "--tcp-ports 127.0.0.1/8080:80 --tcp-ports ::1/8081:80 --udp-ports 0.0.0.0/5353:5353",
        ports("tcp 127.0.0.1 8080 80", "udp 0.0.0.0 5353 5353", "tcp ::1 8081 80"));
  }

  @Test
  void datagramsAreAnsweredAtTheSamePort() {
    PlanningException refused =
        assertThrows(PlanningException.class, () -> ports("udp 0.0.0.0 5353 53"));
    assertTrue(refused.getMessage().contains("not at 5353 for 53"), refused.getMessage());
  }

  @Test
  void aPortOfRootIsRefused() throws IOException {
    PlanningException refused =
        assertThrows(PlanningException.class, () -> ports("tcp 0.0.0.0 1023 80"));
    assertTrue(refused.getMessage().contains("1023"), refused.getMessage());
    Files.createDirectories(root.resolve("proc/sys/net/ipv4"));
    Files.writeString(root.resolve("proc/sys/net/ipv4/ip_unprivileged_port_start"), "80\n");
    assertEquals("--tcp-ports 0.0.0.0/80:80 --udp-ports none", ports("tcp 0.0.0.0 80 80"));
  }

  private String command() {
    return programs(contributed().run(Optional.empty())).get(0).argv().toString();
  }

  @Test
  void answersForNameServersThatOnlyTheHostReaches() throws IOException {
    assertEquals(List.of(Subnet.address("169.254.1.1")), provider().standInNameservers(request()));
    assertTrue(command().contains("--dns-forward, 169.254.1.1"), command());
    routes(HEADER);
    assertEquals(List.of(), provider().standInNameservers(request()));
  }

  @Test
  void endsItByTheFileThatNamesIt() {
    List<Operation.Run> undo = programs(contributed().teardown());
    assertEquals(1, undo.size());
    assertEquals(
        request().container().state().resolve("pasta.pid") + "\n", undo.get(0).stdin().toString());
  }

  @Test
  void aContainerWhoseRootIsAnotherUserIsRefused() {
    NetworkRequest mapped =
        request().toBuilder()
            .spec(
                Spec.builder()
                    .linux(
                        LinuxSettings.builder()
                            .uidMappings(
                                List.of(
                                    IdMapping.builder()
                                        .containerId(0)
                                        .hostId(100000)
                                        .size(10)
                                        .build()))
                            .build())
                    .build())
            .build();
    PlanningException refused =
        assertThrows(
            PlanningException.class,
            () -> provider().contribute(mapped, new PlanAssembler().forPlugin("net-pasta")));
    assertTrue(refused.getMessage().contains("user 1000"), refused.getMessage());
  }
}
