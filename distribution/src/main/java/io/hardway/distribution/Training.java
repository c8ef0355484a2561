package io.hardway.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs the planner of a program once to make its ahead-of-time cache. */
final class Training {
  private static final String MAIN_CLASS = "io.hardway.cli.Training";

  /** They would change the trained JVM's flags, as the launcher knows too. */
  private static final List<String> FOREIGN_OPTIONS =
      List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH");

  private final Path home;
  private final PlannerCommand command;
  private final String program;

  private Training(Path home, PlannerCommand command, String program) {
    this.home = home;
    this.command = command;
    this.program = program;
  }

  static Training of(Path home, PlannerCommand command, String program) {
    return new Training(home, command, program);
  }

  /**
   * Makes the cache.
   *
   * @throws IOException where the training fails or makes none
   */
  void run(Path cache) throws IOException, InterruptedException {
    Path scratch = Files.createTempDirectory("hardway-training-");
    try {
      // In two steps: a JVM that makes both at once closes the descriptor of the class path.
      String configuration = "-XX:AOTConfiguration=" + scratch.resolve("configuration");
      start(List.of("-XX:AOTMode=record", configuration), scratch);
      start(List.of("-XX:AOTMode=create", configuration, PlannerCommand.CACHE + cache), scratch);
      if (!Files.exists(cache)) {
        throw new IOException("training made no cache:\n" + Files.readString(output(scratch)));
      }
    } finally {
      Tree.remove(scratch);
    }
  }

  private void start(List<String> cacheArguments, Path scratch)
      throws IOException, InterruptedException {
    // As the launcher does: the class path is below a descriptor of the folder lib.
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "sh",
                "-c",
                "lib=$1; shift; exec \"$@\" " + PlannerCommand.LIB_DESCRIPTOR + "<\"$lib\"",
                "sh",
                home.resolve("lib").toString()));
    for (String line : command.lines(cacheArguments, MAIN_CLASS)) {
      arguments.add(line.replace(PlannerCommand.HOME, home.toString()));
    }
    arguments.addAll(List.of(scratch.toString(), program));
    ProcessBuilder training =
        new ProcessBuilder(arguments)
            .directory(scratch.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output(scratch).toFile());
    Map<String, String> environment = training.environment();
    FOREIGN_OPTIONS.forEach(environment::remove);
    int status = training.start().waitFor();
    if (status != 0) {
      throw new IOException(
          "training the cache failed with status "
              + status
              + ":\n"
              + Files.readString(output(scratch)));
    }
  }

  private static Path output(Path scratch) {
    return scratch.resolve("output");
  }
}
