package io.hardway.cgroup.v2;

import io.hardway.spi.Host;
import io.hardway.spi.PlanningException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** The sizes of huge pages the machine has; admin-guide/mm/hugetlbpage.rst. */
final class HugePages {
  private static final String SIZES = "/sys/kernel/mm/hugepages";
  private static final String PREFIX = "hugepages-";
  private static final long KILO = 1024;

  private HugePages() {}

  /**
   * Makes sure that there are pages of this size, said like {@code 2MB}.
   *
   * @throws PlanningException where there are none
   */
  static void requireSize(Host host, String size) {
    Set<String> sizes = sizes(host);
    if (!sizes.isEmpty() && !sizes.contains(size)) {
      throw new PlanningException(
          "huge pages of " + size + " cannot be limited: this machine has none of that size",
          "it has " + String.join(", ", sizes));
    }
  }

  private static Set<String> sizes(Host host) {
    Set<String> sizes = new TreeSet<>();
    try (DirectoryStream<Path> pages = Files.newDirectoryStream(host.file(SIZES))) {
      for (Path one : pages) {
        String name = one.getFileName().toString();
        if (name.startsWith(PREFIX) && name.endsWith("kB")) {
          sizes.add(size(Long.parseLong(name.substring(PREFIX.length(), name.length() - 2))));
        }
      }
    } catch (IOException notShown) {
      return sizes;
    }
    return sizes;
  }

  /** As the kernel names the files. */
  private static String size(long kilobytes) {
    if (kilobytes >= KILO * KILO) {
      return kilobytes / (KILO * KILO) + "GB";
    }
    return kilobytes >= KILO ? kilobytes / KILO + "MB" : kilobytes + "KB";
  }
}
