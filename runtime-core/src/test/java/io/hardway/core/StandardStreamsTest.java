package io.hardway.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.testkit.FakeHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandardStreamsTest {
  @TempDir private Path directory;
  private Path process;

  @BeforeEach
  void makeProcess() throws IOException {
    process = directory.resolve("proc/7");
    Files.createDirectories(process.resolve("fd"));
    Files.createDirectories(process.resolve("fdinfo"));
    Files.writeString(process.resolve("mountinfo"), "40 30 254:0 /r / rw - ext4 /dev/vda rw\n");
  }

  private void stream(int number, String target, int mount) throws IOException {
    Files.createSymbolicLink(process.resolve("fd/" + number), Path.of(target));
    Files.writeString(
        process.resolve("fdinfo/" + number), "pos:\t0\nflags:\t02\nmnt_id:\t" + mount + "\n");
  }

  private List<String> keys() {
    return StandardStreams.of(new FakeHost(directory), 7).keys();
  }

  @Test
  void pipesAndFilesOfTheHostHaveKeys() throws IOException {
    Path file = Files.writeString(directory.resolve("log"), "");
    stream(0, "pipe:[123]", 14);
    stream(1, file.toString(), 31);
    stream(2, file.toString(), 40);
    String inode = Long.toHexString((Long) Files.getAttribute(file, "unix:ino"));
    assertEquals(List.of("pipe:[123]", "file[1f:" + inode + "]", ""), keys());
  }

  @Test
  void whatIsClosedASocketOrATerminalHasNone() throws IOException {
    stream(0, "socket:[5]", 9);
    stream(1, "/dev/pts/3", 28);
    assertEquals(List.of("", "", ""), keys());
  }

  @Test
  void theyAreReadAsTheyAreWritten() throws IOException {
    StandardStreams streams = new StandardStreams(List.of("pipe:[1]", "", "file[1:a]"));
    Files.writeString(StandardStreams.file(directory), streams.json());
    assertEquals(streams, StandardStreams.read(directory));
    assertTrue(StandardStreams.file(directory).endsWith("descriptors.json"));
  }

  @Test
  void aDirectoryWithoutThemHasNoCheckpoint() {
    HardwayException refusal =
        assertThrows(HardwayException.class, () -> StandardStreams.read(directory));
    assertTrue(refusal.getMessage().contains(directory + " has no checkpoint"), refusal::toString);
  }
}
