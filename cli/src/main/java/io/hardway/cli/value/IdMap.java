package io.hardway.cli.value;

import io.hardway.spi.spec.IdMapping;

/**
 * A range of ids as {@code --uidmap} and {@code --gidmap} take it: {@code INSIDE:OUTSIDE[:COUNT]};
 * user_namespaces(7).
 */
public final class IdMap {
  private static final long MOST = 0xFFFFFFFFL;

  private IdMap() {}

  /**
   * Reads a range.
   *
   * @throws IllegalArgumentException where it does not have two or three numbers, or goes beyond
   *     the 32 bits of an id
   */
  public static IdMapping parse(String text) {
    int first = text.indexOf(':');
    if (first < 0) {
      throw invalid();
    }
    int second = text.indexOf(':', first + 1);
    String count = second < 0 ? "1" : text.substring(second + 1);
    String outside = text.substring(first + 1, second < 0 ? text.length() : second);
    if (count.indexOf(':') >= 0) {
      throw invalid();
    }
    long inside = id(text.substring(0, first));
    long host = id(outside);
    long size = id(count);
    if (size < 1 || inside + size > MOST || host + size > MOST) {
      throw new IllegalArgumentException("the range is empty or ends beyond " + (MOST - 1));
    }
    return IdMapping.builder().containerId(inside).hostId(host).size(size).build();
  }

  private static long id(String text) {
    long id = WholeNumber.parse(text);
    if (id < 0 || id > MOST) {
      throw new IllegalArgumentException(
          "'" + text + "' is no id; ids are from 0 to " + (MOST - 1));
    }
    return id;
  }

  private static IllegalArgumentException invalid() {
    return new IllegalArgumentException("write it as INSIDE:OUTSIDE:COUNT, like 0:100000:65536");
  }
}
