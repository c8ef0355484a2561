package io.hardway.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process in a control group.
 *
 * @param parent the native program that made it and waits for it
 * @param pid its number
 */
record GroupMember(Process parent, long pid) {
  private static final long PATIENCE_SECONDS = 60;

  private Path file(String name) {
    return Path.of("/proc", Long.toString(pid), name);
  }

  /** The lines of its {@code /proc/PID/cgroup}. */
  List<String> groups() throws IOException {
    return Files.readAllLines(file("cgroup"));
  }

  /** The letter of its state in {@code /proc/PID/stat}; {@code X} where there is none any more. */
  char state() throws IOException {
    if (!Files.exists(file("stat"))) {
      return 'X';
    }
    String stat = Files.readString(file("stat"));
    return stat.charAt(stat.lastIndexOf(')') + 2);
  }

  /** Its exit code, when it has ended: 128 and the signal where one has ended it. */
  int exitCode() throws InterruptedException {
    assertTrue(
        parent.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), () -> "process " + pid + " lives on");
    return parent.exitValue();
  }

  /** Keeps its parent from noticing its end: what ends stays a zombie. */
  void stopParent() throws IOException, InterruptedException {
    signalParent("STOP");
  }

  /** Lets its parent go on. */
  void resumeParent() throws IOException, InterruptedException {
    signalParent("CONT");
  }

  private void signalParent(String signal) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + parent.pid())
            .inheritIO()
            .start();
    if (kill.waitFor() != 0) {
      throw new IOException("SIG" + signal + " cannot be sent to " + parent.pid());
    }
  }
}
