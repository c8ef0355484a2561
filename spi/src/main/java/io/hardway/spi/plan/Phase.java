package io.hardway.spi.plan;

/**
 * The phases of a plan, in the order in which they are performed; see {@link
 * io.hardway.spi.PlanBuilder}.
 */
public enum Phase {
  /** The core's own: claims the container with its lock, its directories and the stored undo. */
  CLAIM(Actor.PARENT),
  /** On the host, before the container's process exists. */
  HOST(Actor.PARENT),
  /** Makes the container's process. */
  SPAWN(Actor.PARENT),
  /** On the host, while the container's process waits. */
  PAIRED(Actor.PARENT),
  /** On the host, when the container's process has its ids. */
  MAPPED(Actor.PARENT),
  /** In the container's process, on the host's files. */
  ENTER(Actor.CONTAINER),
  /** In the container's process: the root file system. */
  ROOT(Actor.CONTAINER),
  /** In the container's process: what is inside the root. */
  MOUNTS(Actor.CONTAINER),
  /** The core's own: on the host, when all is mounted and the root has not been changed yet. */
  PREPARED(Actor.PARENT),
  /** In the container's process: gives up what it had, and executes. */
  CONFINE(Actor.CONTAINER),
  /** On the host, when the program runs. */
  STARTED(Actor.PARENT),
  /** On the host, when the program has ended. */
  ENDED(Actor.PARENT),
  /** Undo: ends all processes. */
  KILL(Actor.PARENT),
  /** Undo: what only a running container needs. */
  TEARDOWN(Actor.PARENT),
  /** Undo: what a stopped container keeps. */
  REMOVAL(Actor.PARENT);

  private final Actor actor;

  Phase(Actor actor) {
    this.actor = actor;
  }

  /** Who performs the steps of the phase. */
  public Actor actor() {
    return actor;
  }

  /** Its name for people, in lower case. */
  public String label() {
    return switch (this) {
      case CLAIM -> "claim";
      case HOST -> "host";
      case SPAWN -> "spawn";
      case PAIRED -> "paired";
      case MAPPED -> "mapped";
      case ENTER -> "enter";
      case ROOT -> "root";
      case MOUNTS -> "mounts";
      case PREPARED -> "prepared";
      case CONFINE -> "confine";
      case STARTED -> "started";
      case ENDED -> "ended";
      case KILL -> "kill";
      case TEARDOWN -> "teardown";
      case REMOVAL -> "removal";
    };
  }
}
