package io.hardway.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * docker and podman with their own runtimes and networks, on a machine that is a network namespace,
 * each with one container that is reached from outside.
 */
final class PeerEngines {
  static final int DOCKER_PORT = 8081;
  static final int PODMAN_PORT = 8082;

  private static final String ANSWER = "while :; do echo %s | nc -l -p 80; done";

  private final String rootfs;
  private final EnginePlace place;
  private boolean dockerRuns;
  private boolean podmanRan;

  /** With a directory of their own, on this machine; images are made of this root. */
  PeerEngines(Path directory, Process machine, String rootfs) throws IOException {
    for (String program :
        List.of("/usr/sbin/dockerd", "/usr/bin/podman", "/usr/sbin/iptables", "/usr/bin/crun")) {
      Conditions.program(program);
    }
    this.rootfs = rootfs;
    this.place = new EnginePlace(directory, MachineNetworkTest.enter(machine));
  }

  /** A container that says its engine's name on a published port. */
  private void run(List<String> engine, int port, String... flags) {
    place.importImage(engine, rootfs);
    List<String> words =
        Stream.concat(
                Stream.of("run", "-d", "--name", "theirs", "-p", port + ":80"), Stream.of(flags))
            .toList();
    place.ok(
        Stream.concat(engine.stream(), words.stream()).toList(),
        "bench",
        "sh",
        "-c",
        ANSWER.formatted(engine.getFirst()));
  }

  /** Starts docker, and with it a container that says "docker" on a published port. */
  void startDocker() throws IOException {
    place.startDocker();
    dockerRuns = true;
    run(place.docker(), DOCKER_PORT);
  }

  /** Ends the daemon; its container goes before. */
  void stopDocker() throws InterruptedException {
    place.ok(place.docker(), "rm", "-f", "theirs");
    place.endDaemons();
    dockerRuns = false;
  }

  /** Starts a container of podman's that says "podman" on a published port. */
  void startPodman() {
    podmanRan = true;
    run(
        place.podman(),
        PODMAN_PORT,
        "--ulimit",
        "nofile=1024:1024",
        "--ulimit",
        "nproc=1000:1000",
        "--cap-add",
        "NET_RAW");
  }

  boolean dockerReaches(String address) {
    return reaches(place.docker(), address);
  }

  /** What a shell script prints in docker's container. */
  String dockerPrints(String script) {
    return place.ok(place.docker(), "exec", "theirs", "sh", "-c", script);
  }

  boolean podmanReaches(String address) {
    return reaches(place.podman(), address);
  }

  private boolean reaches(List<String> engine, String address) {
    return place.perform(engine, "exec", "theirs", "ping", "-c", "1", "-W", "1", address).exitCode()
        == 0;
  }

  /** Ends all of it. */
  void end() throws InterruptedException {
    if (podmanRan) {
      place.perform(place.podman(), "rm", "--all", "--force", "--time", "0");
    }
    if (dockerRuns) {
      place.perform(place.docker(), "rm", "-f", "theirs");
    }
    place.end();
  }
}
