package io.hardway.cli.value;

import java.util.List;
import java.util.Optional;

/**
 * Something a user wants mounted: what {@code -v}, {@code --mount} and {@code --tmpfs} say, in one
 * shape.
 *
 * @param kind {@code bind}, {@code volume} or {@code tmpfs}
 * @param source an absolute path of the host for a bind, a volume's name for a volume (absent: one
 *     of its own without a name)
 * @param destination absolute inside the container
 * @param options mount options as in OCI config.md, "Linux mount options"
 * @param createSource whether a missing source directory of a bind is made, as {@code -v} does
 * @param copyUp whether an empty volume is filled with what the container's root has at its place
 */
public record VolumeMount(
    String kind,
    Optional<String> source,
    String destination,
    List<String> options,
    boolean createSource,
    boolean copyUp) {

  /** A part of the host's tree. */
  public boolean isBind() {
    return kind.equals("bind");
  }

  /** A volume, with or without a name. */
  public boolean isVolume() {
    return kind.equals("volume");
  }

  /** How many parts its destination has. */
  public int depth() {
    int depth = 0;
    for (int i = 0; i < destination.length(); i++) {
      depth += destination.charAt(i) == '/' ? 1 : 0;
    }
    return depth;
  }

  /** Whether this path inside the container is its destination, or below that. */
  public boolean covers(String path) {
    return path.startsWith(destination)
        && (path.length() == destination.length() || path.charAt(destination.length()) == '/');
  }

  /** Refuses a path inside the container that is not absolute, is the root, or leads upwards. */
  static String checkDestination(String path) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("mount path must be absolute: '" + path + "'");
    }
    if (path.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("mount path contains a NUL byte");
    }
    String plain = normalize(path);
    if (plain.equals("/")) {
      throw new IllegalArgumentException("destination can't be '/'");
    }
    return plain;
  }

  /** Removes empty, {@code .} and {@code ..} parts; there is nothing above the root. */
  static String normalize(String path) {
    StringBuilder plain = new StringBuilder(path.length());
    int start = 0;
    while (start < path.length()) {
      int end = path.indexOf('/', start);
      end = end < 0 ? path.length() : end;
      String part = path.substring(start, end);
      if (part.equals("..")) {
        plain.setLength(Math.max(0, plain.lastIndexOf("/")));
      } else if (!part.isEmpty() && !part.equals(".")) {
        plain.append('/').append(part);
      }
      start = end + 1;
    }
    return plain.isEmpty() ? "/" : plain.toString();
  }

  /** Refuses what is no volume name: docker's {@code [a-zA-Z0-9][a-zA-Z0-9_.-]+}. */
  public static String checkVolumeName(String name) {
    boolean right = name.length() >= 2 && name.length() <= 255;
    for (int i = 0; right && i < name.length(); i++) {
      char c = name.charAt(i);
      boolean alphanumeric = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
      right = alphanumeric || i > 0 && (c == '_' || c == '.' || c == '-');
    }
    if (!right) {
      throw new IllegalArgumentException(
          "'"
              + name
              + "' is no volume name: two or more of a-z, A-Z, 0-9, _ . -, the first a letter or digit;"
              + " a directory of the host is written as an absolute path or with ./ before it");
    }
    return name;
  }
}
