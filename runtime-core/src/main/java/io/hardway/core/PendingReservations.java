package io.hardway.core;

import io.hardway.linux.file.Reservations;
import io.hardway.spi.Location;
import io.hardway.spi.Stage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which commands have taken addresses and ports of the host for a container, and have not yet
 * stored the plan that gives them back: a file for each, named like the container, the process, and
 * the network where it is being connected to one more. What such a command had taken when it was
 * killed is given back by the next one.
 */
final class PendingReservations {
  private static final String SEPARATOR = ".";
  private static final String ENDED = ".ended";
  private static final int NETWORK = 3;

  /** Plugins keep theirs in directories of their own. */
  private static final int DEPTH = 4;

  private final Directories directories;

  PendingReservations(Directories directories) {
    this.directories = directories;
  }

  /** Notes, before it takes any, that this command is about to, for a container that starts. */
  void begin(String id) {
    begin(id, "");
  }

  /** Notes it for a container that runs and is being connected to a network. */
  void begin(String id, String network) {
    Path file = file(id, network);
    try {
      directories.make();
      makeDirectory();
      Files.createFile(file);
    } catch (FileAlreadyExistsException again) {
      // It takes more for the same.
    } catch (IOException e) {
      throw new HardwayException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Adds the step that says that the undo is stored. It fails where this command was thought to be
   * gone: then what it had taken is free again.
   */
  void end(String id, String network, Stage stage) {
    stage
        .unlink(Location.host(file(id, network)))
        .label("note that what was reserved has an undo")
        .hint("the command that asked for it was killed: try again");
  }

  private void makeDirectory() throws IOException {
    try {
      Files.createDirectory(
          directory(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException made) {
      // By this command or another.
    }
  }

  private Path directory() {
    return directories.state().resolve("reserving");
  }

  private Path file(String id, String network) {
    String holder = Reservations.holder(id).replace(" ", SEPARATOR);
    return directory().resolve(network.isEmpty() ? holder : holder + SEPARATOR + network);
  }

  /** Gives back what those had taken who are gone and have stored no undo for it. */
  void sweep() {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory())) {
      for (Path file : files) {
        sweep(file);
      }
    } catch (NoSuchFileException none) {
      // Nobody has ever taken any.
    } catch (IOException e) {
      throw new HardwayException(directory() + ": " + e.getMessage(), e);
    }
  }

  private void sweep(Path file) throws IOException {
    String name = file.getFileName().toString();
    boolean ended = name.endsWith(ENDED);
    String[] words = name.substring(0, name.length() - (ended ? ENDED.length() : 0)).split("\\.");
    if (words.length < NETWORK || (!ended && Reservations.isAlive(words[1], words[2]))) {
      return;
    }
    String network = words.length > NETWORK ? words[NETWORK] : "";
    if (!ended && network.isEmpty() && isBeingStarted(words[0])) {
      return;
    }
    Path swept = file;
    String holder = words[0] + " " + words[1] + " " + words[2];
    if (!ended && !isStored(words[0], network, holder)) {
      // From here on nobody can go on with it.
      swept = file.resolveSibling(name + ENDED);
      Files.move(file, swept);
      ended = true;
    }
    if (ended) {
      giveBackAll(holder);
    }
    Files.deleteIfExists(swept);
  }

  /** Whether somebody is at it in the background, and has not come to the undo. */
  private boolean isBeingStarted(String id) {
    return Files.exists(directories.owner(id)) && !Files.exists(directories.undoPlan(id));
  }

  /** Of two that start one container at once, the undo is that of one. */
  private boolean isStored(String id, String network, String holder) throws IOException {
    Path undo =
        network.isEmpty() ? directories.undoPlan(id) : Connections.undo(directories, id, network);
    try {
      return Files.readString(undo, StandardCharsets.ISO_8859_1).contains(holder);
    } catch (NoSuchFileException none) {
      return false;
    }
  }

  private void giveBackAll(String holder) throws IOException {
    List<Path> all;
    try (Stream<Path> below =
        Files.find(directories.leases(), DEPTH, (path, of) -> of.isDirectory())) {
      all = below.toList();
    } catch (NoSuchFileException none) {
      return;
    }
    for (Path one : all) {
      new Reservations(one, holder).giveBackAll();
    }
  }
}
