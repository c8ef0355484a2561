package io.hardway.distribution;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The command line that starts the planner. Training and use share it: with any other flag the JVM
 * rejects the ahead-of-time cache.
 */
final class PlannerCommand {
  static final String HOME = "@HOME@";
  static final String CACHE = "-XX:AOTCache=";
  static final String MAIN_CLASS = "io.hardway.cli.Main";

  /**
   * Where the launcher opens the folder lib. The JVM looks the path of the training up for each
   * class it takes from the cache, and at each failure throws an exception; this path is there
   * wherever the installation lies.
   */
  static final int LIB_DESCRIPTOR = 5;

  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          // Most of what is compiled sooner is done before that has paid.
          "-XX:CompileThresholdScaling=4",
          "-XX:-UsePerfData",
          // The cache's profiles would have methods compiled that a short life never repays.
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:-AOTReplayTraining",
          // Where it was made for, unless that is taken: to move it takes 5 ms.
          "-XX:ArchiveRelocationMode=0",
          // The same heap on every machine: the cached objects fit only one way of compressing
          // pointers.
          "-Xmx512m",
          // What it would find out there, in twenty files, is how large the heap may be.
          "-XX:-UseContainerSupport",
          // A cache that cannot be used is said on standard output otherwise.
          "-Xlog:disable",
          "-Xlog:all=error:stderr",
          "--enable-native-access=ALL-UNNAMED",
          "-Dhardway.home=" + HOME,
          "-Djna.boot.library.path=" + HOME + "/lib",
          "-Djna.nounpack=true",
          "-DZstdNativePath=" + HOME + "/lib/libzstd-jni.so");

  private final List<String> classPath;
  private final String hash;

  private PlannerCommand(List<String> classPath, String hash) {
    this.classPath = classPath;
    this.hash = hash;
  }

  /** The command for these jars and this runtime. */
  static PlannerCommand of(List<Path> jars, Path runtime) throws IOException {
    List<String> classPath = new ArrayList<>();
    MessageDigest hash = sha256();
    for (Path jar : jars) {
      classPath.add("/proc/self/fd/" + LIB_DESCRIPTOR + "/" + jar.getFileName());
      hash.update(jar.getFileName().toString().getBytes(StandardCharsets.UTF_8));
      update(hash, jar);
    }
    update(hash, runtime.resolve("release"));
    update(hash, runtime.resolve("lib/modules"));
    hash.update(String.join("\n", FLAGS).getBytes(StandardCharsets.UTF_8));
    return new PlannerCommand(
        List.copyOf(classPath), HexFormat.of().formatHex(hash.digest(), 0, 8));
  }

  /**
   * The file name of a program's cache, with a hash of jars, runtime and flags, so that no cache is
   * taken for another's. Each program has its own: the JVM loads and links at its start all classes
   * of a cache, used or not.
   */
  String cacheName(String program) {
    return program + "-" + hash + ".aot";
  }

  /**
   * One argument a line, with placeholders for the installation folder; the command's own arguments
   * follow them.
   */
  List<String> lines(String program) {
    return lines(List.of(CACHE + HOME + "/lib/" + cacheName(program)), MAIN_CLASS);
  }

  /** The same command with other arguments for the cache, and another main class. */
  List<String> lines(List<String> cacheArguments, String mainClass) {
    List<String> lines = new ArrayList<>();
    lines.add(HOME + "/runtime/bin/java");
    lines.addAll(cacheArguments);
    lines.addAll(FLAGS);
    lines.add("-cp");
    lines.add(String.join(":", classPath));
    lines.add(mainClass);
    return lines;
  }

  private static void update(MessageDigest hash, Path file) throws IOException {
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        hash.update(buffer, 0, n);
      }
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
