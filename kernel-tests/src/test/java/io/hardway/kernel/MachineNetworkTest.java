package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Tests of networks, in a network namespace that stands for the machine, with another behind it
 * that stands for the world outside: nothing is sent to anybody else.
 */
abstract class MachineNetworkTest extends KernelTest {
  static final String OUTSIDE = "192.0.2.2";

  Process machine;
  Process outside;

  /** The product, on the machine. */
  Product there;

  @BeforeEach
  void makeAMachineAndTheWorld() throws IOException {
    Conditions.program("/usr/sbin/ip");
    Conditions.program("/usr/sbin/nft");
    Conditions.program("/usr/sbin/sysctl");
    machine = namespace();
    outside = namespace();
    String pid = Long.toString(outside.pid());
    // A new namespace has the host's value, and the machine that is meant here forwards nothing
    // yet.
    in(machine, "sysctl -q -w net.ipv4.ip_forward=0");
    in(machine, "ip link set lo up");
    in(machine, "ip link add wan type veth peer name lan netns " + pid);
    in(machine, "ip addr add 192.0.2.1/24 dev wan");
    in(machine, "ip link set wan up");
    in(outside, "ip link set lo up");
    in(outside, "ip addr add " + OUTSIDE + "/24 dev lan");
    in(outside, "ip link set lan up");
    there = hardway.behind(enter(machine));
  }

  /** A process with a network namespace of its own, which is there when it says so. */
  private static Process namespace() throws IOException {
    Process process =
        new ProcessBuilder("unshare", "--net", "sh", "-c", "echo there; exec sleep 1000").start();
    assertEquals('t', process.getInputStream().read());
    return process;
  }

  @AfterEach
  void end() throws Exception {
    if (there != null) {
      for (String id : there.ok("ps", "-aq").split("\n")) {
        there.run("rm", "-f", id);
      }
    }
    for (Process process : new Process[] {machine, outside}) {
      if (process != null) {
        process.destroyForcibly().waitFor();
      }
    }
  }

  static List<String> enter(Process namespace) {
    return List.of("nsenter", "--net=/proc/" + namespace.pid() + "/ns/net");
  }

  /** What a command prints in a namespace. */
  static String in(Process namespace, String command) {
    List<String> words = new ArrayList<>(enter(namespace));
    words.addAll(List.of(command.split(" ")));
    Product.Outcome outcome = Product.perform(words, "");
    assertEquals(0, outcome.exitCode(), () -> command + "\n" + outcome);
    return outcome.out().strip();
  }

  /** Starts a container that does nothing. */
  void start(String name, String network) throws IOException {
    there.ok(
        "run", "-d", "--name", name, "--network", network, "--rootfs", rootfs(), "sleep", "1000");
  }

  /** A field of a running container's connection, as inspect shows it. */
  String address(String name, String network, String field) {
    return there.ok(
        "inspect",
        "-f",
        "{{index .NetworkSettings.Networks \"" + network + "\" \"" + field + "\"}}",
        name);
  }

  boolean reaches(String from, String address) {
    return there.run("exec", from, "ping", "-c", "1", "-W", "1", address).exitCode() == 0;
  }

  /** The addresses that are given out. */
  List<String> leases() throws IOException {
    try (var files = Files.walk(there.state().resolve("leases"))) {
      return files.filter(Files::isSymbolicLink).map(Path::toString).toList();
    }
  }
}
