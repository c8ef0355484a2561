package io.hardway.fuzz;

import io.hardway.init.PlanCodec;

/** Any bytes are a plan or are refused in words. */
public final class PlanTarget {
  private PlanTarget() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    try {
      PlanCodec.encode(PlanCodec.decode(data));
    } catch (IllegalArgumentException refused) {
      if (refused.getMessage() == null || refused.getMessage().isEmpty()) {
        throw new AssertionError("refused without a word", refused);
      }
    }
  }
}
