package io.hardway.isolation.linux;

import io.hardway.linux.seccomp.FilterCompiler;
import io.hardway.spi.PlanningException;
import io.hardway.spi.spec.Seccomp;
import io.hardway.spi.spec.SeccompArgument;
import io.hardway.spi.spec.SeccompRule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Programs that were made, each in a file that is named by the SHA-256 of the filter it was made
 * of. One that is missing is made again, so all can be deleted at any time.
 */
final class FilterStore {
  private static final int INSTRUCTION = 8;

  /** Part of what is hashed; another number where programs are made in another way. */
  private static final String FORM = "1";

  private final Path store;
  private final Path directory;

  /** The store in the directory that is given to plugins for such things. */
  FilterStore(Path store) {
    this.store = store;
    this.directory = store.resolve("isolation-linux");
  }

  /** The kept program of a filter, or one made in memory. */
  byte[] program(Seccomp filter, String place, String machine) {
    byte[] kept = read(file(filter, machine));
    return kept.length > 0 ? kept : FilterCompiler.compile(filter, place, machine);
  }

  /** Makes and keeps the program of a filter, where it is not there. */
  void prepare(Seccomp filter, String place, String machine) {
    Path file = file(filter, machine);
    if (read(file).length > 0) {
      return;
    }
    byte[] program = FilterCompiler.compile(filter, place, machine);
    try {
      Path data = store.getParent();
      if (!Files.isDirectory(data)) {
        // Containers in user namespaces must get through to their layers.
        Files.createDirectories(data);
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx--x--x"));
      }
      privateDirectory(store);
      privateDirectory(directory);
      Path aside = directory.resolve(file.getFileName() + "." + ProcessHandle.current().pid());
      Files.write(aside, program);
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException pruned) {
      return; // it is made in memory, then
    } catch (IOException e) {
      throw new PlanningException(
          place + ": its program cannot be kept: " + e, "choose another directory with --root", e);
    }
  }

  private static void privateDirectory(Path path) throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      try {
        Files.createDirectory(
            path,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } catch (FileAlreadyExistsException raced) {
        return;
      }
    }
  }

  /** Deletes what is kept. */
  List<String> prune() {
    List<String> deleted = new ArrayList<>();
    if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
        for (Path file : files) {
          if (Files.deleteIfExists(file)) {
            deleted.add("seccomp filter " + file.getFileName());
          }
        }
      } catch (IOException e) {
        throw new PlanningException(directory + " cannot be emptied: " + e, "", e);
      }
    }
    return deleted;
  }

  /** A program that was kept; empty where there is none, or one that was cut off. */
  private static byte[] read(Path file) {
    try {
      byte[] program = Files.readAllBytes(file);
      return program.length % INSTRUCTION == 0 ? program : new byte[0];
    } catch (IOException missing) {
      return new byte[0];
    }
  }

  private Path file(Seccomp filter, String machine) {
    return directory.resolve(digest(FORM + "\n" + machine + "\n" + text(filter)));
  }

  private static String digest(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** All that the program depends on. Words are in brackets: none can pass for two others. */
  private static String text(Seccomp filter) {
    StringBuilder text = new StringBuilder();
    word(text, filter.defaultAction());
    word(text, filter.defaultErrnoRet().toString());
    words(text, filter.architectures());
    for (SeccompRule rule : filter.syscalls()) {
      words(text.append('\n'), rule.names());
      word(text, rule.action());
      word(text, rule.errnoRet().toString());
      for (SeccompArgument argument : rule.args()) {
        text.append(' ').append(argument.index());
        word(text, argument.op());
        text.append(argument.value()).append(' ').append(argument.valueTwo());
      }
    }
    return text.toString();
  }

  private static void words(StringBuilder text, List<String> words) {
    text.append(words.size());
    for (String word : words) {
      word(text, word);
    }
  }

  private static void word(StringBuilder text, String word) {
    text.append('[').append(word.length()).append(' ').append(word).append(']');
  }
}
