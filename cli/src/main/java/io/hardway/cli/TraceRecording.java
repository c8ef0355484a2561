package io.hardway.cli;

import io.hardway.core.HardwayException;
import io.hardway.init.PlanCodec;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a command did, step by step: kept in a directory of its own until it has been shown. */
final class TraceRecording {
  /** One step that was performed: when it began and how long it took, in nanoseconds. */
  record Timed(Step step, int index, String phase, long start, long duration, int errno) {
    /** Whether it waits for the program, whose time is nobody's but its own. */
    boolean isWaiting() {
      String keyword = step.operation().keyword();
      return keyword.equals("supervise") || keyword.equals("await-record");
    }

    /** Whether it ended the plan. */
    boolean isFailure() {
      // A handoff ends with the failure of a step on the other side, which has it too.
      if (errno == 0 || step.isBestEffort() || step.operation().keyword().equals("handoff")) {
        return false;
      }
      for (int ignored : step.ignored()) {
        if (ignored == errno) {
          return false;
        }
      }
      return true;
    }
  }

  private final String command;
  private final List<Timed> steps;

  TraceRecording(String command, List<Timed> steps) {
    this.command = command;
    this.steps = List.copyOf(steps);
  }

  String command() {
    return command;
  }

  List<Timed> steps() {
    return steps;
  }

  /** A directory that only this user can read, with what the trace will be read against. */
  static Path prepare(String command, Plan plan) throws IOException {
    Path directory = Files.createTempDirectory("hardway-trace-");
    StringBuilder phases = new StringBuilder();
    for (Step step : plan.steps()) {
      phases.append(step.phase()).append('\n');
    }
    Files.write(directory.resolve("plan"), PlanCodec.encode(plan));
    Files.writeString(directory.resolve("phases"), phases);
    Files.writeString(directory.resolve("command"), command);
    return directory;
  }

  /** What is in such a directory, which is then gone. */
  static TraceRecording take(Path directory) throws IOException {
    try {
      List<Timed> steps = new ArrayList<>();
      Plan plan = PlanCodec.decode(Files.readAllBytes(directory.resolve("plan")));
      List<String> phases = Files.readAllLines(directory.resolve("phases"));
      for (String line : Files.readAllLines(directory.resolve("trace"))) {
        String[] words = line.split(" ");
        int index = Integer.parseInt(words[0]);
        steps.add(
            new Timed(
                plan.steps().get(index - 1),
                index,
                phases.get(index - 1),
                Long.parseLong(words[2]),
                Long.parseLong(words[3]),
                Integer.parseInt(words[4])));
      }
      return new TraceRecording(Files.readString(directory.resolve("command")), steps);
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new HardwayException("there is no trace in " + directory + ": " + e.getMessage(), e);
    } finally {
      discard(directory);
    }
  }

  /** Removes such a directory. */
  static void discard(Path directory) throws IOException {
    for (String name : List.of("plan", "phases", "command", "trace")) {
      Files.deleteIfExists(directory.resolve(name));
    }
    Files.deleteIfExists(directory);
  }
}
