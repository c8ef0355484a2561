package io.hardway.spi.plan;

/** Who performs a step. */
public enum Actor {
  /** The process that received the plan, on the host side. */
  PARENT(0),
  /** The process that {@code spawn} made, until it executes the program. */
  CONTAINER(2);

  private final int number;

  Actor(int number) {
    this.number = number;
  }

  /** Its number in the binary format. */
  public int number() {
    return number;
  }
}
