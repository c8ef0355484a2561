package io.hardway.cli;

import io.hardway.core.HardwayException;
import io.hardway.spi.Host;
import io.hardway.spi.spec.IdMapping;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** The ids of a user namespace that a container joins by its path; user_namespaces(7). */
final class JoinedIds {
  private static final String BEFORE = "/proc/";
  private static final String BEHIND = "/ns/user";
  private static final long ALL_IDS = 0xFFFFFFFFL;

  private JoinedIds() {}

  /** The ranges; none where it is the one this process is in, or maps all ids to themselves. */
  static List<IdMapping> of(Host host, String path, String file) {
    if (!path.startsWith(BEFORE) || !path.endsWith(BEHIND)) {
      throw new HardwayException(
          "--userns ns:"
              + path
              + ": which ids it has is known only of a namespace at /proc/PID/ns/user: name it so");
    }
    String process = path.substring(0, path.length() - BEHIND.length());
    List<IdMapping> ids = new ArrayList<>();
    try {
      if (Files.readSymbolicLink(host.file(path))
          .equals(Files.readSymbolicLink(host.file("/proc/self/ns/user")))) {
        return List.of();
      }
      for (String line : Files.readAllLines(host.file(process + "/" + file))) {
        String[] words = line.strip().split(" +");
        long size = Long.parseLong(words[2]);
        if (size == ALL_IDS) {
          return List.of();
        }
        ids.add(
            IdMapping.builder()
                .containerId(Long.parseLong(words[0]))
                .hostId(Long.parseLong(words[1]))
                .size(size)
                .build());
      }
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
      throw new HardwayException(
          "--userns ns:" + path + ": there is no such user namespace, or it is hidden");
    }
    return ids;
  }
}
