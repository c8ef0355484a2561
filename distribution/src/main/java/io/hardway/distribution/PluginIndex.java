package io.hardway.distribution;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * The bundled plugins: a line {@code INTERFACE IMPLEMENTATION} for each, from the jars' {@code
 * META-INF/services}. The planner reads it in a millisecond, where a ServiceLoader over the jars
 * takes fifteen.
 */
final class PluginIndex {
  private static final String SERVICES = "META-INF/services/";
  private static final String OURS = SERVICES + "io.hardway.spi.";

  private final SortedSet<String> lines;

  private PluginIndex(SortedSet<String> lines) {
    this.lines = lines;
  }

  /** The index of these jars. */
  static PluginIndex of(List<Path> jars) throws IOException {
    SortedSet<String> lines = new TreeSet<>();
    for (Path path : jars) {
      try (JarFile jar = new JarFile(path.toFile())) {
        for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
          JarEntry entry = entries.nextElement();
          if (entry.getName().startsWith(OURS)) {
            String services =
                new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
            addServices(entry.getName().substring(SERVICES.length()), services, lines);
          }
        }
      }
    }
    return new PluginIndex(lines);
  }

  private static void addServices(String service, String text, SortedSet<String> lines) {
    text.lines()
        .map(line -> line.contains("#") ? line.substring(0, line.indexOf('#')) : line)
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .forEach(implementation -> lines.add(service + " " + implementation));
  }

  void writeTo(Path file) throws IOException {
    Files.write(file, lines);
  }
}
