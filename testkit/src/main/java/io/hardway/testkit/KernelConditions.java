package io.hardway.testkit;

import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Assumptions;

/** What a test on a real kernel needs: a developer's machine may lack it, CI may not. */
final class KernelConditions {

  private KernelConditions() {}

  /** Skips the test where it does not hold, and fails it where {@code CI=true}. */
  static void require(boolean condition, String reason) {
    if (!condition && "true".equals(System.getenv("CI"))) {
      fail("in CI this must not be missing: " + reason);
    }
    Assumptions.assumeTrue(condition, reason);
  }
}
