package io.hardway.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes the installation folder from what the other modules built.
 *
 * <p>It is made aside, trained there, and then renamed to its place: the cache is proven to work
 * after a move with every build, and nobody runs half of an installation.
 */
public final class Assembler {
  private final Path build;
  private final Path jars;
  private final Path nativeProgram;
  private final Path license;

  private Assembler(Path build, Path jars, Path nativeProgram, Path license) {
    this.build = build;
    this.jars = jars;
    this.nativeProgram = nativeProgram;
    this.license = license;
  }

  /**
   * Assembles.
   *
   * @param arguments the build folder, the folder with the jars of the class path, the native
   *     program, the license with NOTICE beside it
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length != 4) {
      throw new IllegalArgumentException("wanted: BUILD JARS NATIVE_PROGRAM LICENSE");
    }
    new Assembler(
            Path.of(arguments[0]).toAbsolutePath(),
            Path.of(arguments[1]),
            Path.of(arguments[2]),
            Path.of(arguments[3]))
        .assemble();
  }

  private void assemble() throws IOException, InterruptedException {
    Path home = build.resolve("hardway.new");
    Tree.remove(home);
    Path lib = Files.createDirectories(home.resolve("lib"));
    Files.createDirectories(home.resolve("bin"));

    Path program = home.resolve("bin/hardway");
    Files.copy(nativeProgram, program);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createSymbolicLink(home.resolve("bin/hardway-oci"), program.getFileName());
    Files.copy(license, home.resolve("LICENSE"));
    Files.copy(license.resolveSibling("NOTICE"), home.resolve("NOTICE"));

    RuntimeImage runtime = new RuntimeImage(build.resolve("runtime"));
    runtime.makeIfStale();
    Tree.copy(runtime.folder(), home.resolve("runtime"));

    Path jar = lib.resolve("hardway.jar");
    new PlannerJar(sorted(jars)).writeTo(jar, lib);
    List<Path> classPath = List.of(jar);
    PluginIndex.of(classPath).writeTo(lib.resolve("plugins.index"));

    PlannerCommand command = PlannerCommand.of(classPath, runtime.folder());
    ReferenceFiles.of(jar).writeTo(home.resolve("share"));
    train(home, command, "hardway", "planner.argv");
    train(home, command, "hardway-oci", "planner-oci.argv");
    Files.write(lib.resolve("planner.jars"), JarDigest.lines(classPath));

    replace(home, build.resolve("hardway"));
    // Or what is no dependency any more would be in the next one.
    Tree.remove(jars);
  }

  private static void train(Path home, PlannerCommand command, String program, String file)
      throws IOException, InterruptedException {
    Path lib = home.resolve("lib");
    Training.of(home, command, program).run(lib.resolve(command.cacheName(program)));
    Files.write(lib.resolve(file), command.lines(program));
  }

  private void replace(Path made, Path place) throws IOException {
    Path old = build.resolve("hardway.old");
    Tree.remove(old);
    if (Files.exists(place)) {
      Files.move(place, old, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(made, place, StandardCopyOption.ATOMIC_MOVE);
    Tree.remove(old);
  }

  /** Our own jars first. */
  private static List<Path> sorted(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".jar"))
          .sorted(
              Comparator.comparing(
                      (Path file) -> !file.getFileName().toString().startsWith("hardway-"))
                  .thenComparing(Comparator.naturalOrder()))
          .toList();
    }
  }
}
