package io.hardway.cli;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The lines of a file that others add to and rotate: {@code FILE} becomes {@code FILE.1}, that
 * {@code FILE.2}. None is lost where it is rotated meanwhile: a part stays open, and what is added
 * to it is read, until two newer ones have been read.
 */
final class RotatedLines implements Closeable {
  private static final int STILL_WRITTEN = 2;

  private final Path file;
  private final Deque<Part> parts = new ArrayDeque<>();

  RotatedLines(Path file) {
    this.file = file;
  }

  /** Gives each whole line that has not been given yet, without its end; the oldest first. */
  void read(Consumer<String> each) throws IOException {
    parts.addAll(unseen());
    for (Part part : parts) {
      part.read(each);
    }
    while (parts.size() > STILL_WRITTEN) {
      parts.removeFirst().close();
    }
  }

  /**
   * From the newest on, so that one that is renamed meanwhile is met twice and not missed; up to
   * one that is known, as those behind it have been seen. One place may be empty for a moment.
   */
  private List<Part> unseen() throws IOException {
    List<Part> unseen = new ArrayList<>();
    int missing = 0;
    for (int age = 0; missing < 2; age++) {
      Path path = age == 0 ? file : Path.of(file + "." + age);
      Optional<Object> key = key(path);
      if (key.isEmpty()) {
        missing++;
        continue;
      }
      missing = 0;
      if (holds(parts, key.get())) {
        break;
      }
      if (!holds(unseen, key.get())) {
        Optional<Part> part = open(path);
        if (part.isPresent() && !holds(unseen, part.get().key)) {
          unseen.add(0, part.get());
        }
      }
    }
    return unseen;
  }

  private static boolean holds(Iterable<Part> parts, Object key) {
    for (Part part : parts) {
      if (part.key.equals(key)) {
        return true;
      }
    }
    return false;
  }

  private static Optional<Object> key(Path path) throws IOException {
    try {
      return Optional.of(Files.readAttributes(path, BasicFileAttributes.class).fileKey());
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    }
  }

  /** Which file was opened is known where the path led to the same one before and after. */
  private static Optional<Part> open(Path path) throws IOException {
    while (true) {
      Optional<Object> before = key(path);
      if (before.isEmpty()) {
        return Optional.empty();
      }
      FileChannel channel;
      try {
        channel = FileChannel.open(path);
      } catch (NoSuchFileException gone) {
        continue;
      }
      if (before.equals(key(path))) {
        return Optional.of(new Part(before.get(), channel));
      }
      channel.close();
    }
  }

  @Override
  public void close() throws IOException {
    for (Part part : parts) {
      part.close();
    }
  }

  private static final class Part {
    private final Object key;
    private final FileChannel channel;
    private long position;

    Part(Object key, FileChannel channel) {
      this.key = key;
      this.channel = channel;
    }

    void read(Consumer<String> each) throws IOException {
      long size = channel.size();
      if (size == position) {
        return;
      }
      position = size < position ? 0 : position; // somebody has emptied it
      channel.position(position);
      position += LogLines.read(Channels.newInputStream(channel), each);
    }

    void close() throws IOException {
      channel.close();
    }
  }
}
