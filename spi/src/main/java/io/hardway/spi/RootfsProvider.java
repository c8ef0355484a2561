package io.hardway.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * Decides what a container stands on. It is not asked where that is the mount namespace of another.
 *
 * @since 0.1
 */
public interface RootfsProvider extends Plugin {

  /**
   * Does what must be written before a plan can be made, like unpacking an archive:
   * content-addressed, written aside and renamed, shared.
   *
   * @return what {@link #contribute} is asked with in place of the source, from now on: a container
   *     that is started again stands on the same
   * @throws PlanningException where the source is missing or not what it should be
   */
  default RootfsSource prepare(RootfsPreparation request) {
    return request.source();
  }

  /**
   * What {@link #prepare} would return, without writing anything; for {@code explain}.
   *
   * @throws PlanningException where the source is missing or not what it should be
   */
  default RootfsSource preview(RootfsPreparation request) {
    return request.source();
  }

  /**
   * The directories that have been prepared and not been pruned, for people who ask what lies on
   * their disk.
   *
   * @since 0.1
   */
  default List<Path> prepared(Path store) {
    return List.of();
  }

  /**
   * Deletes what has been prepared and is in no container's use.
   *
   * @param used the {@linkplain RootfsSource#prepared prepared} directories of the containers there
   *     are at the moment of the question; a container that appears later finds out by itself that
   *     what it was planned with is gone
   * @return what was deleted, by what names it for people
   */
  default List<String> prune(Host host, Path store, Supplier<List<Path>> used, StepRunner runner) {
    return List.of();
  }

  /**
   * Adds the steps that mount the root at the request's mount point, in the {@code root} phase, and
   * the undo of what is on disk.
   *
   * @throws PlanningException where the source cannot be used on this host, by name
   */
  void contribute(RootfsRequest request, PlanBuilder plan);

  /** What the container has changed, sorted by path. */
  List<FileChange> changes(RootfsRequest request);

  /** Bytes the container's own layer holds. */
  long size(RootfsRequest request);
}
