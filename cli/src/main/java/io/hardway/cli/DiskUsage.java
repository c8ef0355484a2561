package io.hardway.cli;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;

/** How many bytes the files of a directory hold; what may not be read counts as nothing. */
final class DiskUsage extends SimpleFileVisitor<Path> {
  private final Set<Object> seen = new HashSet<>();
  private long bytes;

  private DiskUsage() {}

  /** The bytes below a directory, a file with several names once; 0 where there is none. */
  static long of(Path directory) throws IOException {
    DiskUsage usage = new DiskUsage();
    Files.walkFileTree(directory, usage);
    return usage.bytes;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    if (attributes.isRegularFile() && seen.add(attributes.fileKey())) {
      bytes += attributes.size();
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) {
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path directory, IOException e) {
    return FileVisitResult.CONTINUE;
  }
}
