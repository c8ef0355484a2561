package io.hardway.distribution;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Completion scripts and manual pages, which the planner's classes write from its own tables. */
final class ReferenceFiles {
  private static final String MAIN_CLASS = "io.hardway.cli.ReferenceFiles";

  private final Path jar;

  private ReferenceFiles(Path jar) {
    this.jar = jar;
  }

  /** Those of the commands in this jar. */
  static ReferenceFiles of(Path jar) {
    return new ReferenceFiles(jar);
  }

  /**
   * Writes them.
   *
   * @param share the folder of an installation where shells and {@code man} look
   * @throws IOException where they cannot be written; what was printed is in the message
   */
  void writeTo(Path share) throws IOException, InterruptedException {
    String java =
        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
    Process process =
        new ProcessBuilder(List.of(java, "-cp", jar.toString(), MAIN_CLASS, share.toString()))
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes());
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException(
          "writing completions and manual pages failed with status " + status + ":\n" + printed);
    }
  }
}
