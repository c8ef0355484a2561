package io.hardway.distribution;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * A jar as it is shipped: without the native libraries it carries for other machines, and with the
 * one for this machine beside it, so that nothing is unpacked into a home folder or /tmp when it is
 * loaded.
 */
final class SlimJar {
  /**
   * What the jar would otherwise depend on when it was built; entries of a zip file have no time
   * zone.
   */
  private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 1, 0, 0);

  private static final List<String> NATIVE_SUFFIXES =
      List.of(".so", ".dll", ".jnilib", ".dylib", ".a", ".sl");

  private final Path source;

  SlimJar(Path source) {
    this.source = source;
  }

  /**
   * Writes the shipped jar.
   *
   * @param jar the file to write
   * @param libraries the folder for this machine's native library
   */
  void copyTo(Path jar, Path libraries) throws IOException {
    try (InputStream in = Files.newInputStream(source);
        ZipInputStream from = new ZipInputStream(in);
        OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream to = new ZipOutputStream(out)) {
      for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
        String name = entry.getName();
        if (entry.isDirectory()) {
          continue;
        }
        if (isNative(name)) {
          if (isForThisMachine(name)) {
            Files.copy(
                from, libraries.resolve(libraryName(name)), StandardCopyOption.REPLACE_EXISTING);
          }
          continue;
        }
        ZipEntry copy = new ZipEntry(name);
        copy.setTimeLocal(TIME);
        to.putNextEntry(copy);
        from.transferTo(to);
        to.closeEntry();
      }
    }
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

  /** Without zstd-jni's version, so that the planner's command line does not depend on it. */
  private static String libraryName(String name) {
    String file = name.substring(name.lastIndexOf('/') + 1);
    return file.startsWith("libzstd-jni") ? "libzstd-jni.so" : file;
  }
}
