package io.hardway.init;

import io.hardway.spi.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts {@code hardway-init} from a JVM that goes on: for programs that embed Hardway, and for
 * tests. A plan travels as a file.
 *
 * <p>The native program does not die with the thread or the JVM that started it; who wants that
 * gives its {@code supervise} step a lifeline.
 */
public final class Spawner {
  private final Path program;

  /** Starts this native program. */
  public Spawner(Path program) {
    this.program = program;
  }

  /** The native program. */
  public Path program() {
    return program;
  }

  /**
   * Starts performing a plan.
   *
   * @param planFile where the plan is stored for it, owner-only; removed by whoever owns the
   *     directory
   * @param streams what becomes of its standard streams
   * @throws IOException where the file cannot be written or the program cannot be started
   */
  public Process start(Plan plan, Path planFile, ProcessBuilder.Redirect... streams)
      throws IOException {
    Files.write(planFile, PlanCodec.encode(plan));
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.add("perform");
    command.add(planFile.toString());
    ProcessBuilder builder = new ProcessBuilder(command);
    if (streams.length > 0) {
      builder.redirectInput(streams[0]);
    }
    if (streams.length > 1) {
      builder.redirectOutput(streams[1]);
    }
    if (streams.length > 2) {
      builder.redirectError(streams[2]);
    }
    return builder.start();
  }
}
