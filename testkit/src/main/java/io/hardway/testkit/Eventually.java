package io.hardway.testkit;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Waits for what comes about by itself. */
final class Eventually {
  /** For emulated machines: where it comes about, it does so much sooner. */
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private static final long PAUSE_MILLIS = 5;

  private Eventually() {}

  /** Until it is so; fails where it does not get so. */
  static void isTrue(Callable<Boolean> condition, Supplier<String> otherwise)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (!holds(condition)) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new AssertionError(otherwise.get());
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  private static boolean holds(Callable<Boolean> condition)
      throws IOException, InterruptedException {
    try {
      return condition.call();
    } catch (IOException | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
