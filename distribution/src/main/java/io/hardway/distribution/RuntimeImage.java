package io.hardway.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * The Java runtime that is shipped: only the modules the planner needs, made by jlink from the JDK
 * that runs this.
 */
final class RuntimeImage {
  /**
   * java.logging: JNA; java.xml and java.naming: logback; java.net.http is not here, since nothing
   * opens a connection yet; jdk.unsupported: sun.misc.Unsafe in third-party code.
   */
  private static final List<String> MODULES =
      List.of("java.base", "java.logging", "java.naming", "java.xml", "jdk.unsupported");

  private static final List<String> OPTIONS =
      List.of(
          "--compress=zip-6",
          "--strip-debug",
          "--no-header-files",
          "--no-man-pages",
          "--vm=server",
          // what the planner falls back to where its own cache cannot be used
          "--generate-cds-archive");

  private final Path folder;

  RuntimeImage(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  /**
   * Makes the image unless the one that is there was made by the same JDK with the same options.
   */
  void makeIfStale() throws IOException {
    Path stamp = folder.resolveSibling(folder.getFileName() + ".made-from");
    String from =
        System.getProperty("java.home")
            + " "
            + Runtime.version()
            + " "
            + String.join(",", MODULES)
            + " "
            + String.join(" ", OPTIONS);
    if (Files.isExecutable(folder.resolve("bin/java"))
        && Files.exists(stamp)
        && Files.readString(stamp).equals(from)) {
      return;
    }
    Files.deleteIfExists(stamp);
    Tree.remove(folder);
    link();
    dropWhatIsNotRun();
    Files.writeString(stamp, from);
  }

  private void link() {
    ToolProvider jlink =
        ToolProvider.findFirst("jlink")
            .orElseThrow(() -> new IllegalStateException("this JDK has no jlink"));
    String[] arguments =
        java.util.stream.Stream.concat(
                OPTIONS.stream(),
                java.util.stream.Stream.of(
                    "--add-modules", String.join(",", MODULES), "--output", folder.toString()))
            .toArray(String[]::new);
    int status = jlink.run(System.out, System.err, arguments);
    if (status != 0) {
      throw new IllegalStateException("jlink failed with status " + status);
    }
  }

  /** The planner runs `java` with compressed object pointers and no other program. */
  private void dropWhatIsNotRun() throws IOException {
    Files.deleteIfExists(folder.resolve("lib/server/classes_nocoops.jsa"));
    Files.deleteIfExists(folder.resolve("bin/keytool"));
  }
}
