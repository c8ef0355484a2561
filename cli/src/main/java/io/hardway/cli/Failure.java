package io.hardway.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** What is said to the user about what nobody foresaw: words, never a stack trace. */
final class Failure {
  /** As a shell says it of a program that SIGPIPE has ended. */
  private static final int CLOSED_PIPE = 128 + 13;

  private Failure() {}

  /** One line that names what went wrong. */
  static String of(Throwable failure) {
    if (failure instanceof UncheckedIOException || failure instanceof DirectoryIteratorException) {
      return of(failure.getCause());
    }
    if (failure instanceof FileSystemException file) {
      return file.getFile() + ": " + reason(file);
    }
    if (failure instanceof InvalidPathException path) {
      return "'" + path.getInput() + "' cannot be a file's name in this locale: set LC_ALL=C.UTF-8";
    }
    boolean isWorded = failure instanceof IOException || isRefusal(failure);
    return isWorded && failure.getMessage() != null ? failure.getMessage() : fault(failure);
  }

  /** Whether it was thrown to refuse what the user gave. */
  private static boolean isRefusal(Throwable failure) {
    return failure instanceof IllegalArgumentException
        && !(failure instanceof NumberFormatException);
  }

  private static String reason(FileSystemException failure) {
    if (failure instanceof NoSuchFileException) {
      return "no such file or directory";
    } else if (failure instanceof AccessDeniedException) {
      return "permission denied";
    } else if (failure instanceof NotDirectoryException) {
      return "not a directory";
    } else if (failure instanceof FileAlreadyExistsException) {
      return "it exists";
    } else if (failure instanceof DirectoryNotEmptyException) {
      return "directory not empty";
    } else if (failure instanceof FileSystemLoopException) {
      return "a directory within itself";
    }
    return failure.getReason() == null ? failure.getClass().getSimpleName() : failure.getReason();
  }

  /** A fault of ours: what it is and where, in one line that can be reported. */
  private static String fault(Throwable failure) {
    StackTraceElement[] trace = failure.getStackTrace();
    return "a fault of hardway's own, please report it: "
        + failure.getClass().getSimpleName()
        + (failure.getMessage() == null ? "" : ": " + failure.getMessage())
        + (trace.length == 0 ? "" : " at " + trace[0]);
  }

  /**
   * The exit code of an answer that could not be written. Who closes a pipe has read enough: that
   * is nothing to complain about.
   */
  static int ofAnswer(PrintStream err) {
    String output;
    try {
      output = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
    } catch (IOException closed) {
      output = "";
    }
    if (output.startsWith("pipe:") || output.startsWith("socket:")) {
      return CLOSED_PIPE;
    }
    err.println("hardway: the answer could not be written to standard output");
    return Main.FAILED;
  }
}
