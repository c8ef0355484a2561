package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What `explain --format shell` writes does by hand what the command does. */
class ExplainShellTest extends KernelTest {

  /** What a process inside can see of how it was made. */
  private static final String LOOK =
      String.join(
          "\n",
          "p() { while read -r l; do printf '%s|%s\\n' \"$k\" \"$l\"; done; }",
          "k=ns; for n in mnt pid uts user net ipc cgroup time; do echo $n `readlink /proc/self/ns/$n`; done | p",
          "k=mount; sed 's/^[0-9]* [0-9]* [^ ]* [^ ]* //' /proc/self/mountinfo | p",
          "k=limit; p < /proc/self/limits",
          "k=group; head -n 1 /sys/fs/cgroup/*/memory.limit_in_bytes /sys/fs/cgroup/*/cpu.cfs_quota_us"
              + " /sys/fs/cgroup/*/pids.max /sys/fs/cgroup/*/devices.list /sys/fs/cgroup/memory.max"
              + " /sys/fs/cgroup/cpu.max /sys/fs/cgroup/pids.max 2>/dev/null | p",
          "k=member; sed 's/^[0-9]*//' /proc/self/cgroup | sort | p",
          "k=status; grep -E '^(Cap|NoNewPrivs|Seccomp:|Uid|Gid|Groups|SigIgn|SigBlk)' /proc/self/status | p",
          "k=name; hostname | p",
          "k=umask; umask | p",
          "k=cwd; pwd | p",
          "k=env; tr '\\0' '\\n' < /proc/self/environ | sort | p",
          "k=dev; ls -ln /dev | awk '{print $1, $3, $4, $5, $6, $NF}' | grep -v '^total' | p",
          "k=fd; ls /proc/self/fd | p",
          "k=clock; cat /proc/self/timens_offsets | p");

  private List<String> arguments(String flags) throws IOException {
    List<String> words = new ArrayList<>(List.of("run", "--rm", "-h", "same"));
    if (!flags.contains("--rootfs /") && !flags.contains("--mntns")) {
      words.addAll(List.of("--rootfs", rootfs()));
    }
    for (String flag : flags.isEmpty() ? new String[0] : flags.split(" ")) {
      words.add(flag.replace("HERE", shared()).replace('~', ' '));
    }
    words.addAll(List.of("--", "sh", "-c", LOOK));
    return words;
  }

  private String shared() throws IOException {
    return Files.createDirectories(hardway.directory().resolve("shared")).toString();
  }

  private Path script(List<String> words) throws IOException {
    List<String> all = new ArrayList<>(List.of("explain", "--format", "shell"));
    all.addAll(words);
    Product.Outcome outcome = hardway.run(all.toArray(String[]::new));
    assertEquals(0, outcome.exitCode(), outcome::toString);
    return Files.writeString(hardway.directory().resolve("script.sh"), outcome.out());
  }

  private static Product.Outcome byHand(Path script, String... arguments) {
    List<String> words = new ArrayList<>(List.of("sh", script.toString()));
    words.addAll(List.of(arguments));
    return Product.perform(words, "");
  }

  /** With what two containers cannot have in common named alike. */
  private static String alike(String text) throws IOException {
    String host = text;
    try (Stream<Path> kinds = Files.list(Path.of("/proc/self/ns"))) {
      for (Path kind : kinds.toList()) {
        host = host.replace(Files.readSymbolicLink(kind).toString(), "the host's");
      }
    }
    return host.replaceAll("(\\w+):\\[\\d+\\]", "its own")
        .replaceAll("[0-9a-f]{64}", "ID")
        .replaceAll("/by-hand/", "/containers/")
        .replaceAll(" (shared|master|propagate_from):\\d+", "")
        .replaceAll("\\b[ug]id=\\d{6,}", "id=MAPPED");
  }

  private static Map<String, List<String>> seen(Product.Outcome outcome) throws IOException {
    assertEquals(0, outcome.exitCode(), outcome::toString);
    Map<String, List<String>> seen = new TreeMap<>();
    for (String line : alike(outcome.out()).split("\n")) {
      int bar = line.indexOf('|');
      seen.computeIfAbsent(bar < 0 ? "rest" : line.substring(0, bar), key -> new ArrayList<>())
          .add(line.substring(bar + 1));
    }
    assertTrue(seen.get("status").size() >= 10, seen::toString);
    return seen;
  }

  /** No tool installs a filter: the one documented difference of these. */
  private static void forgetTheFilter(Map<String, List<String>> seen) {
    seen.get("status").removeIf(line -> line.startsWith("Seccomp:"));
  }

  private List<String> left() throws IOException {
    List<String> left = new ArrayList<>();
    for (Path folder :
        List.of(hardway.state().resolve("by-hand"), hardway.data().resolve("by-hand"))) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> children = Files.list(folder)) {
          children.forEach(child -> left.add(child.toString()));
        }
      }
    }
    return left;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--rootfs /",
        "--security-opt seccomp=unconfined --security-opt no-new-privileges",
        "--memory 64m --cpus 0.5 --pids-limit 50 --ulimit nofile=100:200",
        "--cap-drop ALL --cap-add CHOWN -u 1000:10 -w /tmp/new/dir --umask 077",
        "-u alice -e A=$(id)\"'\\~b -e LD_PRELOAD=/none --group-add 5",
        "--read-only --tmpfs /tmp:size=1m -v HERE:/host~dir:ro -v HERE:/rw",
        "--privileged --pid host --network host --ipc host",
        "--mntns host -u 1000:10 -w /tmp",
        "--sysctl net.ipv4.ip_forward=1 --device /dev/null:/dev/other --shm-size 1m",
        "--mount type=volume,source=kept,target=/etc --time-offset boottime=1000"
      })
  void theScriptMakesTheSameContainer(String flags) throws IOException {
    Map<String, List<String>> byCommand =
        seen(hardway.run(arguments(flags).toArray(String[]::new)));
    Path script = script(arguments(flags));
    Map<String, List<String>> byScript = seen(byHand(script));
    if (!flags.contains("unconfined")) {
      forgetTheFilter(byCommand);
      forgetTheFilter(byScript);
    }
    for (String kind : byCommand.keySet()) {
      assertEquals(
          String.join("\n", byCommand.get(kind)),
          String.join("\n", byScript.getOrDefault(kind, List.of())),
          kind);
    }
    assertEquals(List.of(), left());
    String id =
        Files.readAllLines(script).stream()
            .filter(line -> line.startsWith("ID="))
            .findFirst()
            .orElseThrow()
            .substring(3);
    assertTrue(
        Product.traces().keySet().stream().noneMatch(trace -> trace.contains(id)),
        () -> "left behind of " + id);
  }

  @Test
  void theScriptSaysWhatItLeavesOutWhereItWouldBe() throws IOException {
    String script = Files.readString(script(arguments("")));
    assertTrue(script.contains("# * the system call filter\n"), script);
    assertTrue(
        script.contains("# not possible from a shell: install the system call filter"), script);
  }

  @Test
  void namesCannotLeaveTheirQuotes() throws IOException {
    Path mark = hardway.directory().resolve("mark");
    String evil = "'; touch " + mark + "; echo \"$(touch " + mark + ")`touch " + mark + "`\n#";
    Path source = Files.createDirectory(hardway.directory().resolve("a b'$(x)\"\n#c"));
    Path script =
        script(
            List.of(
                "run",
                "--rootfs",
                rootfs(),
                "--name",
                "quoted",
                "-e",
                "E=" + evil,
                "--label",
                "l=" + evil,
                "-v",
                source + ":/in side",
                "--",
                "sh",
                "-c",
                "printf %s \"$E\"; [ -d '/in side' ] || exit 3",
                evil));
    Product.Outcome outcome = byHand(script);
    assertEquals(0, outcome.exitCode(), outcome::toString);
    assertEquals(evil, outcome.out());
    assertTrue(Files.notExists(mark));
    assertEquals(List.of(), left());
  }

  @Test
  void itsExitCodeIsTheProgramsAndUndoTakesBackWhatRuns() throws Exception {
    Path script = script(List.of("run", "--rootfs", rootfs(), "sh", "-c", "exit 7"));
    assertEquals(7, byHand(script).exitCode());
    Path long1 = script(List.of("run", "--rootfs", rootfs(), "sh", "-c", "echo up; sleep 1000"));
    Process running = new ProcessBuilder("sh", long1.toString()).start();
    assertEquals("up", running.inputReader().readLine());
    Product.Outcome undone = byHand(long1, "undo");
    assertEquals(0, undone.exitCode(), undone::toString);
    assertNotEquals(0, running.waitFor());
    assertEquals(List.of(), left());
  }

  @Test
  void otherVerbsWorkByHandOnALiveContainer() throws Exception {
    hardway.ok(
        "run", "-d", "--name", "c", "--memory", "64m", "--rootfs", rootfs(), "sleep", "1000");
    Map<String, List<String>> byCommand = seen(hardway.run("exec", "c", "sh", "-c", LOOK));
    Map<String, List<String>> byScript =
        seen(byHand(script(List.of("exec", "c", "sh", "-c", LOOK))));
    forgetTheFilter(byCommand);
    forgetTheFilter(byScript);
    assertEquals(byCommand, byScript);
    done("update", "--memory", "48m", "c");
    assertEquals(
        Long.toString(48L << 20), hardway.ok("inspect", "--format", "{{.HostConfig.Memory}}", "c"));
    done("pause", "c");
    assertEquals("paused", hardway.ok("inspect", "--format", "{{.State.Status}}", "c"));
    done("unpause", "c");
    assertEquals("running", hardway.ok("inspect", "--format", "{{.State.Status}}", "c"));
    done("kill", "c");
    hardway.ok("wait", "c");
    hardway.ok("start", "c");
    done("stop", "-t", "1", "c");
    assertEquals("exited", hardway.ok("inspect", "--format", "{{.State.Status}}", "c"));
    done("rm", "c");
    assertEquals(List.of(), hardway.remains());
  }

  private void done(String... words) throws IOException {
    Product.Outcome outcome = byHand(script(List.of(words)));
    assertEquals(0, outcome.exitCode(), outcome::toString);
  }

  @Test
  void explainingHasNoEffect() throws IOException {
    hardway.ok("run", "-d", "--name", "c", "--rootfs", rootfs(), "sleep", "1000");
    String before = tree();
    for (String format : List.of("text", "json", "shell")) {
      for (String verb :
          List.of(
              "run --rootfs R true",
              "create --rootfs R true",
              "run -v new:/v --rootfs R true",
              "exec c true",
              "stop c",
              "kill c",
              "pause c",
              "rm -f c",
              "rename c d",
              "wait c",
              "attach c",
              "update --memory 32m c")) {
        List<String> words = new ArrayList<>(List.of("explain", "--format", format));
        words.addAll(List.of(verb.replace("R", rootfs()).split(" ")));
        String explained = hardway.ok(words.toArray(String[]::new));
        assertTrue(explained.length() > 20, verb);
        assertEquals(before, tree(), verb);
      }
    }
    hardway.ok("rm", "-f", "c");
  }

  private String tree() {
    return Product.perform(
            List.of(
                "find",
                hardway.directory().toString(),
                "-path",
                rootFileSystem(),
                "-prune",
                "-o",
                "-printf",
                "%p %y %m %s %T@ %C@ %l\\n"),
            "")
        .out();
  }

  private String rootFileSystem() {
    return hardway.directory().resolve("rootfs").toString();
  }
}
