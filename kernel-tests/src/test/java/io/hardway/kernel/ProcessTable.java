package io.hardway.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Looks into {@code /proc}. What ends while it is looked at is as if it had not been there. */
final class ProcessTable {

  private ProcessTable() {}

  static Set<Long> pids() throws IOException {
    Set<Long> pids = new TreeSet<>();
    try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        String name = entry.getFileName().toString();
        if (Character.isDigit(name.charAt(0))) {
          pids.add(Long.valueOf(name));
        }
      }
    }
    return pids;
  }

  private static String read(long pid, String file) {
    try {
      return new String(
          Files.readAllBytes(Path.of("/proc", Long.toString(pid), file)),
          StandardCharsets.ISO_8859_1);
    } catch (IOException ended) {
      return "";
    }
  }

  /** The command line, words separated by spaces; empty for what has ended. */
  static String commandLine(long pid) {
    return read(pid, "cmdline").replace('\0', ' ').strip();
  }

  /** Processes with this text in their command line. */
  static Set<Long> withArgument(String text) throws IOException {
    Set<Long> found = new TreeSet<>();
    for (long pid : pids()) {
      if (commandLine(pid).contains(text)) {
        found.add(pid);
      }
    }
    return found;
  }

  /** Processes with this variable in the environment they were executed with. */
  static Set<Long> withVariable(String assignment) throws IOException {
    Set<Long> found = new TreeSet<>();
    for (long pid : pids()) {
      if (("\0" + read(pid, "environ")).contains("\0" + assignment + "\0")) {
        found.add(pid);
      }
    }
    return found;
  }

  /** The process and its descendants, itself first. */
  static Set<Long> family(long pid) {
    Set<Long> family = new LinkedHashSet<>();
    collect(pid, family);
    return family;
  }

  private static void collect(long pid, Set<Long> family) {
    if (!family.add(pid)) {
      return;
    }
    try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      for (Path thread : (Iterable<Path>) threads::iterator) {
        for (String child : Files.readString(thread.resolve("children")).strip().split(" ")) {
          if (!child.isEmpty()) {
            collect(Long.parseLong(child), family);
          }
        }
      }
    } catch (IOException | UncheckedIOException ended) {
      // it ended while we looked
    }
  }

  /** A field of {@code /proc/PID/stat} behind the name, counted as proc_pid_stat(5) does. */
  private static Optional<String> stat(long pid, int field) {
    String stat = read(pid, "stat");
    int end = stat.lastIndexOf(')');
    return end < 0
        ? Optional.empty()
        : Optional.of(stat.substring(end + 2).split(" ")[field - 3].strip());
  }

  static Optional<Long> parent(long pid) {
    return stat(pid, 4).map(Long::valueOf);
  }

  /** The letter of its state, as {@code D} where nothing can disturb it. */
  static Optional<String> state(long pid) {
    return stat(pid, 3);
  }

  static Optional<String> startTime(long pid) {
    return stat(pid, 22);
  }

  /** The inode numbers of all files that somebody has locked. */
  static Set<Long> lockedInodes() throws IOException {
    Set<Long> inodes = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("/proc/locks"))) {
      String[] words = line.strip().split("\\s+");
      for (String word : words) {
        if (word.chars().filter(c -> c == ':').count() == 2) {
          inodes.add(Long.valueOf(word.substring(word.lastIndexOf(':') + 1)));
        }
      }
    }
    return inodes;
  }

  /** SIGKILL, by a handle that knows a process from a later one with its number. */
  static void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }
}
