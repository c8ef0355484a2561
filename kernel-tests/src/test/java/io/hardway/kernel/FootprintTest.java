package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** While a container runs no JVM of ours is alive, and what is alive is small. */
class FootprintTest extends KernelTest {
  private static final long MEBIBYTE_IN_KIB = 1024;

  /** Processes of this product: those that run from its folder or were given its directories. */
  private List<Path> ours() throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process :
          processes
              .filter(path -> Character.isDigit(path.getFileName().toString().charAt(0)))
              .toList()) {
        try {
          String commandLine = commandLine(process);
          boolean isOurs =
              isInit(commandLine)
                  ? isGiven(commandLine(parent(process)))
                  : isGiven(commandLine)
                      && !commandLine.startsWith("sleep ")
                      && !commandLine.startsWith("script ");
          if (isOurs) {
            found.add(process);
          }
        } catch (IOException gone) {
          // it ended while we looked
        }
      }
    }
    return found;
  }

  private static String commandLine(Path process) throws IOException {
    return Files.readString(process.resolve("cmdline")).replace('\0', ' ');
  }

  private boolean isGiven(String commandLine) {
    return commandLine.contains(hardway.directory().toString());
  }

  /** Beside a container's program, it keeps nothing of the words it was started with. */
  private static boolean isInit(String commandLine) {
    return commandLine.strip().equals("hardway-init");
  }

  private static Path parent(Path process) throws IOException {
    String stat = Files.readString(process.resolve("stat"));
    return Path.of("/proc", stat.substring(stat.lastIndexOf(')') + 2).split(" ")[1]);
  }

  private static long pssKib(Path process) throws IOException {
    for (String line : Files.readAllLines(process.resolve("smaps_rollup"))) {
      if (line.startsWith("Pss:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new AssertionError("no PSS for " + process);
  }

  /** Once they have come to rest, which takes a process half a second. */
  private void onlySmallProcesses(int atLeast) throws Exception {
    List<Path> processes = ours();
    assertTrue(processes.size() >= atLeast, "the test looks at nothing: " + processes);
    for (Path process : processes) {
      String executable = Files.readSymbolicLink(process.resolve("exe")).toString();
      assertFalse(
          executable.endsWith("/java"),
          "a JVM is alive: " + Files.readString(process.resolve("cmdline")).replace('\0', ' '));
    }
    long total = totalKib(processes);
    for (int i = 0; i < 50 && total >= MEBIBYTE_IN_KIB; i++) {
      Thread.sleep(100);
      total = totalKib(processes);
    }
    assertTrue(total < MEBIBYTE_IN_KIB, processes.size() + " processes hold " + total + " KiB");
  }

  private static long totalKib(List<Path> processes) throws IOException {
    long total = 0;
    for (Path process : processes) {
      total += pssKib(process);
    }
    return total;
  }

  private void awaitRunning(String name) throws Exception {
    for (int i = 0;
        i < 200
            && !hardway
                .run("inspect", "-f", "{{.State.Status}}", name)
                .out()
                .strip()
                .equals("running");
        i++) {
      Thread.sleep(50);
    }
    assertEquals("running", hardway.ok("inspect", "-f", "{{.State.Status}}", name));
  }

  @Test
  void detached() throws Exception {
    hardway.ok("run", "-d", "--name", "c", "--rootfs", rootfs(), "sleep", "1000");
    Thread.sleep(500);
    onlySmallProcesses(1);
    hardway.ok("rm", "-f", "c");
  }

  @Test
  void inTheForeground() throws Exception {
    Process run = hardway.start("run", "--name", "c", "--rootfs", rootfs(), "sleep", "1000");
    awaitRunning("c");
    Thread.sleep(500);
    onlySmallProcesses(1);
    hardway.ok("rm", "-f", "c");
    assertEquals(137, Product.finish(run, "").exitCode());
  }

  @Test
  void attachedToWaitedForAndExecuted() throws Exception {
    hardway.ok("run", "-d", "--name", "c", "--rootfs", rootfs(), "sleep", "1000");
    Process attach = hardway.start("attach", "--no-stdin", "c");
    Process wait = hardway.start("wait", "c");
    Process exec = hardway.start("exec", "c", "sleep", "999");
    while (!hardway.ok("top", "c").contains("sleep 999")) {
      Thread.sleep(50);
    }
    Thread.sleep(500);
    onlySmallProcesses(4);
    hardway.ok("rm", "-f", "c");
    assertEquals(137, Product.finish(attach, "").exitCode());
    assertEquals("137\n", Product.finish(wait, "").out());
    assertEquals(137, Product.finish(exec, "").exitCode());
  }

  @Test
  void detachedWithATerminalAnInitAndALog() throws Exception {
    hardway.ok(
        "run",
        "-d",
        "-t",
        "--init",
        "--name",
        "c",
        "--rootfs",
        rootfs(),
        "sh",
        "-c",
        "i=0; while [ $i -lt 5000 ]; do echo a line of the log; i=$((i+1)); done; sleep 1000");
    while (!hardway.ok("top", "c").contains("sleep 1000")) {
      Thread.sleep(50);
    }
    Thread.sleep(500);
    onlySmallProcesses(2);
    hardway.ok("rm", "-f", "c");
  }

  @Test
  void startedAgainAndAttachedTo() throws Exception {
    hardway.ok("create", "--name", "c", "--rootfs", rootfs(), "sleep", "1000");
    Process start = hardway.start("start", "--attach", "c");
    awaitRunning("c");
    hardway.ok("exec", "-d", "c", "sleep", "999");
    Thread.sleep(500);
    onlySmallProcesses(2);
    hardway.ok("rm", "-f", "c");
    assertEquals(137, Product.finish(start, "").exitCode());
  }

  @Test
  void inTheForegroundWithATerminal() throws Exception {
    Conditions.program("/usr/bin/script");
    String run =
        String.join(" ", hardway.command())
            + " run -it --name c --rootfs "
            + rootfs()
            + " sleep 1000";
    Process script =
        new ProcessBuilder("script", "-q", "-e", "-c", "exec " + run, "/dev/null").start();
    awaitRunning("c");
    Process exec =
        new ProcessBuilder(
                "script",
                "-q",
                "-e",
                "-c",
                "exec " + String.join(" ", hardway.command()) + " exec -it c sleep 999",
                "/dev/null")
            .start();
    while (!hardway.ok("top", "c").contains("sleep 999")) {
      Thread.sleep(50);
    }
    Thread.sleep(500);
    onlySmallProcesses(3);
    hardway.ok("rm", "-f", "c");
    assertEquals(137, Product.finish(script, "").exitCode());
    assertEquals(137, Product.finish(exec, "").exitCode());
  }
}
