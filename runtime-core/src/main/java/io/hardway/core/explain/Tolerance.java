package io.hardway.core.explain;

import io.hardway.spi.plan.Step;

/** Which failures of a step are no failures of the plan, in words. */
final class Tolerance {
  private Tolerance() {}

  /** Empty where there are none. */
  static String of(Step step) {
    StringBuilder text = new StringBuilder();
    if (step.isBestEffort()) {
      text.append("may fail");
    }
    int[] ignored = step.ignored();
    for (int i = 0; i < ignored.length; i++) {
      text.append(i > 0 ? ", " : text.isEmpty() ? "" : "; ").append(LinuxNames.errno(ignored[i]));
    }
    if (ignored.length > 0) {
      text.append(ignored.length == 1 ? " is fine" : " are fine");
    }
    if (step.retryMillis() > 0) {
      text.append(text.isEmpty() ? "" : "; ")
          .append("tried for ")
          .append(step.retryMillis())
          .append(" ms");
    }
    return text.toString();
  }
}
