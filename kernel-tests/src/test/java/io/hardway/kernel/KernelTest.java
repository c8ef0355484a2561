package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * A test of the assembled product as root: each has its own directories, and each checks that it
 * leaves nothing behind.
 */
abstract class KernelTest {
  private Map<String, String> before;
  Product hardway;
  private Path rootfs;

  @BeforeEach
  final void open() throws IOException {
    Conditions.root();
    before = Product.traces();
    hardway = Product.open();
  }

  @AfterEach
  final void nothingIsLeftBehind() throws IOException {
    if (hardway == null) {
      return;
    }
    hardway.close();
    Map<String, String> after = Product.traces();
    after.keySet().removeAll(before.keySet());
    assertEquals(Map.of(), after, "left behind on the host");
  }

  /** A busybox root file system, made at the first call. */
  final String rootfs() throws IOException {
    if (rootfs == null) {
      rootfs = BusyboxRootfs.at(hardway.directory().resolve("rootfs"));
    }
    return rootfs.toString();
  }

  /** Runs a shell script in a throw-away container over busybox, with these flags. */
  final Product.Outcome shell(List<String> flags, String script) throws IOException {
    List<String> arguments =
        new java.util.ArrayList<>(List.of("run", "--rm", "--rootfs", rootfs()));
    arguments.addAll(flags);
    arguments.addAll(List.of("--", "sh", "-c", script));
    return hardway.run(arguments.toArray(String[]::new));
  }

  /** What such a script prints; it must succeed. */
  final String printed(List<String> flags, String script) throws IOException {
    Product.Outcome outcome = shell(flags, script);
    assertEquals(0, outcome.exitCode(), () -> flags + " " + script + "\n" + outcome);
    return outcome.out().strip();
  }
}
