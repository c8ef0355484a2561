package io.hardway.core;

/** Where a container is in its life. */
public enum Status {
  /** Somebody is making or removing it. */
  CREATING,
  /** It is made and has never run since. */
  CREATED,
  /** Its process lives. */
  RUNNING,
  /** Its processes live and stand still. */
  PAUSED,
  /** Its process has ended. */
  EXITED;

  /** As docker writes it. */
  public String label() {
    return switch (this) {
      case CREATING -> "creating";
      case CREATED -> "created";
      case RUNNING -> "running";
      case PAUSED -> "paused";
      case EXITED -> "exited";
    };
  }

  /** Whether its process lives. */
  public boolean isAlive() {
    return this == RUNNING || this == PAUSED;
  }
}
