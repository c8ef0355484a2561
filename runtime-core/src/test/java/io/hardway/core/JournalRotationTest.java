package io.hardway.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.hardway.linux.file.FileLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalRotationTest {
  @TempDir Path state;

  private Directories directories;
  private Path older;

  @BeforeEach
  void place() {
    directories = new Directories(state, state.resolve("data"));
    older = state.resolve("events.1");
  }

  private void journal(String text, long size) throws IOException {
    Files.writeString(directories.events(), text + " ".repeat((int) size - text.length()));
  }

  @Test
  void aSmallJournalStays() throws IOException {
    JournalRotation.perform(directories);
    journal("some", JournalRotation.BOUND - 1);
    JournalRotation.perform(directories);
    assertFalse(Files.exists(older));
  }

  @Test
  void aLargeJournalTakesThePlaceOfTheOlderOne() throws IOException {
    Files.writeString(older, "oldest");
    journal("older", JournalRotation.BOUND);
    JournalRotation.perform(directories);
    assertFalse(Files.exists(directories.events()));
    assertEquals("older", Files.readString(older).strip());
  }

  @Test
  void whoIsAtItIsLeftAlone() throws IOException {
    journal("some", JournalRotation.BOUND);
    try (FileLock held = FileLock.waitFor(state.resolve("events.lock"))) {
      JournalRotation.perform(directories);
      held.removeFile();
    }
    assertFalse(Files.exists(older));
  }
}
