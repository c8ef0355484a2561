package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Kills a process of ours, picked by chance from a seed, at a moment picked by chance; then the
 * next command must leave nothing of that container, and a bystander must not notice.
 */
class CrashTest extends KernelTest {
  private static final long SEED = Long.getLong("hardway.crash.seed", 20_261_101L);
  private static final int ROUNDS = Integer.getInteger("hardway.crash.rounds", 200);

  /** The process and its descendants, itself first. */
  private static List<Long> family(long pid) throws IOException {
    List<Long> family = new ArrayList<>(List.of(pid));
    for (int i = 0; i < family.size(); i++) {
      Path tasks = Path.of("/proc", Long.toString(family.get(i)), "task");
      if (Files.isDirectory(tasks)) {
        try (Stream<Path> threads = Files.list(tasks)) {
          for (Path thread : threads.toList()) {
            for (String child : Files.readString(thread.resolve("children")).strip().split(" ")) {
              if (!child.isEmpty() && !family.contains(Long.valueOf(child))) {
                family.add(Long.valueOf(child));
              }
            }
          }
        } catch (IOException | java.io.UncheckedIOException ended) {
          // it ended while we looked
        }
      }
    }
    return family;
  }

  private static void kill(long pid) {
    Product.perform(List.of("kill", "-9", Long.toString(pid)), "");
  }

  private List<String> victim(Random random, int round) throws IOException {
    String name = "victim" + round;
    List<String> flags =
        new ArrayList<>(
            List.of("--name", name, "--memory", "64m", "--pids-limit", "50", "--rootfs", rootfs()));
    switch (random.nextInt(4)) {
      case 0 -> flags.addAll(List.of("--pid", "host"));
      case 1 -> flags.addAll(List.of("--init"));
      case 2 -> flags.addAll(List.of("--userns", "auto"));
      default -> {}
    }
    return flags;
  }

  @Test
  void whateverIsKilledWheneverNothingStays() throws Exception {
    Path su = Path.of(rootfs(), "bin/su-sleep");
    Files.copy(Path.of(rootfs(), "bin/busybox"), su);
    Files.setAttribute(su, "unix:mode", 0104755);
    hardway.ok("run", "-d", "--name", "bystander", "--rootfs", rootfs(), "sleep", "100000");
    String bystander = hardway.ok("inspect", "-f", "{{.State.Pid}}", "bystander");
    List<String> quiet = hardway.remains();
    Random random = new Random(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      String story = "seed " + SEED + ", round " + round;
      String name = "victim" + round;
      List<String> flags = victim(random, round);
      String program =
          random.nextBoolean()
              ? "trap '' TERM; while :; do sleep 1 & sleep 0.05; done"
              : "exec setsid busybox sleep 1000";
      List<String> command = new ArrayList<>();
      int verb = random.nextInt(6);
      String[] run =
          Stream.concat(
                  Stream.of("run", "-d"),
                  Stream.concat(flags.stream(), Stream.of("sh", "-c", program)))
              .toArray(String[]::new);
      switch (verb) {
        case 0 -> {
          command.addAll(List.of("run", "--rm"));
          command.addAll(flags);
          command.addAll(List.of("sh", "-c", program));
        }
        case 1 -> {
          command.addAll(List.of("create"));
          command.addAll(flags);
          command.addAll(List.of("sh", "-c", program));
        }
        case 2 -> {
          command.addAll(List.of(run));
        }
        case 3 -> {
          hardway.ok(run);
          command.addAll(List.of("exec", name, "sh", "-c", "sleep 100"));
        }
        case 4 -> {
          hardway.ok(run);
          command.addAll(List.of("stop", "-t", "1", name));
        }
        default -> {
          hardway.ok(run);
          if (random.nextBoolean()) {
            hardway.ok("pause", name);
          }
          command.addAll(List.of("rm", "-f", name));
        }
      }
      Process process = hardway.start(command.toArray(String[]::new));
      Thread.sleep(random.nextInt(160));
      List<Long> family = family(process.pid());
      kill(family.get(random.nextInt(family.size())));
      if (random.nextBoolean()) {
        supervisor(name).ifPresent(CrashTest::kill);
      }
      kill(process.pid());
      process.waitFor();
      Process first = hardway.start("ps", "-a");
      Process second = hardway.start("ps", "-a");
      assertEquals(0, Product.finish(first, "").exitCode(), story);
      assertEquals(0, Product.finish(second, "").exitCode(), story);
      hardway.run("rm", "-f", name);
      List<String> remains = hardway.remains();
      remains.removeAll(quiet);
      assertEquals(List.of(), remains, story + ": " + command);
      assertEquals(bystander, hardway.ok("inspect", "-f", "{{.State.Pid}}", "bystander"), story);
      assertTrue(Files.isDirectory(Path.of("/proc", bystander)), story);
      assertEquals(List.of(), processesOf(name), story + ": " + command);
    }
    hardway.ok("rm", "-f", "bystander");
  }

  /** The process that supervises a container, by the directories of its identity. */
  private java.util.Optional<Long> supervisor(String name) {
    Product.Outcome id = hardway.run("inspect", "-f", "{{.Id}}", name);
    Path parent = hardway.state().resolve("containers").resolve(id.out().strip()).resolve("parent");
    try {
      return java.util.Optional.of(Long.valueOf(Files.readString(parent).split(" ")[0]));
    } catch (IOException | NumberFormatException gone) {
      return java.util.Optional.empty();
    }
  }

  private static List<String> processesOf(String name) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process :
          processes
              .filter(path -> Character.isDigit(path.getFileName().toString().charAt(0)))
              .toList()) {
        try {
          String commandLine = Files.readString(process.resolve("cmdline")).replace('\0', ' ');
          if (commandLine.contains("--name " + name + " ")) {
            found.add(process + " " + commandLine);
          }
        } catch (IOException gone) {
          // it ended while we looked
        }
      }
    }
    return found;
  }
}
