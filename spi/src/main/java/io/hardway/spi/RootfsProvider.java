package io.hardway.spi;

import java.nio.file.Path;
import java.util.List;

/**
 * Decides what a container stands on.
 *
 * @since 0.1
 */
public interface RootfsProvider extends Plugin {

  /**
   * Does what must be written before a plan can be made, like unpacking an archive:
   * content-addressed, written aside and renamed, shared.
   *
   * @param store the directory for such things; the provider uses one of its own name inside
   * @return what {@link #contribute} is asked with in place of the source
   * @throws PlanningException where the source is missing or not what it should be
   */
  default RootfsSource prepare(Host host, RootfsSource source, Path store) {
    return source;
  }

  /**
   * What {@link #prepare} would return, without writing anything; for {@code explain}.
   *
   * @throws PlanningException where the source is missing or not what it should be
   */
  default RootfsSource preview(Host host, RootfsSource source, Path store) {
    return source;
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
