package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * docker's swarm over two nodes whose default runtime is the product: each is a dockerd in a
 * network namespace of its own, and the two have one cable between them.
 */
class OciSwarmTest extends MachineNetworkTest {
  private static final String MANAGER = "192.0.2.1";
  private static final String ANSWER =
      "while :; do echo \"$(hostname) $VERSION\" | nc -l -p 80; done";

  private final List<EnginePlace> nodes = new ArrayList<>();

  @BeforeEach
  void startNodes() throws IOException {
    Conditions.program("/usr/sbin/dockerd");
    Conditions.program("/usr/sbin/iptables");
    String ours = hardway.home().resolve("bin/hardway-oci").toString();
    for (Process namespace : List.of(machine, outside)) {
      EnginePlace node =
          new EnginePlace(hardway.directory().resolve("node" + nodes.size()), enter(namespace));
      nodes.add(node);
      node.startDocker("--add-runtime", "hardway=" + ours, "--default-runtime", "hardway");
      node.importImage(node.docker(), rootfs());
    }
  }

  @AfterEach
  void endNodes() throws Exception {
    for (EnginePlace node : nodes.reversed()) {
      node.perform(node.docker(), "swarm", "leave", "--force");
      node.end();
    }
  }

  private static String docker(EnginePlace node, String... words) {
    return node.ok(node.docker(), words);
  }

  private String manager(String... words) {
    return docker(nodes.getFirst(), words);
  }

  /** The containers of a node that run. */
  private static List<String> containers(EnginePlace node) {
    return Stream.of(docker(node, "ps", "-q", "--no-trunc").split("\n"))
        .filter(id -> !id.isEmpty())
        .toList();
  }

  private List<String> containers() {
    return nodes.stream().flatMap(node -> containers(node).stream()).toList();
  }

  private void await(Supplier<Boolean> holds, String what) {
    for (int i = 0; i < 600 && !holds.get(); i++) {
      EnginePlace.pause();
    }
    assertTrue(
        holds.get(), () -> what + "\n" + manager("service", "ps", "--no-trunc", "web") + log());
  }

  private String log() {
    return nodes.getFirst().log() + nodes.getLast().log();
  }

  /** What the port of a node says, which listens again and again. */
  private String answer(String node) {
    String answer = "";
    for (int i = 0; i < 50 && answer.isEmpty(); i++) {
      EnginePlace.pause();
      answer =
          nodes.getFirst().perform(List.of("busybox", "nc", "-w", "2", node, "8080")).out().strip();
    }
    return answer;
  }

  @Test
  void aServiceIsScheduledScaledUpdatedAndRemoved() {
    EnginePlace other = nodes.getLast();
    manager("swarm", "init", "--advertise-addr", MANAGER, "--listen-addr", MANAGER);
    String token = manager("swarm", "join-token", "-q", "worker");
    docker(other, "swarm", "join", "--token", token, MANAGER);
    manager("network", "create", "--driver", "overlay", "inner");
    // The kernel need not have IPVS, which addresses of services and the ingress network take.
    manager(
        Stream.concat(
                Stream.of("service", "create", "--detach", "--name", "web", "--network", "inner"),
                Stream.of(
                    "--endpoint-mode",
                    "dnsrr",
                    "--publish",
                    "mode=host,published=8080,target=80",
                    "--replicas",
                    "2",
                    "--replicas-max-per-node",
                    "1",
                    "--stop-grace-period",
                    "0s",
                    "--update-parallelism",
                    "0",
                    "--restart-delay",
                    "0s",
                    "--no-resolve-image",
                    "--env",
                    "VERSION=1",
                    "bench",
                    "sh",
                    "-c",
                    ANSWER))
            .toArray(String[]::new));
    await(() -> nodes.stream().allMatch(node -> containers(node).size() == 1), "one on each node");
    String first = containers().getFirst();
    assertEquals("hardway", manager("inspect", "-f", "{{.HostConfig.Runtime}}", first));
    assertTrue(docker(other, "info").contains("Default Runtime: hardway"));

    String theirs = containers(other).getFirst();
    assertEquals(theirs.substring(0, 12) + " 1", answer(OUTSIDE));
    String address =
        docker(other, "inspect", "-f", "{{.NetworkSettings.Networks.inner.IPAddress}}", theirs);
    manager("exec", first, "ping", "-c", "1", address);
    assertTrue(manager("exec", first, "nslookup", "web", "127.0.0.11").contains(address));

    docker(other, "kill", theirs);
    await(
        () -> containers(other).size() == 1 && !containers(other).contains(theirs),
        "another in the place of what was killed");

    manager("service", "scale", "--detach", "web=1");
    await(() -> containers().size() == 1, "one is left");
    manager("service", "scale", "--detach", "web=2");
    await(() -> containers().size() == 2, "two again");

    List<String> before = containers();
    manager("service", "update", "--detach", "--no-resolve-image", "--env-add", "VERSION=2", "web");
    await(
        () -> containers().size() == 2 && containers().stream().noneMatch(before::contains),
        "both replaced");
    assertNotEquals("", answer(OUTSIDE));
    assertTrue(answer(OUTSIDE).endsWith(" 2"));

    manager("service", "rm", "web");
    await(() -> containers().isEmpty(), "all ended");
  }
}
