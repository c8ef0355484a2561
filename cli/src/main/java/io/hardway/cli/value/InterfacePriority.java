package io.hardway.cli.value;

/**
 * What {@code --net-prio} takes: {@code IFACE:PRIORITY}; cgroup-v1/net_prio.rst.
 *
 * @param name the network interface of the host
 * @param priority of packets leaving through it, 0 to 2^32 - 1
 */
public record InterfacePriority(String name, long priority) {
  private static final int LONGEST_NAME = 15;
  private static final long MOST = 0xFFFFFFFFL;

  /**
   * Reads a priority.
   *
   * @throws IllegalArgumentException where it does not have that form
   */
  public static InterfacePriority parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 1 || colon > LONGEST_NAME || text.indexOf('/') >= 0 || text.indexOf(' ') >= 0) {
      throw invalid(text);
    }
    long priority = -1;
    try {
      priority = Long.parseLong(text.substring(colon + 1));
    } catch (NumberFormatException e) {
      // answered below, together with numbers that are out of range
    }
    if (priority < 0 || priority > MOST) {
      throw invalid(text);
    }
    return new InterfacePriority(text.substring(0, colon), priority);
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is no priority of an interface; write it like eth0:5");
  }
}
