package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Debian's kernel in an emulated machine with the product on its disk: {@code vm/boot} makes and
 * boots it.
 */
final class VirtualMachine {
  private static final String PATIENCE_SECONDS = "1800";

  /**
   * Rarely both processors of an emulated machine wait for each other, in the kernel; it ends
   * itself then.
   */
  private static final String LOCKUP = "watchdog: BUG: soft lockup";

  private static final int BOOTS = 3;
  private static final Path SCRIPTS = Path.of("vm").toAbsolutePath();

  private VirtualMachine() {}

  static void conditions() throws IOException {
    Conditions.root();
    Conditions.program("/usr/bin/qemu-system-x86_64");
    Conditions.require(
        Files.isDirectory(Path.of("/boot")) && hasKernel(), "needs /boot/vmlinuz-*-cloud-amd64");
  }

  private static boolean hasKernel() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/boot"))) {
      return files.anyMatch(
          file -> file.getFileName().toString().matches("vmlinuz-.*-cloud-amd64"));
    }
  }

  /** A script beside {@code vm/boot} that runs in the machine. */
  static Path script(String name) {
    return SCRIPTS.resolve(name);
  }

  /**
   * Boots, and waits until the machine has turned itself off; anew where it has locked up.
   *
   * @param directory of the test's own, for the disks
   * @param arguments what {@code vm/boot} takes behind the directories
   * @return what the machine has said on its console
   */
  static String boot(Path home, Path directory, List<String> arguments) throws IOException {
    String output = LOCKUP;
    for (int i = 0; i < BOOTS && output.contains(LOCKUP); i++) {
      output = bootOnce(home, directory, arguments);
    }
    return output;
  }

  private static String bootOnce(Path home, Path directory, List<String> arguments)
      throws IOException {
    // The console is a file: the machine takes longer than a command may.
    Path console = directory.resolve("console");
    List<String> command =
        new ArrayList<>(
            List.of(
                "timeout",
                PATIENCE_SECONDS,
                script("boot").toString(),
                home.toString(),
                directory.toString()));
    command.addAll(arguments);
    Process machine =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(console.toFile())
            .start();
    int code = waitFor(machine);
    String output = Files.readString(console);
    assertEquals(0, code, output);
    return output;
  }

  private static int waitFor(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
