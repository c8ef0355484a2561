package io.hardway.linux.file;

import io.hardway.spi.PlanningException;
import io.hardway.spi.Stage;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What is given out while there is no plan yet: a symbolic link for each thing, named like it,
 * whose target says to whom. Making a link is one system call that succeeds for one of many.
 *
 * <p>The target is the container's id, and the process that is about to make the container, by pid
 * and start time. Between the reservation and the moment the container has an owner, only that
 * process says that somebody wants it.
 *
 * @since 0.1
 */
public final class Reservations {
  private static final int PARENT = 1;
  private static final int START_TIME = 19;

  private final Path directory;
  private final String holder;

  /** Those in a directory, which may be missing, for {@link #holder a holder}. */
  public Reservations(Path directory, String holder) {
    this.directory = directory;
    this.holder = holder;
  }

  /**
   * What the links of a container say that is being planned: beside its id, the native program that
   * asked this planner, its parent, which performs the plan.
   */
  public static String holder(String id) {
    String[] self = stat("self");
    if (self.length <= START_TIME) {
      throw new PlanningException("/proc/self/stat cannot be read", "mount /proc");
    }
    String parent = self[PARENT];
    String[] stat = stat(parent);
    return id + " " + parent + " " + (stat.length > START_TIME ? stat[START_TIME] : "0");
  }

  /**
   * Adds the step that gives back what a container has, whichever process took it for that; none
   * where it is another's.
   *
   * @param link the thing's link; its target begins with the container's id
   */
  public static void giveBack(Path link, String id, Stage stage, String label) {
    try {
      String target = Files.readSymbolicLink(link).toString();
      if (target.startsWith(id + " ")) {
        stage.unlinkLink(link, target).label(label);
      }
    } catch (IOException gone) {
      // It has been given back.
    }
  }

  /** The link of a thing. */
  public Path link(String name) {
    return directory.resolve(name);
  }

  /** What is given out, in no order; some of it perhaps to who is gone. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> links = Files.newDirectoryStream(directory)) {
      for (Path link : links) {
        names.add(link.getFileName().toString());
      }
    } catch (NoSuchFileException none) {
      return names;
    } catch (IOException e) {
      throw new PlanningException(directory + ": " + e.getMessage(), "", e);
    }
    return names;
  }

  /** The id of the container that has a thing; empty where nobody has, or is about to have, it. */
  public String owner(String name, Predicate<String> isThere) {
    try {
      String text = Files.readSymbolicLink(link(name)).toString();
      return isGone(text, isThere) ? "" : text.substring(0, text.indexOf(' '));
    } catch (IOException gone) {
      return "";
    }
  }

  /**
   * Takes a thing, also one whose holder is gone.
   *
   * @param isThere whether a container's id is one that exists or is being made
   * @return whether it is this holder's now
   */
  public boolean take(String name, Predicate<String> isThere) {
    Path link = link(name);
    for (boolean again : new boolean[] {false, true}) {
      try {
        Files.createSymbolicLink(link, Path.of(holder));
        return true;
      } catch (FileAlreadyExistsException taken) {
        return replaceStale(link, isThere);
      } catch (NoSuchFileException missing) {
        makeDirectory(again);
      } catch (IOException e) {
        throw new PlanningException(link + ": " + e.getMessage(), "", e);
      }
    }
    return false;
  }

  private void makeDirectory(boolean again) {
    try {
      if (again) {
        throw new NoSuchFileException(directory.toString());
      }
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new PlanningException(directory + ": " + e.getMessage(), "", e);
    }
  }

  /** Of several that find the same one stale, the lock lets one at a time look again. */
  private boolean replaceStale(Path link, Predicate<String> isThere) {
    try {
      if (!isGone(Files.readSymbolicLink(link).toString(), isThere)) {
        return false;
      }
      StandingLock lock = lock();
      try {
        if (isGone(Files.readSymbolicLink(link).toString(), isThere)) {
          Files.delete(link);
          Files.createSymbolicLink(link, Path.of(holder));
          return true;
        }
        return false;
      } finally {
        lock.close();
      }
    } catch (NoSuchFileException | FileAlreadyExistsException changed) {
      return false;
    } catch (IOException e) {
      throw new PlanningException(link + ": " + e.getMessage(), "", e);
    }
  }

  /** Gives back whatever is this holder's. */
  public void giveBackAll() {
    for (String name : names()) {
      Path link = link(name);
      try {
        if (isHolders(link)) {
          StandingLock lock = lock();
          try {
            if (isHolders(link)) {
              Files.delete(link);
            }
          } finally {
            lock.close();
          }
        }
      } catch (NoSuchFileException gone) {
        // It has been given back.
      } catch (IOException e) {
        throw new PlanningException(link + ": " + e.getMessage(), "", e);
      }
    }
  }

  private boolean isHolders(Path link) throws IOException {
    return Files.isSymbolicLink(link) && Files.readSymbolicLink(link).toString().equals(holder);
  }

  private StandingLock lock() throws IOException {
    return StandingLock.waitFor(directory.resolve(".lock"));
  }

  private static boolean isGone(String text, Predicate<String> isThere) {
    String[] words = text.split(" ");
    if (words.length != 3 || isThere.test(words[0])) {
      return false;
    }
    boolean planning = isAlive(words[1], words[2]);
    // Who made the container and is done with it may have lived on until after the first look.
    return !planning && !isThere.test(words[0]);
  }

  /**
   * Whether there is a process.
   *
   * @param pid its number
   * @param startTime when it began, as {@link #holder} says it
   */
  public static boolean isAlive(String pid, String startTime) {
    String[] stat = stat(pid);
    return stat.length > START_TIME && stat[START_TIME].equals(startTime);
  }

  /**
   * What is behind the name of the program in a process's stat, proc_pid_stat(5): its state first.
   */
  private static String[] stat(String process) {
    try {
      String text = Files.readString(Path.of("/proc", process, "stat"));
      return text.substring(text.lastIndexOf(')') + 2).split(" ");
    } catch (IOException gone) {
      return new String[0];
    }
  }
}
