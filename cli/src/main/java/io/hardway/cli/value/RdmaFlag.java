package io.hardway.cli.value;

import io.hardway.spi.spec.RdmaLimit;

/**
 * What {@code --rdma} takes: {@code DEVICE:hca_handle=N,hca_object=N}, in the words of the kernel's
 * {@code rdma.max}; one of both may be left out.
 */
public final class RdmaFlag {
  /** The kernel's own number for {@code max}; cgroup-v1/rdma.rst. */
  private static final long MOST = Integer.MAX_VALUE;

  private RdmaFlag() {}

  /**
   * Reads the limits of one device.
   *
   * @throws IllegalArgumentException where it does not have that form
   */
  public static RdmaLimit parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 1 || text.lastIndexOf(' ', colon) >= 0) {
      throw invalid(text);
    }
    RdmaLimit.Builder limit = RdmaLimit.builder().device(text.substring(0, colon));
    for (String part : Words.split(text.substring(colon + 1), ',')) {
      KeyValue pair = KeyValue.parseBoth(part);
      switch (pair.key()) {
        case "hca_handle" -> limit.hcaHandles(number(text, pair.value()));
        case "hca_object" -> limit.hcaObjects(number(text, pair.value()));
        default -> throw invalid(text);
      }
    }
    return limit.build();
  }

  private static long number(String text, String value) {
    if (value.equals("max") || value.equals("-1")) {
      return MOST;
    }
    long number;
    try {
      number = Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw invalid(text);
    }
    if (number < 0 || number > MOST) {
      throw invalid(text);
    }
    return number;
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException(
        "'"
            + text
            + "' is no limit of RDMA; write it like mlx5_0:hca_handle=2,hca_object=2000, with"
            + " numbers from 0 to "
            + MOST
            + ", or -1 for no limit");
  }
}
