package io.hardway.spi;

/**
 * A plan under construction, as one plugin sees it. Steps go to phases, which are performed in the
 * order they are listed here; inside a phase, in the order in which plugins were asked (resources,
 * root file system, isolation, network) and added them.
 *
 * <p>Every step with an effect that outlives the container's processes needs its counterpart in
 * {@link #kill()}, {@link #teardown()} or {@link #removal()}. Those are stored before the first
 * effect, may be performed at any moment after that, more than once, and by another process: they
 * use no slots, and "already gone" is success.
 *
 * @since 0.1
 */
public interface PlanBuilder {

  /** On the host, before the container's process exists. */
  Stage host();

  /**
   * On the host: makes the container's process. The isolation provider adds exactly one {@link
   * Stage#spawn}.
   */
  Stage spawn();

  /** On the host, once the container's process exists and waits: {@link #pid()} is set. */
  Stage paired();

  /**
   * On the host, once the container's process has the ids of its user namespace, and still waits.
   */
  Stage mapped();

  /**
   * In the container's process, on the host's files: joins groups, sets up what its namespaces
   * have.
   */
  Stage enter();

  /** In the container's process: mounts the root file system at its mount point. */
  Stage root();

  /**
   * In the container's process: what is mounted and made inside the root, {@link #rootDirectory()}.
   */
  Stage mounts();

  /** In the container's process: changes the root, gives up privileges, executes the program. */
  Stage confine();

  /** On the host, when the program has been executed. */
  Stage started();

  /** On the host, when the container's process has exited, before anything is taken down. */
  Stage ended();

  /** Undo, first part: ends every process of the container. */
  Stage kill();

  /**
   * Undo, second part: takes down what only a running container needs. Plugins' parts are performed
   * in reverse order of asking.
   */
  Stage teardown();

  /**
   * Undo, last part: deletes what a stopped container keeps. Plugins' parts are performed in
   * reverse order of asking.
   */
  Stage removal();

  /** The pid of the container's process on the host, from {@link #paired()} on. */
  IntSlot pid();

  /** A pidfd of the container's process, from {@link #paired()} on. */
  FdSlot pidfd();

  /** The start time of the container's process, from {@link #paired()} on. */
  TextSlot startTime();

  /** The mounted root, from {@link #mounts()} on until the root is changed. */
  FdSlot rootDirectory();

  /** The exit status, in {@link #ended()}: the code, or 128 and the signal. */
  IntSlot exitStatus();

  /** A new slot for a number. */
  IntSlot intSlot(String name);

  /** A new slot for a descriptor. */
  FdSlot fdSlot(String name);

  /** A new slot for text. */
  TextSlot textSlot(String name);
}
