package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a command in the foreground does when it is told to end, or when nobody listens any more.
 */
class SignalsTest extends KernelTest {
  private static final long SEED = 20_261_125L;
  private static final int ROUNDS = 12;
  private static final int LATEST_MILLIS = 300;

  private static void signal(String name, long process) {
    Product.perform(List.of("kill", "-s", name, "--", Long.toString(process)), "");
  }

  /** Also while the planner is at work, while the container is made, and just when it runs. */
  @ParameterizedTest
  @CsvSource({"INT,130", "TERM,143", "HUP,129", "QUIT,131"})
  void aSignalEndsACommandAtAnyMoment(String name, int code) throws Exception {
    Random random = new Random(SEED + code);
    for (int round = 0; round < ROUNDS; round++) {
      int delay = random.nextInt(LATEST_MILLIS);
      // A process group of its own, as a shell gives it; half of the signals are typed: all of the
      // group gets them.
      boolean typed = random.nextBoolean();
      List<String> words = new ArrayList<>(List.of("setsid"));
      words.addAll(hardway.command("run", "--rm", "--init", "--rootfs", rootfs(), "sleep", "1000"));
      Process process = new ProcessBuilder(words).start();
      Thread.sleep(delay);
      signal(name, typed && delay > 50 ? -process.pid() : process.pid());
      Product.Outcome outcome = Product.finish(process, "");
      String story = name + (typed ? " typed" : " sent") + " after " + delay + " ms";
      assertEquals(code, outcome.exitCode(), () -> story + "\n" + outcome);
      assertEquals(List.of(), hardway.remains(), story);
    }
  }

  @Test
  void whoReadsNoMoreEndsTheProgramAsInAnyPipeline() throws IOException {
    hardway.ok("run", "-d", "--name", "c", "--rootfs", rootfs(), "sleep", "1000");
    for (String command : List.of("run --rm --rootfs " + rootfs(), "exec c")) {
      Product.Outcome outcome =
          Product.perform(
              List.of(
                  "bash",
                  "-c",
                  String.join(" ", hardway.command())
                      + " "
                      + command
                      + " sh -c 'exec 2>/dev/null; yes' | head -n 1; echo ${PIPESTATUS[0]}"),
              "");
      String[] lines = outcome.out().strip().split("\n");
      assertEquals("y", lines[0], outcome::toString);
      assertTrue(lines[1].equals("141") || lines[1].equals("1"), outcome::toString);
    }
    hardway.ok("rm", "-f", "c");
  }

  @Test
  void aReaderThatDoesNotReadStopsNoDetachedContainer() throws Exception {
    hardway.ok(
        "run",
        "-d",
        "--name",
        "c",
        "--rootfs",
        rootfs(),
        "sh",
        "-c",
        "head -c 4000000 /dev/zero | tr '\\0' '\\n'; echo done > /done; sleep 1000");
    Process attached = hardway.start("attach", "--no-stdin", "c");
    Path done =
        hardway
            .data()
            .resolve("containers/" + hardway.ok("inspect", "-f", "{{.Id}}", "c"))
            .resolve("layer/upper/done");
    for (int i = 0; i < 600 && !Files.exists(done); i++) {
      Thread.sleep(50);
    }
    assertTrue(Files.exists(done), "the container is stuck");
    attached.destroyForcibly().waitFor();
    hardway.ok("rm", "-f", "c");
  }

  @Test
  void theTerminalIsAsBeforeWhenTheContainerWasKilled() throws IOException {
    Conditions.program("/usr/bin/script");
    Path before = hardway.directory().resolve("before");
    Path after = hardway.directory().resolve("after");
    String run =
        String.join(" ", hardway.command())
            + " run --rm -it --init --rootfs "
            + rootfs()
            + " sh -c 'kill -9 $$'";
    String session = "stty -a > " + before + "; " + run + "; stty -a > " + after;
    Product.perform(List.of("script", "-q", "-e", "-c", session, "/dev/null"), "");
    assertTrue(Files.size(before) > 0);
    assertEquals(Files.readString(before), Files.readString(after));
  }

  @Test
  void aFullDiskStopsNoContainerAndTheLogSaysWhatIsMissing() throws IOException {
    Path data = Files.createDirectory(hardway.data());
    assertEquals(
        0,
        Product.perform(
                List.of("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", data.toString()), "")
            .exitCode());
    try {
      Product.Outcome outcome =
          hardway.run(
              "run",
              "--name",
              "c",
              "--rootfs",
              rootfs(),
              "--tmpfs",
              "/tmp",
              "sh",
              "-c",
              "head -c 3000000 /dev/zero | tr '\\0' '\\n' >&2; exit 3");
      assertEquals(3, outcome.exitCode(), () -> outcome.err().strip());
      assertTrue(
          outcome.err().contains("bytes of output are missing in the log"),
          () -> outcome.err().strip());
      assertEquals("3", hardway.ok("inspect", "-f", "{{.State.ExitCode}}", "c"));
      hardway.ok("rm", "c");
      assertEquals(List.of(), hardway.remains());
    } finally {
      Product.perform(List.of("umount", data.toString()), "");
    }
  }
}
