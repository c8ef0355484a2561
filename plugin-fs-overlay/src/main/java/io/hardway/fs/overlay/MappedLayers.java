package io.hardway.fs.overlay;

import io.hardway.spi.BindMount;
import io.hardway.spi.Depth;
import io.hardway.spi.FdSlot;
import io.hardway.spi.Location;
import io.hardway.spi.MountPointKind;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.PlanningException;
import io.hardway.spi.RootfsRequest;
import io.hardway.spi.Text;
import java.nio.file.Path;

/**
 * The lower directories of a root, with the ids of the container's user namespace where root of the
 * host runs it: what belongs to user 0 on the disk belongs to user 0 inside. Each is an idmapped
 * mount, made on the host, where that is allowed, and attached in the container's mount namespace;
 * mount_setattr(2), "ID mappings"; overlayfs.rst, since Linux 5.19.
 *
 * <p>Elsewhere the directories are what they are.
 */
final class MappedLayers {
  private static final int IDMAPPED_LAYERS = 5019;
  private static final long MS_PRIVATE = 1L << 18;
  private static final int PASSABLE = 0711;

  private final RootfsRequest request;
  private final PlanBuilder plan;
  private final boolean wanted;
  private FdSlot userNamespace = FdSlot.NONE;
  private int count;

  MappedLayers(RootfsRequest request, PlanBuilder plan) {
    this.request = request;
    this.plan = plan;
    this.wanted = isWanted(request);
    if (wanted && request.host().kernelVersion() < IDMAPPED_LAYERS) {
      throw new PlanningException(
          "the files of a root cannot be given the ids of a user namespace by this kernel, which is"
              + " older than 5.19",
          "use --userns host, or a newer kernel");
    }
  }

  /** Whether root of the host runs a container with a user namespace. */
  static boolean isWanted(RootfsRequest request) {
    return request.userNamespace() && request.host().isPrivileged();
  }

  /** Where a directory is found by who mounts the root; adds the steps that make it so. */
  Path of(Path directory) {
    if (!wanted) {
      return directory;
    }
    openUserNamespace();
    Path place = request.container().state().resolve("lower-" + count++);
    FdSlot mount = plan.fdSlot("mount of " + directory);
    plan.host()
        .mkdir(Location.host(place), PASSABLE)
        .label("make the mount point of " + directory + " with mapped ids");
    plan.mapped()
        .cloneMount(Text.of(directory), Depth.SINGLE, 0, 0, MS_PRIVATE, userNamespace, mount)
        .label("give the files of " + directory + " the ids of the user namespace")
        .hint(
            "its file system must take mapped ids, as ext4, xfs, btrfs and tmpfs do: keep it there, or use --userns host");
    plan.root()
        .bind(
            BindMount.of(mount, Text.of(directory), Location.host(place))
                .detached(true)
                .create(MountPointKind.EXISTING)
                .build())
        .label("mount " + directory + " with mapped ids");
    plan.root().close(mount).label("close it");
    return place;
  }

  private void openUserNamespace() {
    if (userNamespace == FdSlot.NONE) {
      userNamespace = plan.fdSlot("user namespace, for its ids");
      plan.mapped()
          .open(
              Location.host(
                  Text.builder().literal("/proc/").decimal(plan.pid()).literal("/ns/user").build()),
              0,
              0,
              userNamespace)
          .label("open the container's user namespace, for its ids");
    }
  }

  /** Adds what comes after the last directory. */
  void end() {
    if (userNamespace != FdSlot.NONE) {
      plan.mapped().close(userNamespace).label("close the user namespace");
    }
  }
}
