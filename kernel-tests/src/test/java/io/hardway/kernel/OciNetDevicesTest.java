package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Network devices of the machine that a bundle's container is given. */
class OciNetDevicesTest extends MachineNetworkTest {
  private OciBundle bundle;

  @BeforeEach
  void makeADeviceAndABundle() throws IOException {
    in(machine, "ip link add given type veth peer name other");
    in(machine, "ip link set given mtu 1400");
    in(machine, "ip addr add 10.77.0.2/24 broadcast 10.77.0.255 dev given");
    in(machine, "ip addr add 10.77.1.2 peer 10.77.1.1/32 dev given");
    in(machine, "ip addr add 10.77.2.2/24 valid_lft 1000 preferred_lft 1000 dev given");
    in(machine, "ip addr add 10.77.3.2/24 scope link dev given");
    in(machine, "ip addr add fd77::2/64 dev given noprefixroute nodad");
    in(machine, "ip link set given up");
    in(machine, "ip link set other up");
    bundle = new OciBundle(hardway, hardway.directory().resolve("bundle")).behind(enter(machine));
  }

  @AfterEach
  void remove() {
    bundle.run("delete", "--force", "one");
  }

  private Product.Outcome run(String devices, String script) throws IOException {
    bundle.linux(", \"netDevices\": {" + devices.replace('\'', '"') + "}").script(script);
    return bundle.run("run", "--bundle", bundle.directory().toString(), "one");
  }

  @Test
  void aDeviceComesWithItsLastingAddressesAndIsUp() throws IOException {
    Product.Outcome outcome =
        run("'given': {'name': 'inside'}", "ip addr show dev inside; ip -6 route");
    assertEquals(0, outcome.exitCode(), outcome::toString);
    String seen = outcome.out();
    assertTrue(seen.contains("inside@"), seen);
    assertTrue(seen.contains("mtu 1400"), seen);
    assertTrue(seen.contains(",UP"), seen);
    assertTrue(seen.contains("inet 10.77.0.2/24 brd 10.77.0.255 scope global inside"), seen);
    assertTrue(seen.contains("inet 10.77.1.2 peer 10.77.1.1/32 scope global inside"), seen);
    assertTrue(seen.contains("inet6 fd77::2/64 scope global"), seen);
    assertFalse(seen.contains("10.77.2.2"), seen);
    assertFalse(seen.contains("10.77.3.2"), seen);
    assertFalse(seen.contains("fd77::/64"), seen); // as its flag says
    // The namespace that it was in is gone, and it with that.
    assertFalse(in(machine, "ip -o link").contains("given"));
  }

  @Test
  void aDeviceGoesToANamespaceThatIsThere() throws IOException {
    bundle.namespaces("pid", "ipc", "uts", "mount");
    Path config = bundle.directory().resolve("config.json");
    bundle
        .linux(", \"netDevices\": {\"given\": {\"name\": \"net%d\"}, \"other\": {}}")
        .script("ip -o link | cut -d : -f 2");
    Files.writeString(
        config,
        Files.readString(config)
            .replace(
                "\"namespaces\": [",
                "\"namespaces\": [{\"type\": \"network\", \"path\": \"/proc/"
                    + outside.pid()
                    + "/ns/net\"}, "));
    Product.Outcome outcome = bundle.run("run", "--bundle", bundle.directory().toString(), "one");
    assertEquals(0, outcome.exitCode(), outcome::toString);
    // Another's namespace stays, and what is in it.
    for (String name : List.of("net0", "other", "lan")) {
      assertTrue(outcome.out().contains(" " + name), outcome::toString);
      assertTrue(in(outside, "ip -o link").contains(" " + name), name);
    }
    assertTrue(in(outside, "ip addr").contains("10.77.0.2/24"));
  }

  @Test
  void whatCannotBeGivenIsNamed() throws IOException {
    assertRefused("'missing': {}", "linux.netDevices.missing: the host has no such network device");
    assertRefused(
        "'given': {'name': 'a name'}", "linux.netDevices.given.name: 'a name' is no name");
    assertRefused(
        "'given': {'name': 'lo'}", "linux.netDevices.given: there is a lo inside already");
    assertRefused("'given': {'name': 'x'}, 'other': {'name': 'x'}", "there is a x inside already");
    assertRefused("'given': 7", "linux.netDevices: given must be an object");
    assertTrue(in(machine, "ip -o link").contains("given"));
    bundle.namespaces("pid", "ipc", "uts", "mount");
    assertRefused("'given': {}", "the container has the host's network namespace");
  }

  private void assertRefused(String devices, String message) throws IOException {
    Product.Outcome outcome = run(devices, "true");
    assertEquals(1, outcome.exitCode(), outcome::toString);
    assertTrue(outcome.err().contains(message), outcome::toString);
  }
}
