package io.hardway.init;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The {@code hardway-init} that this build made. */
final class NativeProgram {
  private static final int PATIENCE_SECONDS = 30;

  private NativeProgram() {}

  /** What a run of it left. */
  record Outcome(int code, String out, String err) {}

  static Path path() {
    String architecture =
        System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
    Path program = Path.of("target", "native", architecture, "hardway-init").toAbsolutePath();
    if (!Files.isExecutable(program)) {
      throw new IllegalStateException(program + " is missing: run `make -C init/src/main/c`");
    }
    return program;
  }

  static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  static Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(path().toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).start();
  }

  /** Gives it the text to read, and waits for its end. */
  static Outcome outcome(Process process, String input) throws IOException, InterruptedException {
    try (var stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException closed) {
      // it does not read
    }
    StringBuilder err = new StringBuilder();
    Thread reader = new Thread(() -> err.append(text(process.getErrorStream())));
    reader.start();
    String out = text(process.getInputStream());
    reader.join();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("hardway-init did not end; it said: " + out + err);
    }
    return new Outcome(process.exitValue(), out, err.toString());
  }

  private static String text(InputStream stream) {
    try {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
