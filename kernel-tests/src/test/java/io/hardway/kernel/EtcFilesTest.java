package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a container's hosts, hostname and resolv.conf say, in every mode of the network. */
class EtcFilesTest extends MachineNetworkTest {
  private static final String LOCAL =
      """
      127.0.0.1\tlocalhost
      ::1\tlocalhost ip6-localhost ip6-loopback
      fe00::\tip6-localnet
      ff00::\tip6-mcastprefix
      ff02::1\tip6-allnodes
      ff02::2\tip6-allrouters
      """;

  private String printed(String file, String... flags) throws IOException {
    List<String> words = new ArrayList<>(List.of("run", "--rm", "--rootfs", rootfs()));
    words.addAll(List.of(flags));
    words.addAll(List.of("cat", "/etc/" + file));
    Product.Outcome outcome = there.run(words.toArray(String[]::new));
    assertEquals(0, outcome.exitCode(), outcome::toString);
    return outcome.out();
  }

  @Test
  void hostsHasItsAddressAndNamesAndWhatIsAdded() throws IOException {
    there.ok("network", "create", "--subnet", "10.77.0.0/24", "--subnet", "fd77::/64", "given");
    assertEquals(
        LOCAL
            + "10.1.1.1\tdb\nfd00::5\tsix\n10.77.0.1\tgate\nfd77::1\tgate\n"
            + "10.77.0.9\tweb.example.org web\nfd77::9\tweb.example.org web\n",
        printed(
            "hosts",
            "--network",
            "given",
            "--ip",
            "10.77.0.9",
            "--ip6",
            "fd77::9",
            "-h",
            "web",
            "--domainname",
            "example.org",
            "--add-host",
            "db:10.1.1.1",
            "--add-host",
            "six=[fd00::5]",
            "--add-host",
            "gate:host-gateway"));
    assertEquals("web\n", printed("hostname", "-h", "web"));
    assertEquals(LOCAL + "127.0.1.1\tweb\n", printed("hosts", "-h", "web", "--network", "none"));
    assertEquals(
        Files.readString(Path.of("/etc/hosts")) + "10.1.1.1\tdb\n127.0.0.1\tgate\n",
        printed(
            "hosts",
            "--network",
            "host",
            "--add-host",
            "db:10.1.1.1",
            "--add-host",
            "gate:host-gateway"));
    assertEquals(
        Files.readString(Path.of("/proc/sys/kernel/hostname")),
        printed("hostname", "--network", "host"));
  }

  @Test
  void resolvConfIsWhatWasAskedFor() throws IOException {
    assertEquals(
        "nameserver 10.1.1.1\nnameserver fd00::1\nsearch a.org b.org\noptions rotate ndots:2\n",
        printed(
            "resolv.conf",
            "--network",
            "none",
            "--dns",
            "10.1.1.1",
            "--dns",
            "fd00:0::1",
            "--dns-search",
            "a.org",
            "--dns-search",
            "b.org",
            "--dns-option",
            "rotate",
            "--dns-opt",
            "ndots:2"));
    String none = printed("resolv.conf", "--network", "none", "--dns-search", ".");
    assertTrue(!none.contains("search"), none);
    assertTrue(!none.contains("nameserver 127."), none);
  }

  @Test
  void aContainerWithTheNetworkOfAnotherHasItsFiles() throws IOException {
    there.ok("run", "-d", "--name", "a", "-h", "first", "--rootfs", rootfs(), "sleep", "1000");
    String own = there.ok("exec", "a", "cat", "/etc/hosts");
    assertTrue(own.contains("\tfirst"), own);
    assertEquals(own, printed("hosts", "--network", "container:a").strip());
    assertEquals("first\n", printed("hostname", "--network", "container:a"));
    for (String[] refused :
        new String[][] {
          {"--add-host a:10.1.1.1", "custom host-to-IP mapping and the network mode"},
          {"--dns 10.1.1.1", "conflicting options: dns and the network mode"},
          {"-h other", "conflicting options: hostname and the network mode"},
        }) {
      Product.Outcome outcome =
          there.run(
              ("run --network container:a " + refused[0] + " --rootfs " + rootfs() + " true")
                  .split(" "));
      assertEquals(125, outcome.exitCode(), outcome::toString);
      assertTrue(outcome.err().contains(refused[1]), outcome::toString);
    }
    Product.Outcome bad = there.run("run", "--dns", "10.1.1", "--rootfs", rootfs(), "true");
    assertTrue(
        bad.err().contains("ip address is not correctly formatted: \"10.1.1\""), bad::toString);
    Product.Outcome noGateway =
        there.run(
            ("run --network none --add-host g:host-gateway --rootfs " + rootfs() + " true")
                .split(" "));
    assertTrue(
        noGateway.err().contains("no network in which it reaches the host"), noGateway::toString);
  }

  @Test
  void theyCanBeWrittenAndAreNewAtEachStart() throws IOException {
    there.ok("run", "-d", "--name", "a", "-h", "a", "--rootfs", rootfs(), "sleep", "1000");
    there.ok("exec", "a", "sh", "-c", "echo 10.1.1.1 mine >> /etc/hosts; rm /etc/hosts || true");
    assertTrue(there.ok("exec", "a", "cat", "/etc/hosts").contains("mine"));
    there.ok("stop", "-t", "0", "a");
    there.ok("start", "a");
    assertTrue(!there.ok("exec", "a", "cat", "/etc/hosts").contains("mine"));
    String changes = there.ok("diff", "a");
    assertTrue(!changes.contains("resolv.conf"), changes);
    Product.Outcome readOnly =
        there.run(
            "run", "--rm", "--read-only", "--rootfs", rootfs(), "sh", "-c", "echo x > /etc/hosts");
    assertEquals(1, readOnly.exitCode(), readOnly::toString);
    assertTrue(readOnly.err().contains("Read-only"), readOnly::toString);
    assertEquals(
        "x 0",
        there.ok(
            "run",
            "--rm",
            "--userns",
            "auto",
            "--rootfs",
            rootfs(),
            "sh",
            "-c",
            "echo x > /etc/resolv.conf; echo $(cat /etc/resolv.conf; stat -c %u /etc/hosts)"));
  }

  @Test
  void whatTheUserMountsThereWins() throws IOException {
    Path mine = Files.writeString(hardway.directory().resolve("mine"), "10.9.9.9 mine\n");
    assertEquals("10.9.9.9 mine\n", printed("hosts", "-v", mine + ":/etc/hosts:ro"));
    assertEquals("10.9.9.9 mine\n", Files.readString(mine));
    assertEquals("10.9.9.9 mine\n", printed("resolv.conf", "-v", mine + ":/etc/resolv.conf"));
  }
}
