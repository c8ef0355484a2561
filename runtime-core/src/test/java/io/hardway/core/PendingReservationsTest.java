package io.hardway.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.linux.file.Reservations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who has taken an address and is gone, and who is not. */
class PendingReservationsTest {
  private static final String ID = "0123456789ab".repeat(5) + "0123";

  /** No process has this number. */
  private static final String GONE = " 4194305 17";

  @TempDir Path root;
  private Directories directories;
  private PendingReservations pending;

  @BeforeEach
  void directories() {
    directories = new Directories(root.resolve("state"), root.resolve("data"));
    pending = new PendingReservations(directories);
  }

  @Test
  void whatOneHadTakenThatIsGoneIsGivenBack() throws IOException {
    Path lease = taken("net-bridge/net/10.88.0.2", ID + GONE);
    Path port = taken("ports/tcp-8080-0.0.0.0", ID + GONE);
    Path others = taken("net-bridge/net/10.88.0.3", "f" + ID.substring(1) + GONE);
    noted(GONE, "");
    pending.sweep();
    assertEquals(List.of(others), links());
    assertTrue(Files.notExists(lease) && Files.notExists(port));
    assertEquals(0, notes());
  }

  @Test
  void whoIsAtItKeepsWhatItHasTaken() throws IOException {
    pending.begin(ID);
    pending.begin(ID);
    Path lease = taken("net-bridge/net/10.88.0.2", Reservations.holder(ID));
    pending.sweep();
    assertEquals(List.of(lease), links());
    assertEquals(1, notes());
  }

  @Test
  void anUndoGivesBackItself() throws IOException {
    Path lease = taken("net-bridge/net/10.88.0.2", ID + GONE);
    noted(GONE, "");
    Files.writeString(made(directories.undoPlan(ID)), "plan of " + ID + GONE + "\0");
    pending.sweep();
    assertEquals(List.of(lease), links());
    assertEquals(0, notes());
  }

  @Test
  void theUndoOfAnotherStartOfTheSameContainerGivesNothingOfItBack() throws IOException {
    Path winners = taken("net-bridge/net/10.88.0.2", ID + " 1 1");
    taken("net-bridge/net/10.88.0.3", ID + GONE);
    noted(GONE, "");
    made(directories.owner(ID));
    Files.writeString(made(directories.undoPlan(ID)), "plan of " + ID + " 1 1\0");
    pending.sweep();
    assertEquals(List.of(winners), links());
    assertEquals(0, notes());
  }

  @Test
  void oneThatGoesOnInTheBackgroundIsWaitedFor() throws IOException {
    Path lease = taken("net-bridge/net/10.88.0.2", ID + GONE);
    noted(GONE, "");
    made(directories.owner(ID));
    pending.sweep();
    assertEquals(List.of(lease), links());
    assertEquals(1, notes());
  }

  @Test
  void aConnectionThatWasNotMadeIsGivenBackThoughItsContainerRuns() throws IOException {
    Path first = taken("net-bridge/net/10.88.0.2", ID + " 1 1");
    taken("net-bridge/other/10.89.0.2", ID + GONE);
    noted(GONE, "other");
    made(directories.owner(ID));
    made(directories.undoPlan(ID));
    pending.sweep();
    assertEquals(List.of(first), links());
    assertEquals(0, notes());
  }

  @Test
  void aConnectionWithAnUndoIsLeftToIt() throws IOException {
    Path later = taken("net-bridge/other/10.89.0.2", ID + GONE);
    noted(GONE, "other");
    Files.writeString(made(Connections.undo(directories, ID, "other")), ID + GONE);
    pending.sweep();
    assertEquals(List.of(later), links());
    assertEquals(0, notes());
  }

  @Test
  void whoWasKilledWhileGivingBackHasItDoneByTheNext() throws IOException {
    taken("net-bridge/net/10.88.0.2", ID + GONE);
    noted(GONE + " ended", "");
    pending.sweep();
    assertEquals(List.of(), links());
    assertEquals(0, notes());
  }

  private Path taken(String name, String holder) throws IOException {
    Path link = directories.leases().resolve(name);
    Files.createDirectories(link.getParent());
    return Files.createSymbolicLink(link, Path.of(holder));
  }

  private void noted(String process, String network) throws IOException {
    String name = (ID + process).replace(' ', '.');
    made(
        directories
            .state()
            .resolve("reserving")
            .resolve(network.isEmpty() ? name : name + "." + network));
  }

  private static Path made(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.createFile(file);
  }

  private List<Path> links() throws IOException {
    try (Stream<Path> files = Files.walk(directories.leases())) {
      return files.filter(Files::isSymbolicLink).sorted().toList();
    }
  }

  private long notes() throws IOException {
    try (Stream<Path> files = Files.list(directories.state().resolve("reserving"))) {
      return files.count();
    }
  }
}
