package io.hardway.cli.value;

import java.util.List;

/**
 * What {@code --device} takes: {@code HOST[:INSIDE][:ACCESS]}.
 *
 * @param hostPath the device node, or a directory of them, on the host
 * @param path where it appears inside, absolute
 * @param access of {@code r}, {@code w} and {@code m}
 */
public record DeviceFlag(String hostPath, String path, String access) {

  /**
   * Reads a device.
   *
   * @throws IllegalArgumentException where a path is not absolute or the access has other letters
   */
  public static DeviceFlag parse(String text) {
    List<String> parts = Words.split(text, ':');
    String host = absolute(text, parts.get(0));
    switch (parts.size()) {
      case 1:
        return new DeviceFlag(host, host, "rwm");
      case 2:
        return isAccess(parts.get(1))
            ? new DeviceFlag(host, host, parts.get(1))
            : new DeviceFlag(host, absolute(text, parts.get(1)), "rwm");
      case 3:
        if (!isAccess(parts.get(2))) {
          throw new IllegalArgumentException(
              "invalid device mode: " + parts.get(2) + "; use letters of rwm");
        }
        return new DeviceFlag(host, absolute(text, parts.get(1)), parts.get(2));
      default:
        throw new IllegalArgumentException(
            "invalid device specification: " + text + "; write HOST[:INSIDE][:rwm]");
    }
  }

  /** Whether these are letters of {@code rwm}, each at most once. */
  static boolean isAccess(String text) {
    boolean right = !text.isEmpty() && text.length() <= 3;
    for (int i = 0; right && i < text.length(); i++) {
      right = "rwm".indexOf(text.charAt(i)) >= 0 && text.indexOf(text.charAt(i), i + 1) < 0;
    }
    return right;
  }

  private static String absolute(String text, String path) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("'" + path + "' in " + text + " is not an absolute path");
    }
    return VolumeMount.normalize(path);
  }
}
