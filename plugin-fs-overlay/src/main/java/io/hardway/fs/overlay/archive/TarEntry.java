package io.hardway.fs.overlay.archive;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an archive says of one file. Names are bytes, as the kernel has them. */
final class TarEntry {
  /** What kind of file it is. */
  enum Kind {
    FILE,
    HARD_LINK,
    SYMBOLIC_LINK,
    CHARACTER_DEVICE,
    BLOCK_DEVICE,
    DIRECTORY,
    FIFO
  }

  /** A piece of a file that is not a hole. */
  record Segment(long offset, long length) {}

  Kind kind = Kind.FILE;
  byte[] name = {};
  byte[] linkName = {};
  int mode;
  long uid;
  long gid;
  long seconds;
  int nanos;
  long major;
  long minor;

  /** How long the file is. */
  long length;

  /** Where the data belongs; empty where it is the whole file. */
  List<Segment> segments = List.of();

  final Map<String, byte[]> attributes = new LinkedHashMap<>();

  boolean isSparse() {
    return !segments.isEmpty();
  }
}
