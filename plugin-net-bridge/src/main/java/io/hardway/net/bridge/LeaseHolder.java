package io.hardway.net.bridge;

import io.hardway.spi.PlanningException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * Who an address is given to, as the target of its link: the container's id, and the process that
 * is about to make the container, by pid and start time. Between the reservation and the moment the
 * container has an owner, only that process says that somebody wants it.
 */
record LeaseHolder(String id, String pid, String startTime) {
  private static final int PARENT = 1;
  private static final int START_TIME = 19;

  /** The native program that asked this planner, which performs the plan; its parent. */
  static LeaseHolder of(String id) {
    String[] self = stat("self");
    if (self.length <= START_TIME) {
      throw new PlanningException("/proc/self/stat cannot be read", "mount /proc");
    }
    String parent = self[PARENT];
    String[] stat = stat(parent);
    return new LeaseHolder(id, parent, stat.length > START_TIME ? stat[START_TIME] : "0");
  }

  /** As the link says it. */
  String text() {
    return id + " " + pid + " " + startTime;
  }

  /** Whether nobody has, or is about to have, what is given to this holder. */
  static boolean isGone(String text, Predicate<String> isThere) {
    String[] words = text.split(" ");
    if (words.length != 3 || isThere.test(words[0])) {
      return false;
    }
    String[] stat = stat(words[1]);
    boolean planning = stat.length > START_TIME && stat[START_TIME].equals(words[2]);
    // Who made the container and is done with it may have lived on until after the first look.
    return !planning && !isThere.test(words[0]);
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
