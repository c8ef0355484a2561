package io.hardway.core;

/** A container as it is now. */
public final class ContainerRecord {
  private final ContainerConfig config;
  private final Status status;
  private final long pid;
  private final String startedAt;
  private final ExitRecord exit;

  ContainerRecord(
      ContainerConfig config, Status status, long pid, String startedAt, ExitRecord exit) {
    this.config = config;
    this.status = status;
    this.pid = pid;
    this.startedAt = startedAt;
    this.exit = exit;
  }

  /** What was asked for. */
  public ContainerConfig config() {
    return config;
  }

  /** Where it is in its life. */
  public Status status() {
    return status;
  }

  /** The pid of its first process on the host; 0 when it does not live. */
  public long pid() {
    return pid;
  }

  /** When it was started last, RFC 3339; empty when never. */
  public String startedAt() {
    return startedAt;
  }

  /** How it ended last; {@link ExitRecord#NONE} when it has not. */
  public ExitRecord exit() {
    return exit;
  }
}
