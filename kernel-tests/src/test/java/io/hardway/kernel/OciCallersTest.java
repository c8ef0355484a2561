package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * podman, docker and containerd as Debian has them, with the product as their runtime: what users
 * do with a container, by each of them.
 */
class OciCallersTest extends KernelTest {
  private static final String PROGRAM = "echo started; exec sleep 1000";
  private static final String LIMIT = "/sys/fs/cgroup/memory/memory.limit_in_bytes";

  private Path directory;
  private Process place;
  private Process daemon;
  private String ours;

  /** What they keep in fixed places is hidden in a mount namespace of their own. */
  @BeforeEach
  void makeAPlace() throws IOException {
    for (String program :
        List.of("/usr/bin/podman", "/usr/sbin/dockerd", "/usr/bin/containerd", "/usr/bin/ctr")) {
      Conditions.program(program);
    }
    Conditions.require(Files.exists(Path.of("/sys/fs/cgroup/memory")), "memory in cgroup v1");
    ours = hardway.home().resolve("bin/hardway-oci").toString();
    directory = Files.createDirectories(hardway.directory().resolve("engines"));
    String hide =
        "umount -l /sys/fs/cgroup/unified 2>/dev/null;"
            + " for at in /run /dev/shm; do mount -t tmpfs none $at || exit; done;"
            + " echo there; exec sleep 1000";
    place =
        new ProcessBuilder("unshare", "--mount", "--net", "sh", "-c", hide)
            .redirectErrorStream(true)
            .start();
    assertEquals('t', place.getInputStream().read());
  }

  @AfterEach
  void end() throws Exception {
    if (daemon != null) {
      daemon.destroy();
      daemon.waitFor();
    }
    if (place != null) {
      place.destroyForcibly().waitFor();
    }
    String groups =
        "/sys/fs/cgroup/*/docker /sys/fs/cgroup/*/libpod_parent /sys/fs/cgroup/*/default";
    Product.perform(
        List.of(
            "sh",
            "-c",
            "for at in "
                + groups
                + "; do [ ! -d $at ] || find $at -depth -type d -exec rmdir {} +; done"),
        "");
  }

  private List<String> inside(List<String> command) {
    String namespaces = "/proc/" + place.pid() + "/ns/";
    List<String> words =
        new ArrayList<>(
            List.of("nsenter", "--net=" + namespaces + "net", "--mount=" + namespaces + "mnt"));
    words.addAll(command);
    return words;
  }

  private Product.Outcome perform(List<String> engine, String... words) {
    return Product.perform(inside(Stream.concat(engine.stream(), Stream.of(words)).toList()), "");
  }

  private String ok(List<String> engine, String... words) {
    Product.Outcome outcome = perform(engine, words);
    assertEquals(0, outcome.exitCode(), () -> String.join(" ", words) + "\n" + outcome + log());
    return outcome.out().strip();
  }

  private String log() {
    try {
      Path file = directory.resolve("daemon.log");
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 8), lines.size()));
    } catch (IOException e) {
      return "";
    }
  }

  /** Starts a daemon, and waits until its client is answered. */
  private void start(List<String> command, List<String> question) throws IOException {
    daemon =
        new ProcessBuilder(inside(command))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("daemon.log").toFile())
            .start();
    while (Product.perform(inside(question), "").exitCode() != 0) {
      assertTrue(daemon.isAlive(), this::log);
      PeerEngines.pause();
    }
  }

  private void importImage(List<String> engine) throws IOException {
    ok(
        List.of(
            "sh",
            "-c",
            "tar -C " + rootfs() + " -c . | " + String.join(" ", engine) + " import - bench"));
  }

  private void awaitText(String wanted, List<String> engine, String... words)
      throws InterruptedException {
    for (int i = 0; i < 200 && !perform(engine, words).out().contains(wanted); i++) {
      Thread.sleep(50);
    }
    assertTrue(ok(engine, words).contains(wanted), () -> String.join(" ", words));
  }

  /** What docker's and podman's users do, in the words both have. */
  private void live(List<String> engine, String... flags) throws Exception {
    List<String> run = new ArrayList<>(engine);
    run.addAll(List.of("run", "--network", "none"));
    run.addAll(List.of(flags));
    ok(run, "-d", "--name", "one", "--memory", "64m", "bench", "sh", "-c", PROGRAM);
    assertEquals("hello", ok(engine, "exec", "one", "echo", "hello"));
    assertEquals("67108864", ok(engine, "exec", "one", "cat", LIMIT));
    assertTrue(ok(engine, "exec", "-t", "one", "tty").startsWith("/dev/pts/"));
    assertEquals(3, perform(engine, "exec", "one", "sh", "-c", "exit 3").exitCode());
    awaitText("started", engine, "logs", "one");
    ok(engine, "update", "--memory", "96m", "--memory-swap", "128m", "one");
    assertEquals("100663296", ok(engine, "exec", "one", "cat", LIMIT));
    ok(engine, "pause", "one");
    assertEquals("paused", ok(engine, "inspect", "-f", "{{.State.Status}}", "one"));
    ok(engine, "unpause", "one");
    ok(engine, "restart", "-t", "0", "one");
    assertEquals("hello", ok(engine, "exec", "one", "echo", "hello"));
    ok(engine, "stop", "-t", "0", "one");
    assertEquals("exited", ok(engine, "inspect", "-f", "{{.State.Status}}", "one"));
    ok(engine, "start", "one");
    assertTrue(ok(engine, "top", "one").contains("sleep"));
    ok(engine, "kill", "one");
    awaitText("exited", engine, "inspect", "-f", "{{.State.Status}}", "one");
    ok(engine, "rm", "one");
    assertEquals(7, perform(run, "--rm", "bench", "sh", "-c", "exit 7").exitCode());
    assertTrue(ok(run, "--rm", "-t", "bench", "tty").startsWith("/dev/"));
    assertEquals(127, perform(run, "--rm", "bench", "nothing").exitCode());
    assertEquals(
        "uid=1000(alice) gid=1000(alice)",
        ok(run, "--rm", "--user", "alice", "bench", "id").replaceFirst(" groups=.*", ""));
    assertTrue(perform(run, "--rm", "--read-only", "bench", "touch", "/new").exitCode() != 0);
    assertEquals("", ok(engine, "ps", "-aq"));
  }

  @Test
  void podmanIsServed() throws Exception {
    List<String> podman =
        List.of(
            "podman",
            "--root",
            directory.resolve("podman").toString(),
            "--runroot",
            "/run/podman",
            "--cgroup-manager",
            "cgroupfs",
            "--runtime",
            ours);
    importImage(podman);
    // Root without CAP_SYS_RESOURCE cannot raise what podman would.
    live(podman, "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1000:1000");
  }

  @Test
  void dockerIsServed() throws Exception {
    String socket = "unix://" + directory.resolve("docker.sock");
    List<String> docker = List.of("docker", "-H", socket);
    start(
        List.of(
            "dockerd",
            "--data-root",
            directory.resolve("docker").toString(),
            "--exec-root",
            directory.resolve("docker-run").toString(),
            "--pidfile",
            directory.resolve("docker.pid").toString(),
            "--bridge",
            "none",
            "--iptables=false",
            "--ip-forward=false",
            "--add-runtime",
            "hardway=" + ours,
            "--default-runtime",
            "hardway",
            "-H",
            socket),
        List.of("docker", "-H", socket, "version"));
    importImage(docker);
    live(docker);
  }

  @Test
  void containerdIsServed() throws Exception {
    Path socket = directory.resolve("containerd.sock");
    List<String> ctr = List.of("ctr", "--address", socket.toString());
    Path configuration = directory.resolve("containerd.toml");
    Files.writeString(
        configuration, "version = 2\ndisabled_plugins = [\"io.containerd.grpc.v1.cri\"]\n");
    start(
        List.of(
            "containerd",
            "--config",
            configuration.toString(),
            "--address",
            socket.toString(),
            "--root",
            directory.resolve("containerd").toString(),
            "--state",
            directory.resolve("containerd-run").toString()),
        List.of("ctr", "--address", socket.toString(), "version"));
    List<String> run =
        Stream.concat(ctr.stream(), Stream.of("run", "--runc-binary", ours, "--rootfs")).toList();
    ok(run, "--detach", "--memory-limit", "67108864", rootfs(), "one", "sleep", "1000");
    List<String> tasks = Stream.concat(ctr.stream(), Stream.of("tasks")).toList();
    assertEquals("hello", ok(tasks, "exec", "--exec-id", "first", "one", "echo", "hello"));
    assertTrue(ok(tasks, "ls").contains("RUNNING"));
    ok(tasks, "pause", "one");
    assertTrue(ok(tasks, "ls").contains("PAUSED"));
    ok(tasks, "resume", "one");
    assertTrue(ok(tasks, "ps", "one").split("\n").length > 1);
    assertTrue(ok(tasks, "metrics", "one").contains("memory"));
    ok(tasks, "kill", "--signal", "SIGKILL", "one");
    awaitText("STOPPED", tasks, "ls");
    ok(tasks, "rm", "one");
    ok(ctr, "containers", "rm", "one");
    assertEquals(7, perform(run, "--rm", rootfs(), "two", "sh", "-c", "exit 7").exitCode());
    assertEquals(
        "root",
        ok(run, "--rm", "--cwd", "/root", rootfs(), "three", "sh", "-c", "basename $(pwd)"));
  }
}
