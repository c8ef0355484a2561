package io.hardway.core;

import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;
import io.hardway.spi.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the standard streams of a checkpointed container were, so that what is restored writes to
 * those of who restores it. As with runc, {@code descriptors.json} beside the images has a text for
 * each: {@code pipe:[INODE]}; and {@code file[MOUNT:INODE]} for a file or device outside of the
 * container.
 *
 * @param keys of standard input, output and error; empty for what is the container's own
 */
record StandardStreams(List<String> keys) {
  private static final String FILE = "descriptors.json";
  private static final int STREAMS = 3;

  /** Those of a process. */
  static StandardStreams of(Host host, long pid) {
    Set<Integer> own = new HashSet<>();
    for (ProcessMount mount : ProcessMount.of(host, pid)) {
      own.add(mount.id());
    }
    List<String> keys = new ArrayList<>();
    for (int stream = 0; stream < STREAMS; stream++) {
      keys.add(key(host.file("/proc/" + pid), stream, own));
    }
    return new StandardStreams(List.copyOf(keys));
  }

  private static String key(Path process, int stream, Set<Integer> ownMounts) {
    Path link = process.resolve("fd/" + stream);
    try {
      String target = Files.readSymbolicLink(link).toString();
      if (!target.startsWith("/")) {
        return target.startsWith("pipe:") ? target : "";
      }
      int mount = mount(process.resolve("fdinfo/" + stream));
      boolean isTerminal = target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
      return isTerminal || ownMounts.contains(mount)
          ? ""
          : "file["
              + Integer.toHexString(mount)
              + ":"
              + Long.toHexString((Long) Files.getAttribute(link, "unix:ino"))
              + "]";
    } catch (NoSuchFileException closed) {
      return "";
    } catch (IOException e) {
      throw new HardwayException(link + ": " + e.getMessage(), e);
    }
  }

  private static int mount(Path information) throws IOException {
    for (String line : Files.readAllLines(information)) {
      if (line.startsWith("mnt_id:")) {
        return Integer.parseInt(line.substring("mnt_id:".length()).strip());
      }
    }
    throw new IOException(information + " has no mnt_id");
  }

  /** Those that a checkpoint noted. */
  static StandardStreams read(Path images) {
    Path file = images.resolve(FILE);
    try {
      String text = "{\"streams\":" + Files.readString(file) + "}";
      List<String> streams = JsonObject.parse(file.toString(), text).texts("streams");
      if (streams.size() > STREAMS) {
        throw new HardwayException(file + ": there are three standard streams, and it has more");
      }
      return new StandardStreams(streams);
    } catch (NoSuchFileException e) {
      throw new HardwayException(
          images + " has no checkpoint: there is no " + FILE + "; name one with --image-path", e);
    } catch (IOException | IllegalArgumentException e) {
      throw new HardwayException(file + ": " + e.getMessage(), e);
    }
  }

  /** Where a checkpoint notes them. */
  static Path file(Path images) {
    return images.resolve(FILE);
  }

  /** In the form of the file. */
  String json() {
    return new JsonWriter().texts(keys).toString() + "\n";
  }
}
