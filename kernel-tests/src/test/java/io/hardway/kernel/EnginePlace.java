package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A place for docker, podman and containerd as Debian has them, with directories of their own: what
 * they keep in fixed places is hidden in a mount namespace of their own.
 */
final class EnginePlace {
  private static final String GROUPS =
      "for at in /sys/fs/cgroup/*/docker /sys/fs/cgroup/*/libpod_parent /sys/fs/cgroup/*/default;"
          + " do [ ! -d $at ] || find $at -depth -type d -exec rmdir {} +; done";

  private final Path directory;
  private final Process holder;
  private final List<Process> daemons = new ArrayList<>();

  /**
   * With a directory that is made, in the network namespace that this command enters or makes:
   * {@code nsenter} or {@code unshare} with options.
   */
  EnginePlace(Path directory, List<String> network) throws IOException {
    this.directory = Files.createDirectories(directory);
    // crun does not start where cgroup version 2 is mounted beside version 1.
    String hide =
        "umount -l /sys/fs/cgroup/unified 2>/dev/null; mkdir -p /var/lib/cni;"
            + " for at in /run /dev/shm /var/lib/cni; do mount -t tmpfs none $at || exit; done;"
            + " echo there; exec sleep 1000";
    List<String> command = new ArrayList<>(network);
    command.addAll(List.of("unshare", "--mount", "sh", "-c", hide));
    this.holder = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertEquals('t', holder.getInputStream().read());
  }

  /** A command of this place as one of the test's. */
  List<String> inside(List<String> command) {
    String namespaces = "/proc/" + holder.pid() + "/ns/";
    List<String> words = new ArrayList<>(List.of("nsenter"));
    words.addAll(List.of("--net=" + namespaces + "net", "--mount=" + namespaces + "mnt"));
    words.addAll(command);
    return words;
  }

  /** The namespaces that commands of this place are in. */
  Set<String> namespaces() throws IOException {
    return ContainerProbe.namespaces(Long.toString(holder.pid()));
  }

  /** Runs a command to its end. */
  Product.Outcome perform(List<String> engine, String... words) {
    return Product.perform(inside(Stream.concat(engine.stream(), Stream.of(words)).toList()), "");
  }

  /** What a command prints that must succeed, without the last newline. */
  String ok(List<String> engine, String... words) {
    Product.Outcome outcome = perform(engine, words);
    assertEquals(
        0,
        outcome.exitCode(),
        () -> String.join(" ", engine) + " " + String.join(" ", words) + "\n" + outcome + log());
    return outcome.out().strip();
  }

  /** The command that is docker here. */
  List<String> docker() {
    return List.of("docker", "-H", "unix://" + directory.resolve("docker.sock"));
  }

  /** The command that is podman here. */
  List<String> podman() {
    return List.of(
        "podman",
        "--root",
        directory.resolve("podman").toString(),
        "--runroot",
        "/run/podman",
        "--cgroup-manager",
        "cgroupfs");
  }

  /** The command that is containerd's client here. */
  List<String> ctr() {
    return List.of("ctr", "--address", directory.resolve("containerd.sock").toString());
  }

  /** Starts docker with these flags too. */
  void startDocker(String... flags) throws IOException {
    List<String> command =
        new ArrayList<>(
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
    command.addAll(List.of(flags));
    start(command, docker());
  }

  /** Starts containerd without what only Kubernetes needs. */
  void startContainerd() throws IOException {
    Path configuration = directory.resolve("containerd.toml");
    Files.writeString(
        configuration, "version = 2\ndisabled_plugins = [\"io.containerd.grpc.v1.cri\"]\n");
    start(
        List.of(
            "containerd",
            "--config",
            configuration.toString(),
            "--address",
            directory.resolve("containerd.sock").toString(),
            "--root",
            directory.resolve("containerd").toString(),
            "--state",
            directory.resolve("containerd-run").toString()),
        ctr());
  }

  /** Starts a daemon, and waits until its client is answered. */
  private void start(List<String> command, List<String> client) throws IOException {
    Process daemon =
        new ProcessBuilder(inside(command))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("daemon.log").toFile())
            .start();
    daemons.add(daemon);
    while (perform(client, "version").exitCode() != 0) {
      assertTrue(daemon.isAlive(), this::log);
      pause();
    }
  }

  /** Gives docker or podman the image "bench", made of a directory. */
  void importImage(List<String> engine, String rootfs) {
    ok(
        List.of(
            "sh",
            "-c",
            "tar -C " + rootfs + " -c . | " + String.join(" ", engine) + " import - bench"));
  }

  /** The last of what the daemon said. */
  String log() {
    try {
      Path file = directory.resolve("daemon.log");
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      return "\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - 8), lines.size()));
    } catch (IOException e) {
      return "";
    }
  }

  static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends the daemons; their containers went before. */
  void endDaemons() throws InterruptedException {
    for (Process daemon : daemons) {
      daemon.destroy();
      daemon.waitFor();
    }
    daemons.clear();
  }

  /** Processes of this place but the one that holds it, like those that clean up for podman. */
  private List<ProcessHandle> others() {
    return ProcessHandle.allProcesses()
        .filter(process -> process.pid() != holder.pid() && isHere(process.pid()))
        .toList();
  }

  private boolean isHere(long pid) {
    try {
      return mountNamespace(pid).equals(mountNamespace(holder.pid()));
    } catch (IOException gone) {
      return false;
    }
  }

  private static Path mountNamespace(long pid) throws IOException {
    return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "ns/mnt"));
  }

  /** Ends all of it, when those have ended who would make directories anew. */
  void end() throws InterruptedException {
    endDaemons();
    for (int i = 0; i < 100 && !others().isEmpty(); i++) {
      pause();
    }
    others().forEach(ProcessHandle::destroyForcibly);
    holder.destroyForcibly().waitFor();
    Product.perform(List.of("sh", "-c", GROUPS), "");
  }
}
