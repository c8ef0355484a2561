package io.hardway.core;

import java.nio.file.Path;

/**
 * Where the OCI runtime keeps what it knows of its containers: one directory a container in its
 * root; {@code docs/architecture.md}, "The OCI runtime". The native program finds some of these
 * files by itself.
 */
public final class BundleDirectories {
  /** The name of the plan that takes back a creation, in the container's directory. */
  static final String UNDO = "undo.plan";

  private final Path root;

  /** Below this root. */
  public BundleDirectories(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /** The root. */
  public Path root() {
    return root;
  }

  /** The owner locks of containers that are being made. */
  public Path owners() {
    return root.resolve(".owners");
  }

  /** The owner lock of a container that is being made. */
  public Path owner(String id) {
    return owners().resolve(id);
  }

  /** A container's directory. */
  public Path container(String id) {
    return root.resolve(id);
  }

  /** Held by a verb that changes a container. */
  public Path lock(String id) {
    return container(id).resolve("lock");
  }

  /** What takes back a creation; gone when that has ended. */
  public Path undoPlan(String id) {
    return container(id).resolve(UNDO);
  }

  /** What {@code delete} does. */
  public Path deletePlan(String id) {
    return container(id).resolve("delete.plan");
  }

  /** What {@code start} does. */
  public Path startPlan(String id) {
    return container(id).resolve("start.plan");
  }

  /** What ends every process. */
  public Path killPlan(String id) {
    return container(id).resolve("kill.plan");
  }

  /** What makes every process stand still; only where it has a control group. */
  public Path pausePlan(String id) {
    return container(id).resolve("pause.plan");
  }

  /** What lets every process go on; only where it has a control group. */
  public Path resumePlan(String id) {
    return container(id).resolve("resume.plan");
  }

  /** What takes a change of limits back, while it is made. */
  public Path updateUndo(String id) {
    return container(id).resolve("update.plan");
  }

  /** Which process is the container's first. */
  public Path identity(String id) {
    return container(id).resolve("identity");
  }

  /** The socket a container that has been created waits at. */
  public Path gate(String id) {
    return container(id).resolve("start.sock");
  }

  /** A link to the file of its control group that says whether it is frozen. */
  public Path frozen(String id) {
    return container(id).resolve("frozen");
  }

  /** What {@code state} prints, but for the status and the pid. */
  public Path stateFile(String id) {
    return container(id).resolve("state.json");
  }

  /** How it was made. */
  public Path configFile(String id) {
    return container(id).resolve("config.json");
  }

  /** Where the root is mounted, in the container's own mount namespace. */
  public Path mountPoint(String id) {
    return container(id).resolve("rootfs");
  }

  /** What plugins prepare, shared and content-addressed. */
  public Path store() {
    return root.resolve(".store");
  }
}
