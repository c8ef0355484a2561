package io.hardway.linux.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets what several want. */
class ReservationsTest {
  private static final String ID = "0123456789ab";

  /** No process has this number. */
  private static final String GONE = " 4194305 17";

  @TempDir Path root;
  private Path directory;

  @BeforeEach
  void directory() {
    directory = root.resolve("below/leases");
  }

  private Reservations of(String holder) {
    return new Reservations(directory, holder);
  }

  @Test
  void aThingIsTakenOnce() {
    String holder = Reservations.holder(ID);
    assertTrue(of(holder).take("thing", id -> false));
    assertFalse(of(holder).take("thing", id -> false), "also by the same");
    assertEquals(List.of("thing"), of(holder).names());
    assertEquals(ID, of(holder).owner("thing", id -> false));
    assertEquals("", of(holder).owner("other", id -> true));
  }

  @Test
  void whoseHolderIsGoneIsFree() {
    assertTrue(of(ID + GONE).take("thing", id -> false));
    assertEquals("", of("other" + GONE).owner("thing", id -> false));
    assertEquals(ID, of("other" + GONE).owner("thing", id -> id.equals(ID)));
    assertFalse(of("other" + GONE).take("thing", id -> id.equals(ID)), "its container is there");
    assertTrue(of("other" + GONE).take("thing", id -> false));
    assertEquals("other" + GONE, target("thing"));
  }

  @Test
  void whoIsBeingPlannedKeepsIt() {
    assertTrue(of(Reservations.holder(ID)).take("thing", id -> false));
    assertFalse(of("other" + GONE).take("thing", id -> false));
  }

  @Test
  void ofManyWhoWantWhatIsStaleOneGetsIt() throws Exception {
    assertTrue(of(ID + GONE).take("thing", id -> false));
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Boolean>> all = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        String holder = Reservations.holder("container" + i);
        all.add(() -> of(holder).take("thing", id -> false));
      }
      int winners = 0;
      for (Future<Boolean> one : threads.invokeAll(all)) {
        winners += one.get() ? 1 : 0;
      }
      assertEquals(1, winners);
    }
  }

  @Test
  void whatIsGivenBackIsTheHoldersAlone() throws IOException {
    of(ID + GONE).take("one", id -> true);
    of(ID + GONE).take("two", id -> true);
    of("other" + GONE).take("three", id -> true);
    Files.createFile(directory.resolve("four"));
    of(ID + GONE).giveBackAll();
    Set<String> left = Set.copyOf(of(ID + GONE).names());
    assertTrue(left.containsAll(Set.of("three", "four")), left::toString);
    assertFalse(left.contains("one") || left.contains("two"), left::toString);
  }

  private String target(String name) {
    try {
      return Files.readSymbolicLink(directory.resolve(name)).toString();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
