package io.hardway.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.fs.overlay.archive.TarTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Feeds each parser for a few seconds, coverage-guided, in a JVM of its own; what was found is in
 * the failure's text.
 */
class ParserFuzzTest {
  private static final String SECONDS = System.getProperty("fuzz.seconds", "5");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(classes = {PlanTarget.class, SeccompTarget.class, TarTarget.class})
  void survivesAnything(Class<?> target) throws IOException, InterruptedException {
    Path output = directory.resolve("output");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "com.code_intelligence.jazzer.Jazzer",
            "--target_class=" + target.getName(),
            "--instrumentation_includes=io.hardway.**",
            "--reproducer_path=" + directory,
            "-artifact_prefix=" + directory + "/",
            "-max_total_time=" + SECONDS,
            "-rss_limit_mb=0");
    int code =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start()
            .waitFor();
    String text = Files.readString(output);
    assertEquals(0, code, text);
    assertTrue(text.contains("DONE"), text);
  }
}
