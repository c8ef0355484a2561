package io.hardway.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.PublishedPort;
import io.hardway.testkit.FakeHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which ports of the host a container gets, and who has those that it does not get. */
class HostPortsTest {
  private static final String OTHER = "ab".repeat(32);
  private static final String SOCKETS =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

  @TempDir Path directory;
  private PlannedEngine engine;
  private FakeHost host;

  @BeforeEach
  void aHostWithPortsToChooseFrom() throws IOException {
    engine = new PlannedEngine(directory);
    host = new FakeHost(Files.createDirectories(directory.resolve("machine")));
    file("/proc/sys/net/ipv4/ip_local_port_range", "5000\t5002\n");
  }

  private void file(String path, String text) throws IOException {
    Path file = host.file(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private HostPorts of(String id) {
    return new HostPorts(host, engine.directories(), engine.engine().containers(), id);
  }

  /** Some container that is there. */
  private void own(String id) throws IOException {
    Files.createDirectories(engine.directories().owners());
    Files.createFile(engine.directories().owner(id));
  }

  private static PortMapping tcp(String address, int first, int last) {
    return new PortMapping(PublishedPort.Protocol.TCP, address, first, last, 80);
  }

  private static List<String> text(List<PublishedPort> ports) {
    return ports.stream()
        .map(port -> port.address().getHostAddress() + ":" + port.hostPort())
        .toList();
  }

  private List<String> links() throws IOException {
    try (Stream<Path> files = Files.walk(engine.directories().leases())) {
      return files
          .filter(Files::isSymbolicLink)
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void aPortOfAllAddressesIsOneOfEachVersionTheHostHas() throws IOException {
    assertEquals(List.of("0.0.0.0:80"), text(of(OTHER).preview(List.of(tcp("", 80, 80)))));
    file("/proc/net/if_inet6", "");
    assertEquals(
        List.of("0.0.0.0:80", "0:0:0:0:0:0:0:0:80"),
        text(of(OTHER).take(List.of(tcp("", 80, 80)))));
    assertEquals(List.of("tcp-80-0.0.0.0", "tcp-80-::"), links());
  }

  @Test
  void ofARangeTheFirstThatIsFree() throws IOException {
    own(OTHER);
    of(OTHER).take(List.of(tcp("192.0.2.1", 80, 80)));
    List<PortMapping> range = List.of(tcp("", 80, 81));
    assertEquals(List.of("0.0.0.0:81"), text(of(PlannedEngine.ID).take(range)));
    assertEquals(
        List.of("192.0.2.2:80"),
        text(of(PlannedEngine.ID).preview(List.of(tcp("192.0.2.2", 80, 80)))),
        "another address");
    assertEquals(
        List.of("192.0.2.1:80"),
        text(
            of(PlannedEngine.ID)
                .preview(
                    List.of(new PortMapping(PublishedPort.Protocol.UDP, "192.0.2.1", 80, 80, 80)))),
        "another protocol");
  }

  @Test
  void whoHasItIsNamedAndNothingIsTaken() throws IOException {
    own(OTHER);
    of(OTHER).take(List.of(tcp("", 80, 81)));
    List<String> before = links();
    List<PortMapping> asked = List.of(tcp("", 90, 90), tcp("", 80, 80));
    String one =
        assertThrows(HardwayException.class, () -> of(PlannedEngine.ID).take(asked)).getMessage();
    assertTrue(one.startsWith("port 80/tcp is in use by container " + OTHER.substring(0, 12)), one);
    assertEquals(before, links());
    List<PortMapping> twice = List.of(tcp("", 90, 90), tcp("192.0.2.1", 90, 90));
    String own =
        assertThrows(HardwayException.class, () -> of(PlannedEngine.ID).take(twice)).getMessage();
    assertTrue(own.contains("of 192.0.2.1 is in use by this container, for its port 80"), own);
  }

  @Test
  void aSocketOfTheHostHasItToo() throws IOException {
    file(
        "/proc/net/tcp",
        SOCKETS
            + "   0: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4711 1\n"
            + "   1: 00000000:1388 0100007F:0050 01 00000000:00000000 00:00000000 00000000 0 0 4712 1\n");
    file("/proc/77/comm", "nginx\n");
    Files.createDirectories(host.file("/proc/77/fd"));
    Files.createSymbolicLink(host.file("/proc/77/fd/3"), Path.of("socket:[4711]"));
    String taken =
        assertThrows(
                HardwayException.class,
                () -> of(PlannedEngine.ID).preview(List.of(tcp("127.0.0.1", 80, 80))))
            .getMessage();
    assertTrue(taken.contains("is in use by nginx (pid 77)"), taken);
    assertEquals(
        List.of("192.0.2.1:80"),
        text(of(PlannedEngine.ID).preview(List.of(tcp("192.0.2.1", 80, 80)))));
    assertEquals(
        List.of("0.0.0.0:5000"),
        text(of(PlannedEngine.ID).preview(List.of(tcp("", 5000, 5000)))),
        "a connection does not keep one from listening");
    assertEquals(
        List.of("0.0.0.0:5001"),
        text(of(PlannedEngine.ID).preview(List.of(tcp("", 0, 0)))),
        "any port is one that nobody uses at all");
  }

  @Test
  void whatWasLeftFromAFormerRunIsFreeForTheSameContainer() throws IOException {
    own(PlannedEngine.ID);
    of(PlannedEngine.ID).take(List.of(tcp("", 80, 80)));
    assertEquals(
        List.of("0.0.0.0:80"), text(of(PlannedEngine.ID).preview(List.of(tcp("", 80, 80)))));
    own(OTHER);
    assertThrows(HardwayException.class, () -> of(OTHER).preview(List.of(tcp("", 80, 80))));
  }

  @Test
  void whereAllOfTheRangeAreTakenTheFirstHolderIsSaid() throws IOException {
    own(OTHER);
    of(OTHER).take(List.of(tcp("", 5000, 5000), tcp("", 5001, 5001), tcp("", 5002, 5002)));
    String all =
        assertThrows(
                HardwayException.class, () -> of(PlannedEngine.ID).preview(List.of(tcp("", 0, 0))))
            .getMessage();
    assertTrue(all.startsWith("all ports 5000-5002/tcp are in use, the first by container"), all);
  }
}
