package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * What a kernel test needs. On a developer's machine a missing condition skips the test; in CI it
 * fails it.
 */
final class Conditions {

  private Conditions() {}

  static void root() {
    require(isRoot(), "needs root");
  }

  static boolean isRoot() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException e) {
      return false;
    }
  }

  static void program(String path) {
    require(Files.isExecutable(Path.of(path)), "needs " + path);
  }

  static void require(boolean condition, String reason) {
    if (!condition && "true".equals(System.getenv("CI"))) {
      fail("in CI this must not be missing: " + reason);
    }
    Assumptions.assumeTrue(condition, reason);
  }
}
