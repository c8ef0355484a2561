package io.hardway.distribution;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * The planner's classes as they are shipped, in one jar: for each jar on its class path the JVM
 * takes a third of a millisecond before the first class runs. Native libraries for other machines
 * are left out, and the one for this machine lies beside the jar, so that nothing is unpacked into
 * a home folder or /tmp when it is loaded.
 */
final class PlannerJar {
  private static final String META_INF = "META-INF/";
  private static final String SERVICES = META_INF + "services/";

  /**
   * System call filters: as files they are read at every start, where opening the jar, which the
   * ahead-of-time cache makes needless, would take three milliseconds.
   */
  private static final String FILTERS = "io/hardway/isolation/linux/seccomp/";

  /** Classes for newer Java that some libraries carry besides; all of them work without. */
  private static final String VERSIONS = META_INF + "versions/";

  /**
   * What the jar would otherwise depend on when it was built; entries of a zip file have no time
   * zone.
   */
  private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 1, 0, 0);

  private static final List<String> NATIVE_SUFFIXES =
      List.of(".so", ".dll", ".jnilib", ".dylib", ".a", ".sl");

  private final List<Path> sources;
  private final Set<String> written = new HashSet<>();
  private final SortedMap<String, ByteArrayOutputStream> services = new TreeMap<>();

  /**
   * Made of these jars.
   *
   * @param sources what is in more than one of them is taken from the first
   */
  PlannerJar(List<Path> sources) {
    this.sources = List.copyOf(sources);
  }

  /**
   * Writes the shipped jar.
   *
   * @param jar the file to write
   * @param libraries the folder for this machine's native libraries
   */
  void writeTo(Path jar, Path libraries) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream to = new ZipOutputStream(out)) {
      begin(to, JarFile.MANIFEST_NAME);
      manifest().write(to);
      to.closeEntry();
      for (Path source : sources) {
        add(source, to, libraries);
      }
      for (String service : services.keySet()) {
        begin(to, service);
        services.get(service).writeTo(to);
        to.closeEntry();
      }
    }
  }

  /** The first jar's, but for what only holds for that one. */
  private Manifest manifest() throws IOException {
    try (JarFile first = new JarFile(sources.get(0).toFile())) {
      Attributes attributes = first.getManifest().getMainAttributes();
      Manifest manifest = new Manifest();
      manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
      manifest
          .getMainAttributes()
          .put(
              Attributes.Name.IMPLEMENTATION_VERSION,
              attributes.getValue(Attributes.Name.IMPLEMENTATION_VERSION));
      return manifest;
    }
  }

  private void add(Path source, ZipOutputStream to, Path libraries) throws IOException {
    try (InputStream in = Files.newInputStream(source);
        ZipInputStream from = new ZipInputStream(in)) {
      for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
        String name = entry.getName();
        if (isNative(name)) {
          if (isForThisMachine(name)) {
            Files.copy(
                from, libraries.resolve(libraryName(name)), StandardCopyOption.REPLACE_EXISTING);
          }
        } else if (name.startsWith(FILTERS) && !entry.isDirectory()) {
          if (name.startsWith(FILTERS + machine() + "-")) {
            Path folder = Files.createDirectories(libraries.resolve("seccomp"));
            Files.copy(from, folder.resolve(name.substring(FILTERS.length())));
          }
        } else if (name.startsWith(SERVICES) && !entry.isDirectory()) {
          from.transferTo(services.computeIfAbsent(name, key -> new ByteArrayOutputStream()));
        } else if (isWanted(entry) && written.add(shippedName(source, name))) {
          begin(to, shippedName(source, name));
          from.transferTo(to);
          to.closeEntry();
        }
      }
    }
  }

  private static boolean isWanted(ZipEntry entry) {
    String name = entry.getName();
    return !entry.isDirectory()
        && !name.equals(JarFile.MANIFEST_NAME)
        && !name.equals("module-info.class")
        && !name.startsWith(VERSIONS)
        && !name.startsWith(META_INF + "maven/");
  }

  /** Every jar keeps its own license and notice, which lie directly in META-INF. */
  private static String shippedName(Path source, String name) {
    return name.startsWith(META_INF) && name.indexOf('/', META_INF.length()) < 0
        ? META_INF + "licenses/" + source.getFileName() + "/" + name.substring(META_INF.length())
        : name;
  }

  private static void begin(ZipOutputStream to, String name) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(TIME);
    to.putNextEntry(entry);
  }

  private static boolean isNative(String name) {
    for (String suffix : NATIVE_SUFFIXES) {
      if (name.endsWith(suffix)) {
        return true;
      }
    }
    return false;
  }

  /** JNA says {@code linux-x86-64}, zstd-jni {@code linux/amd64}. */
  private static boolean isForThisMachine(String name) {
    String folder = name.substring(0, name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    return switch (System.getProperty("os.arch")) {
      case "amd64" -> folder.endsWith("/linux-x86-64/") || folder.endsWith("linux/amd64/");
      case "aarch64" -> folder.endsWith("/linux-aarch64/") || folder.endsWith("linux/aarch64/");
      default -> false;
    };
  }

  /** As {@code uname -m} says it. */
  private static String machine() {
    String name = System.getProperty("os.arch");
    return name.equals("amd64") ? "x86_64" : name;
  }

  /** Without zstd-jni's version, so that the planner's command line does not depend on it. */
  private static String libraryName(String name) {
    String file = name.substring(name.lastIndexOf('/') + 1);
    return file.startsWith("libzstd-jni") ? "libzstd-jni.so" : file;
  }
}
