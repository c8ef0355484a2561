package io.hardway.cli;

import io.hardway.core.HardwayException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The host's criu(8).
 *
 * @param path where it is; empty: nowhere
 * @param environment the caller's
 */
record CriuProgram(Optional<Path> path, Map<String, String> environment) {
  private static final String NAME = "criu";
  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** What it needs of the caller's environment: its helpers, and what is configured. */
  private static final List<String> VARIABLES = List.of("PATH", "HOME", "CRIU_CONFIG_FILE");

  /** The one that was named, or that is found along PATH. */
  static CriuProgram find(String named, Map<String, String> environment) {
    if (named.indexOf('/') >= 0) {
      return new CriuProgram(Optional.of(Path.of(named).toAbsolutePath()), environment);
    }
    for (String directory : environment.getOrDefault("PATH", DEFAULT_PATH).split(":")) {
      Path candidate = Path.of(directory, named.isEmpty() ? NAME : named);
      if (!directory.isEmpty() && Files.isExecutable(candidate)) {
        return new CriuProgram(Optional.of(candidate), environment);
      }
    }
    return new CriuProgram(Optional.empty(), environment);
  }

  /** Its environment, each {@code NAME=VALUE}. */
  List<String> variables() {
    List<String> variables = new ArrayList<>();
    for (String name : VARIABLES) {
      if (environment.containsKey(name)) {
        variables.add(name + "=" + environment.get(name));
      }
    }
    if (!environment.containsKey("PATH")) {
      variables.add("PATH=" + DEFAULT_PATH);
    }
    return variables;
  }

  /** Whether it says that it works on this host. */
  boolean works() {
    try {
      require();
      return true;
    } catch (HardwayException e) {
      return false;
    }
  }

  /**
   * Makes sure that it works on this host.
   *
   * @throws HardwayException with what {@code criu check} says, and the remedy
   */
  Path require() {
    Path program =
        path.orElseThrow(
            () ->
                new HardwayException(
                    "criu is not there, which checkpoints and restores: install it, or name it with --criu"));
    try {
      Process check =
          new ProcessBuilder(program.toString(), "check")
              .redirectInput(new File("/dev/null"))
              .redirectErrorStream(true)
              .start();
      String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (check.waitFor() != 0) {
        throw new HardwayException(
            program
                + " does not work on this host: `criu check` says: "
                + words(said)
                + ": use a criu that knows this kernel, and name it with --criu");
      }
      return program;
    } catch (IOException e) {
      throw new HardwayException(e.getMessage() + ": name a criu that can be run with --criu", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HardwayException(program + " was interrupted", e);
    }
  }

  /** What it says, in one line; nothing of a helper that it has tried. */
  private static String words(String said) {
    StringBuilder words = new StringBuilder();
    for (String line : said.split("\n")) {
      if (!line.isBlank() && !line.contains("(criu/util.c:")) {
        words.append(words.isEmpty() ? "" : "; ").append(PsProgram.printable(line.strip()));
      }
    }
    return words.isEmpty() ? "nothing" : words.toString();
  }
}
