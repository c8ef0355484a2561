package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The assembled product with state and data directories of its own: what a person at a shell has.
 */
final class Product implements AutoCloseable {
  /** Longer than any command takes here; a command that takes longer hangs. */
  private static final long PATIENCE_SECONDS = 120;

  private final Path home;
  private final Path directory;
  private final List<String> prefix;
  private final boolean isElsewhere;

  private Product(Path home, Path directory, List<String> prefix, boolean isElsewhere) {
    this.home = home;
    this.directory = directory;
    this.prefix = prefix;
    this.isElsewhere = isElsewhere;
  }

  /** The product as the build made it, with fresh directories. */
  static Product open() throws IOException {
    String home = System.getProperty("hardway.home");
    if (home == null) {
      throw new IllegalStateException(
          "the system property hardway.home names the unpacked distribution");
    }
    Path directory = Files.createTempDirectory(Path.of("/tmp"), "hardway-test-");
    Files.setPosixFilePermissions(
        directory, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    return new Product(Path.of(home), directory, List.of(), false);
  }

  /** The same product for an ordinary user, with directories of that user's below these. */
  Product of(String user) throws IOException {
    Path own = Files.createDirectory(directory.resolve(user));
    assertEquals(0, perform(List.of("chown", user, own.toString()), "").exitCode());
    return new Product(
        home,
        own,
        List.of(
            "setpriv",
            "--reuid",
            user,
            "--regid",
            user,
            "--init-groups",
            "--inh-caps=-all",
            "env",
            "-i",
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME=" + own,
            "USER=" + user),
        false);
  }

  /**
   * The same product, of the same user with the same directories, its commands started by another
   * one, which enters a network namespace of the test's.
   */
  Product behind(List<String> command) {
    List<String> both = new ArrayList<>(command);
    both.addAll(prefix);
    return new Product(home, directory, both, true);
  }

  Path home() {
    return home;
  }

  /** A directory for the test's own files, removed at the end. */
  Path directory() {
    return directory;
  }

  Path state() {
    return directory.resolve("state");
  }

  Path data() {
    return directory.resolve("data");
  }

  /**
   * The command line of a hardway command. On the machine's own network, which is not the tests', a
   * container that names no network has none.
   */
  List<String> command(String... arguments) {
    List<String> command = new ArrayList<>(prefix);
    command.add(home.resolve("bin/hardway").toString());
    command.add("--state");
    command.add(state().toString());
    command.add("--root");
    command.add(data().toString());
    command.addAll(List.of(arguments));
    return isElsewhere ? command : offTheNetwork(command);
  }

  /** A hardway command by which a container that it makes has no network but one it names. */
  static List<String> offTheNetwork(List<String> command) {
    int verb = verbThatMakesAContainer(command);
    boolean names =
        command.stream().anyMatch(word -> word.startsWith("--network") || word.equals("--config"));
    List<String> off = new ArrayList<>(command);
    if (verb >= 0 && !names) {
      off.addAll(verb + 1, List.of("--network", "none"));
    }
    return off;
  }

  private static int verbThatMakesAContainer(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      boolean isOfAnother = i > 0 && List.of("network", "volume").contains(words.get(i - 1));
      if (List.of("run", "create").contains(words.get(i)) && !isOfAnother) {
        return i;
      }
    }
    return -1;
  }

  /** Starts a command without waiting for it. */
  Process start(String... arguments) throws IOException {
    return new ProcessBuilder(command(arguments)).start();
  }

  /** Runs a command to its end, with empty standard input. */
  Outcome run(String... arguments) {
    return perform(command(arguments), "");
  }

  /** Runs a command that must succeed, and gives its standard output without the last newline. */
  String ok(String... arguments) {
    Outcome outcome = run(arguments);
    assertEquals(0, outcome.exitCode(), () -> String.join(" ", arguments) + "\n" + outcome);
    return outcome.out().strip();
  }

  /** Runs any program to its end. */
  static Outcome perform(List<String> command, String input) {
    try {
      Process process = new ProcessBuilder(command).start();
      return finish(process, input);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Feeds a process, collects what it prints, waits for it. */
  static Outcome finish(Process process, String input) {
    try {
      Capture out = new Capture(process.getInputStream());
      Capture err = new Capture(process.getErrorStream());
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException closed) {
        // it did not want to read
      }
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(
            "still running after "
                + PATIENCE_SECONDS
                + " s: "
                + process.info().commandLine().orElse("?")
                + "\n"
                + out.soFar()
                + err.soFar());
      }
      return new Outcome(process.exitValue(), out.text(), err.text());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * What is on this machine that containers of this product could have left behind: name and where.
   */
  static Map<String, String> traces() throws IOException {
    Map<String, String> found = new TreeMap<>();
    for (String hierarchy :
        List.of(
            "cpu", "cpuacct", "cpuset", "memory", "pids", "freezer", "blkio", "devices", "systemd",
            "unified", "")) {
      Path groups = Path.of("/sys/fs/cgroup", hierarchy, "hardway");
      if (Files.isDirectory(groups)) {
        try (Stream<Path> children = Files.list(groups)) {
          children.filter(Files::isDirectory).forEach(child -> found.put("cgroup " + child, ""));
        }
      }
    }
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      if (line.contains("hardway")) {
        found.put("mount " + line, "");
      }
    }
    return found;
  }

  /** Containers of this product that still have a directory or a lock. */
  List<String> remains() throws IOException {
    List<String> remains = new ArrayList<>();
    for (Path folder :
        List.of(
            state().resolve("owners"),
            state().resolve("containers"),
            data().resolve("containers"),
            data().resolve("names"))) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> children = Files.list(folder)) {
          children.forEach(child -> remains.add(child.toString()));
        }
      }
    }
    return remains;
  }

  @Override
  public void close() throws IOException {
    if (Files.isDirectory(data()) || Files.isDirectory(state())) {
      Outcome ids = run("ps", "-aq", "--no-trunc");
      for (String id : ids.out().split("\\s+")) {
        if (!id.isBlank()) {
          run("rm", "-f", id);
        }
      }
    }
    Outcome removal = perform(List.of("rm", "-rf", "--one-file-system", directory.toString()), "");
    assertEquals(0, removal.exitCode(), removal::toString);
  }

  /** How a command ended. */
  record Outcome(int exitCode, String out, String err) {
    @Override
    public String toString() {
      return "exit code " + exitCode + "\nstdout: " + out + "\nstderr: " + err;
    }
  }

  private static final class Capture {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Thread reader;

    Capture(InputStream from) {
      reader =
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    try {
                      byte[] buffer = new byte[8192];
                      for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                        synchronized (bytes) {
                          bytes.write(buffer, 0, n);
                        }
                      }
                    } catch (IOException closed) {
                      // the process was ended
                    }
                  });
    }

    String soFar() {
      synchronized (bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
      }
    }

    String text() throws InterruptedException {
      reader.join(TimeUnit.SECONDS.toMillis(20));
      return soFar();
    }
  }
}
