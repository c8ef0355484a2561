package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * docker and podman as Debian has them, on a machine that is a network namespace: with directories
 * of their own, and what they keep in fixed places hidden in a mount namespace of their own.
 */
final class PeerEngines {
  static final int DOCKER_PORT = 8081;
  static final int PODMAN_PORT = 8082;

  private static final String ANSWER = "while :; do echo %s | nc -l -p 80; done";

  private final Path directory;
  private final Path rootfs;
  private final Process place;
  private Process dockerd;
  private boolean podmanRan;

  /** With a directory of their own, on this machine; images are made of this root. */
  PeerEngines(Path directory, Process machine, Path rootfs) throws IOException {
    for (String program :
        List.of("/usr/sbin/dockerd", "/usr/bin/podman", "/usr/sbin/iptables", "/usr/bin/crun")) {
      Conditions.program(program);
    }
    this.directory = Files.createDirectories(directory);
    this.rootfs = rootfs;
    List<String> command = new ArrayList<>(MachineNetworkTest.enter(machine));
    // crun does not start where cgroup version 2 is mounted beside version 1.
    String hide =
        "umount -l /sys/fs/cgroup/unified 2>/dev/null; mkdir -p /var/lib/cni;"
            + " for at in /run /dev/shm /var/lib/cni; do mount -t tmpfs none $at || exit; done;"
            + " echo there; exec sleep 1000";
    command.addAll(List.of("unshare", "--mount", "sh", "-c", hide));
    this.place = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertEquals('t', place.getInputStream().read());
  }

  private List<String> inside(List<String> command) {
    String namespaces = "/proc/" + place.pid() + "/ns/";
    List<String> words = new ArrayList<>(List.of("nsenter"));
    words.addAll(List.of("--net=" + namespaces + "net", "--mount=" + namespaces + "mnt"));
    words.addAll(command);
    return words;
  }

  private String ok(List<String> command) {
    Product.Outcome outcome = Product.perform(inside(command), "");
    assertEquals(
        0, outcome.exitCode(), () -> String.join(" ", command) + "\n" + outcome + "\n" + log());
    return outcome.out().strip();
  }

  private String log() {
    try {
      Path log = directory.resolve("dockerd.log");
      List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    } catch (IOException e) {
      return "";
    }
  }

  private List<String> docker(String... arguments) {
    List<String> words =
        new ArrayList<>(List.of("docker", "-H", "unix://" + directory.resolve("docker.sock")));
    words.addAll(List.of(arguments));
    return words;
  }

  private List<String> podman(String... arguments) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "podman",
                "--root",
                directory.resolve("podman").toString(),
                "--runroot",
                "/run/podman"));
    words.addAll(List.of(arguments));
    return words;
  }

  private void load(List<String> importing) {
    ok(List.of("sh", "-c", "tar -C " + rootfs + " -c . | " + String.join(" ", importing)));
  }

  /** Starts docker, and with it a container that says "docker" on a published port. */
  void startDocker() throws IOException {
    List<String> command =
        inside(
            List.of(
                "dockerd",
                "--data-root",
                directory.resolve("docker").toString(),
                "--exec-root",
                directory.resolve("docker-run").toString(),
                "--pidfile",
                directory.resolve("docker.pid").toString(),
                "-H",
                "unix://" + directory.resolve("docker.sock")));
    dockerd =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("dockerd.log").toFile())
            .start();
    while (Product.perform(inside(docker("version")), "").exitCode() != 0) {
      assertTrue(dockerd.isAlive(), this::log);
      pause();
    }
    load(docker("import", "-", "bench"));
    ok(
        docker(
            "run",
            "-d",
            "--name",
            "theirs",
            "-p",
            DOCKER_PORT + ":80",
            "bench",
            "sh",
            "-c",
            ANSWER.formatted("docker")));
  }

  /** Ends the daemon; its container goes before. */
  void stopDocker() throws InterruptedException {
    ok(docker("rm", "-f", "theirs"));
    dockerd.destroy();
    dockerd.waitFor();
    dockerd = null;
  }

  /** Starts a container of podman's that says "podman" on a published port. */
  void startPodman() {
    podmanRan = true;
    load(podman("import", "-", "bench"));
    ok(
        podman(
            "run",
            "-d",
            "--name",
            "theirs",
            "--ulimit",
            "nofile=1024:1024",
            "--cap-add",
            "NET_RAW",
            "--ulimit",
            "nproc=1000:1000",
            "-p",
            PODMAN_PORT + ":80",
            "bench",
            "sh",
            "-c",
            ANSWER.formatted("podman")));
  }

  boolean dockerReaches(String address) {
    return reaches(docker(), address);
  }

  boolean podmanReaches(String address) {
    return reaches(podman(), address);
  }

  private boolean reaches(List<String> engine, String address) {
    List<String> words = new ArrayList<>(engine);
    words.addAll(List.of("exec", "theirs", "ping", "-c", "1", "-W", "1", address));
    return Product.perform(inside(words), "").exitCode() == 0;
  }

  static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends all of it. */
  void end() throws InterruptedException {
    if (podmanRan) {
      Product.perform(inside(podman("rm", "--all", "--force", "--time", "0")), "");
    }
    if (dockerd != null) {
      Product.perform(inside(docker("rm", "-f", "theirs")), "");
      dockerd.destroy();
      dockerd.waitFor();
    }
    place.destroyForcibly().waitFor();
    Path groups = Path.of("/sys/fs/cgroup");
    Product.perform(
        List.of(
            "sh",
            "-c",
            "for at in "
                + groups
                + "/*/docker "
                + groups
                + "/*/libpod_parent; do [ ! -d $at ] || find $at -depth -type d -exec rmdir {} +; done"),
        "");
  }
}
