package io.hardway.cli;

import io.hardway.init.PlanCodec;
import io.hardway.spi.plan.Plan;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the planner through what it does every day, while the JVM notes what to keep in the
 * ahead-of-time cache. No plan is performed.
 */
public final class Training {
  private Training() {}

  /** Trains below a directory that is the caller's to remove. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    Path root = Files.createDirectories(directory.resolve("rootfs"));
    String[] state = {
      "--state",
      directory.resolve("state").toString(),
      "--root",
      directory.resolve("data").toString()
    };
    String[][] commands = {
      {"run", "--rm", "--rootfs", root.toString(), "true"},
      {"run", "--rm", "--rootfs", "/", "--", "sh", "-c", "true"},
      {
        "run",
        "-d",
        "--name",
        "web",
        "-e",
        "A=b",
        "-m",
        "64m",
        "--cpus",
        "0.5",
        "--pids-limit",
        "50",
        "-v",
        root + ":/data:ro",
        "--tmpfs",
        "/run",
        "--rootfs",
        root.toString(),
        "sleep",
        "1"
      },
      {
        "run",
        "-it",
        "--rm",
        "--userns",
        "auto",
        "--read-only",
        "--cap-add",
        "SYS_TIME",
        "--security-opt",
        "no-new-privileges",
        "-u",
        "1:1",
        "-w",
        "/",
        "--rootfs",
        root.toString(),
        "sh"
      },
      {"create", "--name", "other", "--init", "--rootfs", root.toString(), "true"},
      {"ps", "-a"},
      {"inspect", "none"},
      {"exec", "none", "true"},
      {"stop", "none"},
      {"rm", "-f", "none"},
      {"explain", "run", "--rootfs", root.toString(), "true"},
      {"run", "--memry", "64m", "true"},
      {"run", "--help"},
    };
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    for (String[] command : commands) {
      List<String> words = new ArrayList<>(List.of(state));
      words.addAll(List.of(command));
      Main.run(words.toArray(new String[0]), System.getenv(), nowhere, nowhere, new Dropping());
    }
  }

  /** Encodes plans, which is part of what is trained, and drops them. */
  private static final class Dropping implements Performer {
    @Override
    public void perform(Plan plan) {
      PlanCodec.encode(plan);
    }

    @Override
    public void performLast(Plan plan, List<String> afterwards) {
      PlanCodec.encode(plan);
    }
  }
}
