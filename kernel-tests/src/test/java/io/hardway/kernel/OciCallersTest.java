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

  private EnginePlace place;
  private String ours;

  @BeforeEach
  void makeAPlace() throws IOException {
    for (String program :
        List.of("/usr/bin/podman", "/usr/sbin/dockerd", "/usr/bin/containerd", "/usr/bin/ctr")) {
      Conditions.program(program);
    }
    Conditions.require(Files.exists(Path.of("/sys/fs/cgroup/memory")), "memory in cgroup v1");
    ours = hardway.home().resolve("bin/hardway-oci").toString();
    place = new EnginePlace(hardway.directory().resolve("engines"), List.of("unshare", "--net"));
  }

  @AfterEach
  void end() throws Exception {
    if (place != null) {
      place.end();
    }
  }

  private void awaitText(String wanted, List<String> engine, String... words)
      throws InterruptedException {
    for (int i = 0; i < 200 && !place.perform(engine, words).out().contains(wanted); i++) {
      Thread.sleep(50);
    }
    assertTrue(place.ok(engine, words).contains(wanted), () -> String.join(" ", words));
  }

  /** What docker's and podman's users do, in the words both have. */
  private void live(List<String> engine, String... flags) throws Exception {
    List<String> run = new ArrayList<>(engine);
    run.addAll(List.of("run", "--network", "none"));
    run.addAll(List.of(flags));
    place.ok(run, "-d", "--name", "one", "--memory", "64m", "bench", "sh", "-c", PROGRAM);
    assertEquals("hello", place.ok(engine, "exec", "one", "echo", "hello"));
    assertEquals("67108864", place.ok(engine, "exec", "one", "cat", LIMIT));
    assertTrue(place.ok(engine, "exec", "-t", "one", "tty").startsWith("/dev/pts/"));
    assertEquals(3, place.perform(engine, "exec", "one", "sh", "-c", "exit 3").exitCode());
    awaitText("started", engine, "logs", "one");
    place.ok(engine, "update", "--memory", "96m", "--memory-swap", "128m", "one");
    assertEquals("100663296", place.ok(engine, "exec", "one", "cat", LIMIT));
    place.ok(engine, "pause", "one");
    assertEquals("paused", place.ok(engine, "inspect", "-f", "{{.State.Status}}", "one"));
    place.ok(engine, "unpause", "one");
    place.ok(engine, "restart", "-t", "0", "one");
    assertEquals("hello", place.ok(engine, "exec", "one", "echo", "hello"));
    place.ok(engine, "stop", "-t", "0", "one");
    assertEquals("exited", place.ok(engine, "inspect", "-f", "{{.State.Status}}", "one"));
    place.ok(engine, "start", "one");
    assertTrue(place.ok(engine, "top", "one").contains("sleep"));
    place.ok(engine, "kill", "one");
    awaitText("exited", engine, "inspect", "-f", "{{.State.Status}}", "one");
    place.ok(engine, "rm", "one");
    assertEquals(7, place.perform(run, "--rm", "bench", "sh", "-c", "exit 7").exitCode());
    assertTrue(place.ok(run, "--rm", "-t", "bench", "tty").startsWith("/dev/"));
    assertEquals(127, place.perform(run, "--rm", "bench", "nothing").exitCode());
    assertEquals(
        "uid=1000(alice) gid=1000(alice)",
        place.ok(run, "--rm", "--user", "alice", "bench", "id").replaceFirst(" groups=.*", ""));
    assertTrue(place.perform(run, "--rm", "--read-only", "bench", "touch", "/new").exitCode() != 0);
    assertEquals("", place.ok(engine, "ps", "-aq"));
  }

  @Test
  void podmanIsServed() throws Exception {
    List<String> podman =
        Stream.concat(place.podman().stream(), Stream.of("--runtime", ours)).toList();
    place.importImage(podman, rootfs());
    // Root without CAP_SYS_RESOURCE cannot raise what podman would.
    live(podman, "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1000:1000");
  }

  @Test
  void dockerIsServed() throws Exception {
    place.startDocker(
        "--bridge",
        "none",
        "--iptables=false",
        "--ip-forward=false",
        "--add-runtime",
        "hardway=" + ours,
        "--default-runtime",
        "hardway");
    place.importImage(place.docker(), rootfs());
    live(place.docker());
  }

  @Test
  void containerdIsServed() throws Exception {
    place.startContainerd();
    List<String> ctr = place.ctr();
    List<String> run =
        Stream.concat(ctr.stream(), Stream.of("run", "--runc-binary", ours, "--rootfs")).toList();
    place.ok(run, "--detach", "--memory-limit", "67108864", rootfs(), "one", "sleep", "1000");
    List<String> tasks = Stream.concat(ctr.stream(), Stream.of("tasks")).toList();
    assertEquals("hello", place.ok(tasks, "exec", "--exec-id", "first", "one", "echo", "hello"));
    assertTrue(place.ok(tasks, "ls").contains("RUNNING"));
    place.ok(tasks, "pause", "one");
    assertTrue(place.ok(tasks, "ls").contains("PAUSED"));
    place.ok(tasks, "resume", "one");
    assertTrue(place.ok(tasks, "ps", "one").split("\n").length > 1);
    assertTrue(place.ok(tasks, "metrics", "one").contains("memory"));
    place.ok(tasks, "kill", "--signal", "SIGKILL", "one");
    awaitText("STOPPED", tasks, "ls");
    place.ok(tasks, "rm", "one");
    place.ok(ctr, "containers", "rm", "one");
    assertEquals(7, place.perform(run, "--rm", rootfs(), "two", "sh", "-c", "exit 7").exitCode());
    assertEquals(
        "root",
        place.ok(run, "--rm", "--cwd", "/root", rootfs(), "three", "sh", "-c", "basename $(pwd)"));
  }
}
