package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The archive, unpacked elsewhere: it starts with its ahead-of-time cache in use, and a replaced
 * jar is what runs.
 */
class RelocationTest extends KernelTest {
  private static final String MAIN_CLASS = "io/hardway/cli/Main.class";

  private Path copy;
  private Path classLog;

  @BeforeEach
  void unpackTheArchiveElsewhere() throws IOException {
    Path archive = only(hardway.home().toAbsolutePath().getParent(), ".tar.gz");
    copy = Files.createDirectories(hardway.directory().resolve("elsewhere"));
    classLog = hardway.directory().resolve("classes.log");
    // -m: the files' times are now, not those in the archive
    succeed(
        List.of("tar", "-xzmf", archive.toString(), "--strip-components=1", "-C", copy.toString()));
    logLoadedClasses();
  }

  @Test
  void itStartsWithItsCacheWhenTheOriginalIsGone() throws IOException {
    Product.Outcome help = withoutTheOriginal("--help");
    assertEquals(0, help.exitCode(), help::toString);
    assertTrue(help.out().contains("Usage:"), help::toString);
    // A cache that is rejected gives none of our classes; one in use gives those that training met.
    List<String> cached =
        ownClasses().stream().filter(line -> line.contains("shared objects file")).toList();
    assertTrue(
        cached.stream().anyMatch(line -> line.contains(" io.hardway.cli.Main ")),
        () -> "not from the cache; from it: " + cached);
  }

  @Test
  void aContainerRunsFromThere() throws IOException {
    Product.Outcome run =
        withoutTheOriginal(
            "--state",
            hardway.state().toString(),
            "--root",
            hardway.data().toString(),
            "run",
            "--rm",
            "--rootfs",
            rootfs(),
            "echo",
            "hello");
    assertEquals(0, run.exitCode(), run::toString);
    assertEquals("hello", run.out().strip());
  }

  @Test
  void aChangedJarIsNotAnsweredByOldCode() throws IOException {
    Path jar = copy.resolve("lib/hardway.jar");
    Path changed = compiledMain();
    try (FileSystem zip = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of())) {
      Files.copy(changed, zip.getPath(MAIN_CLASS), StandardCopyOption.REPLACE_EXISTING);
    }
    Product.Outcome outcome = withoutTheOriginal("--help");
    assertEquals("the changed jar", outcome.out().strip(), outcome::toString);
    assertTrue(
        ownClasses().stream().anyMatch(line -> line.contains(" io.hardway.cli.Main ")),
        "the log has no main class");
    assertTrue(
        ownClasses().stream().noneMatch(line -> line.contains("shared objects file")),
        () -> "the cache was in use");
  }

  /** A main class that only says that it is another one. */
  private Path compiledMain() throws IOException {
    Path source = hardway.directory().resolve("Main.java");
    Path classes = Files.createDirectories(hardway.directory().resolve("classes"));
    Files.writeString(
        source,
        "package io.hardway.cli; public final class Main { public static void main(String[] a) { System.out.println(\"the changed jar\"); System.exit(0); } }");
    assertEquals(
        0,
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", classes.toString(), source.toString()));
    return classes.resolve(MAIN_CLASS);
  }

  /** Makes the copy's planner write down each class it loads and where it comes from. */
  private void logLoadedClasses() throws IOException {
    Path command = copy.resolve("lib/planner.argv");
    List<String> lines = new ArrayList<>(Files.readAllLines(command));
    lines.add(lines.indexOf("-cp"), "-Xlog:class+load=info:file=" + classLog);
    Files.write(command, lines);
  }

  private List<String> ownClasses() throws IOException {
    try (Stream<String> lines = Files.lines(classLog)) {
      return lines
          .filter(
              line ->
                  line.contains(" io.hardway.") && !line.contains("Lambda") && !line.contains("$$"))
          .toList();
    }
  }

  /** Runs the copy in a mount namespace where the original's directory is empty. */
  private Product.Outcome withoutTheOriginal(String... arguments) {
    List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-ec"));
    command.add("mount -t tmpfs none \"$1\"; [ ! -e \"$1/bin\" ]; shift; exec \"$@\"");
    command.addAll(
        List.of(
            "sh",
            hardway.home().toAbsolutePath().toString(),
            copy.resolve("bin/hardway").toString()));
    command.addAll(List.of(arguments));
    return Product.perform(command, "");
  }

  private static Path only(Path directory, String ending) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> found =
          files.filter(file -> file.getFileName().toString().endsWith(ending)).toList();
      Conditions.require(found.size() == 1, "needs one " + ending + " in " + directory);
      return found.get(0);
    }
  }

  private static void succeed(List<String> command) {
    Product.Outcome outcome = Product.perform(command, "");
    assertEquals(0, outcome.exitCode(), outcome::toString);
  }
}
