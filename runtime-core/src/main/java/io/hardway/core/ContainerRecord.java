package io.hardway.core;

import io.hardway.spi.PublishedPort;
import java.util.List;

/** A container as it is now. */
public final class ContainerRecord {
  private final ContainerConfig config;
  private final Status status;
  private final long pid;
  private final String startedAt;
  private final ExitRecord exit;
  private final List<Connection> connections;
  private final List<PublishedPort> ports;

  ContainerRecord(
      ContainerConfig config,
      Status status,
      long pid,
      String startedAt,
      ExitRecord exit,
      List<Connection> connections,
      List<PublishedPort> ports) {
    this.config = config;
    this.status = status;
    this.pid = pid;
    this.startedAt = startedAt;
    this.exit = exit;
    this.connections = List.copyOf(connections);
    this.ports = List.copyOf(ports);
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

  /** How it is connected to networks while it runs. */
  public List<Connection> connections() {
    return connections;
  }

  /** The ports of the host that lead to it while it runs. */
  public List<PublishedPort> ports() {
    return ports;
  }
}
