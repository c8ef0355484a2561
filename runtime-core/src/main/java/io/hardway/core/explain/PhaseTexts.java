package io.hardway.core.explain;

/** What a phase is, in a few words; see {@link io.hardway.spi.PlanBuilder}. */
final class PhaseTexts {
  private PhaseTexts() {}

  static String of(String phase) {
    return switch (phase) {
      case "claim" -> "outside, becomes the owner and stores the undo";
      case "host" -> "outside, before there is a process";
      case "spawn" -> "outside, makes the container's process";
      case "paired" -> "outside, while the new process waits";
      case "mapped" -> "on the host, when the container's process has its ids";
      case "enter" -> "inside, still on the host's files";
      case "root" -> "inside, mounts the root file system";
      case "mounts" -> "inside, what is mounted and made in the root";
      case "confine" -> "inside, gives up what it had, and executes";
      case "started" -> "outside, when the program runs";
      case "ended" -> "outside, when the program has ended";
      case "kill" -> "outside, ends all processes";
      case "teardown" -> "outside, what only a running container needs";
      case "removal" -> "outside, what a stopped container keeps";
      case "store" -> "stores what takes it back";
      case "outside" -> "on the host";
      case "inside" -> "in the container's network namespace";
      case "record" -> "notes what is true now";
      default -> "outside";
    };
  }
}
