package io.hardway.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Where things are kept. The state root is empty after a boot and holds what is true only while
 * somebody owns a container; the data root holds what stays until a container is removed. {@code
 * docs/architecture.md}, "State", says what each file is.
 */
public final class Directories {
  private final Path state;
  private final Path data;

  /** Below these two roots, both absolute. */
  public Directories(Path state, Path data) {
    this.state = state.toAbsolutePath().normalize();
    this.data = data.toAbsolutePath().normalize();
  }

  /**
   * Makes the two roots where they are missing, whatever the caller's file mode creation mask: a
   * container's root, which may be another than ours, must get through them.
   */
  void make() {
    for (Path root : List.of(state, data)) {
      if (Files.notExists(root)) {
        try {
          Files.createDirectories(root);
          Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx--x--x"));
        } catch (IOException e) {
          throw new HardwayException(root + ": " + e.getMessage(), e);
        }
      }
    }
  }

  /** The state root. */
  public Path state() {
    return state;
  }

  /** The data root. */
  public Path data() {
    return data;
  }

  /** The owner locks, one file a container. */
  public Path owners() {
    return state.resolve("owners");
  }

  /** The owner lock of a container. */
  public Path owner(String id) {
    return owners().resolve(id);
  }

  /** The directories of owned containers. */
  public Path ownedContainers() {
    return state.resolve("containers");
  }

  /** A container's directory while it is owned. */
  public Path containerState(String id) {
    return ownedContainers().resolve(id);
  }

  /** Where a container that runs has the undo of the networks it was connected to later. */
  Path connectionUndos(String id) {
    return containerState(id).resolve("networks");
  }

  /** Locked while somebody changes the limits, the name or the networks of a container. */
  Path changeLock(String id) {
    return containerData(id).resolve("change.lock");
  }

  /** The directories of all containers. */
  public Path containers() {
    return data.resolve("containers");
  }

  /** A container's directory until it is removed. */
  public Path containerData(String id) {
    return containers().resolve(id);
  }

  /** The names, each a symbolic link whose target is the id. */
  public Path names() {
    return data.resolve("names");
  }

  /** The volumes. */
  public Path volumes() {
    return data.resolve("volumes");
  }

  /** A volume's files. */
  public Path volume(String name) {
    return volumes().resolve(name).resolve("_data");
  }

  /** The definitions of networks. */
  public Path networks() {
    return data.resolve("networks");
  }

  /** Which addresses of networks are given out. */
  public Path leases() {
    return state.resolve("leases");
  }

  /** What plugins prepare, shared and content-addressed. */
  public Path store() {
    return data.resolve("store");
  }

  /** The events journal. */
  public Path events() {
    return state.resolve("events");
  }

  /** The plan that takes down what a container's owner has made. */
  public Path undoPlan(String id) {
    return containerState(id).resolve("undo.plan");
  }

  /** The plan that takes a change of limits back, while it is made. */
  public Path updateUndo(String id) {
    return containerState(id).resolve("update.plan");
  }

  /** Which process is the container's. */
  public Path identity(String id) {
    return containerState(id).resolve("identity");
  }

  /** Where clients attach. */
  public Path attachSocket(String id) {
    return containerState(id).resolve("attach.sock");
  }

  /** What is true of the running container. */
  public Path stateFile(String id) {
    return containerState(id).resolve("state.json");
  }

  /** Where the root is mounted, in the container's own mount namespace. */
  public Path mountPoint(String id) {
    return containerState(id).resolve("merged");
  }

  /** What was asked for. */
  public Path configFile(String id) {
    return containerData(id).resolve("config.json");
  }

  /** How it ended last. */
  public Path exitFile(String id) {
    return containerData(id).resolve("exit.json");
  }

  /** What it has printed. */
  public Path logFile(String id) {
    return containerData(id).resolve("log");
  }

  /** The plan that deletes what a stopped container keeps. */
  public Path removalPlan(String id) {
    return containerData(id).resolve("removal.plan");
  }
}
