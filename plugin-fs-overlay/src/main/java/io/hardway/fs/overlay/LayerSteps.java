package io.hardway.fs.overlay;

import io.hardway.spi.Location;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.PlanningException;
import io.hardway.spi.RootfsRequest;
import io.hardway.spi.Stage;
import io.hardway.spi.StepOptions;
import io.hardway.spi.spec.IdMapping;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Makes the directories of a container's layer, owned so that the process that mounts them may
 * write to them: in a user namespace, by the host's id of its root. What is there already, from an
 * earlier start, is left as it is.
 */
final class LayerSteps {
  private final Stage stage;
  private final boolean like;
  private final long uid;
  private final long gid;
  private final boolean isNew;

  private LayerSteps(Stage stage, boolean like, long uid, long gid, boolean isNew) {
    this.stage = stage;
    this.like = like;
    this.uid = uid;
    this.gid = gid;
    this.isNew = isNew;
  }

  /**
   * The steps for a request.
   *
   * @throws PlanningException where the ids of the user namespace leave nobody who could write to
   *     the layer
   */
  static LayerSteps of(RootfsRequest request, Layer layer, PlanBuilder plan) {
    boolean isNew = !Files.exists(layer.directory(), LinkOption.NOFOLLOW_LINKS);
    if (!request.userNamespace()) {
      return new LayerSteps(plan.host(), true, -1, -1, isNew);
    }
    long rootUid = IdMapping.hostId(request.uidMappings(), 0);
    long rootGid = IdMapping.hostId(request.gidMappings(), 0);
    if (request.host().isPrivileged()) {
      return new LayerSteps(plan.host(), false, rootUid, rootGid, isNew);
    }
    if (rootUid == request.host().uid()) {
      return new LayerSteps(plan.host(), false, -1, -1, isNew);
    }
    if (UserNamespaceIds.inside(request.uidMappings(), request.host().uid()) < 0
        || UserNamespaceIds.inside(request.gidMappings(), request.host().gid()) < 0) {
      throw new PlanningException(
          "the user namespace has no id for user "
              + request.host().uid()
              + " and group "
              + request.host().gid()
              + ", so nobody in it may write to "
              + layer.directory(),
          "map your own user and group to some id inside");
    }
    // Only the namespace's root may give files to the ids that the map of an ordinary user has.
    return new LayerSteps(plan.root(), false, 0, 0, isNew);
  }

  /** Makes a directory with this mode. */
  void mkdir(Path path, int mode, String label) {
    mkdir(path, mode, -1, -1, label);
  }

  /**
   * Makes a directory with this mode, for these ids of the host where the layer is not a user
   * namespace's.
   */
  void mkdir(Path path, int mode, long ownerUid, long ownerGid, String label) {
    if (isMissing(path)) {
      StepOptions step =
          stage.mkdir(Location.host(path), mode, like ? ownerUid : uid, like ? ownerGid : gid);
      step.label(label);
    }
  }

  /** Makes a symbolic link. */
  void symlink(Path path, String target, String label) {
    if (isMissing(path)) {
      stage.symlink(Location.host(path), target).label(label);
    }
  }

  private boolean isMissing(Path path) {
    return isNew || !Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }
}
