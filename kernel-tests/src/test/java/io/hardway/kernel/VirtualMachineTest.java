package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The product on a kernel that this machine does not run: Debian's, in an emulated machine with
 * nothing but cgroup version 2, and in one with nothing but version 1. {@code vm/boot} makes and
 * boots the machine; {@code vm/checks} or {@code vm/checks-v1} runs in it and says what it found.
 */
class VirtualMachineTest {
  private static final String RESULT = "RESULT ";
  private static final String PATIENCE_SECONDS = "600";

  @TestFactory
  Stream<DynamicTest> versionTwoAlone() throws IOException {
    return boot("checks");
  }

  @TestFactory
  Stream<DynamicTest> versionOneAlone() throws IOException {
    return boot("checks-v1");
  }

  private static Stream<DynamicTest> boot(String checks) throws IOException {
    Conditions.root();
    Conditions.program("/usr/bin/qemu-system-x86_64");
    Conditions.require(
        Files.isDirectory(Path.of("/boot")) && hasKernel(), "needs /boot/vmlinuz-*-cloud-amd64");
    try (Product hardway = Product.open()) {
      // The console is a file: the machine takes longer than a command may.
      Path console = hardway.directory().resolve("console");
      Path scripts = Path.of("vm").toAbsolutePath();
      Process machine =
          new ProcessBuilder(
                  "timeout",
                  PATIENCE_SECONDS,
                  scripts.resolve("boot").toString(),
                  hardway.home().toString(),
                  hardway.directory().toString(),
                  checks)
              .redirectErrorStream(true)
              .redirectOutput(console.toFile())
              .start();
      machine.getOutputStream().close();
      int code = waitFor(machine);
      String output = Files.readString(console);
      assertEquals(0, code, output);
      Map<String, String> results = results(output);
      assertEquals("ok", results.get("finished"), output);
      List<String> wanted = wanted(scripts.resolve(checks));
      assertTrue(wanted.size() > 10, wanted::toString);
      return wanted.stream()
          .map(
              name ->
                  DynamicTest.dynamicTest(
                      name, () -> assertEquals("ok", results.get(name), output)));
    }
  }

  private static boolean hasKernel() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/boot"))) {
      return files.anyMatch(
          file -> file.getFileName().toString().matches("vmlinuz-.*-cloud-amd64"));
    }
  }

  private static int waitFor(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The names of the checks, from the script itself: one that says nothing has failed. */
  private static List<String> wanted(Path script) throws IOException {
    try (Stream<String> lines = Files.lines(script)) {
      return lines
          .filter(line -> line.startsWith("same "))
          .map(line -> line.split(" ")[1])
          .toList();
    }
  }

  private static Map<String, String> results(String console) {
    Map<String, String> results = new TreeMap<>();
    for (String line : console.split("\r?\n")) {
      if (line.startsWith(RESULT)) {
        String[] words = line.substring(RESULT.length()).split(" ", 2);
        results.put(words[0], words.length > 1 ? words[1].strip() : "");
      }
    }
    return results;
  }
}
