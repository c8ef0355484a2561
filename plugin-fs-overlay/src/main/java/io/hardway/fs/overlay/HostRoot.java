package io.hardway.fs.overlay;

import io.hardway.spi.BindMount;
import io.hardway.spi.Depth;
import io.hardway.spi.FdSlot;
import io.hardway.spi.Location;
import io.hardway.spi.MountPointKind;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.RootfsRequest;
import io.hardway.spi.Text;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The host's own files under a layer that is thrown away: what is written is the container's, the
 * host stays as it is.
 *
 * <p>As root, one overlay shows the host's root directory, and one more each further disk that is
 * mounted below. In a user namespace the kernel refuses that (an overlay of a directory with mounts
 * below would uncover what they hide), so the root is a directory of the container's own with an
 * overlay for each of the host's directories, as deep down as mounts are in the way.
 *
 * <p>{@code /proc}, {@code /sys}, {@code /dev}, {@code /run} and {@code /tmp} are the machine's,
 * not its files: the first three are left to isolation, the last two begin empty.
 */
final class HostRoot {
  private static final int MOUNT_ATTR_RDONLY = 1;

  private final RootfsRequest request;
  private final Layer layer;
  private final HostTree tree;
  private final Map<Path, OverlayMount> overlays = new HashMap<>();
  private MappedLayers mapped;

  HostRoot(RootfsRequest request) {
    this.request = request;
    this.layer = new Layer(request.container());
    this.tree = HostTree.of(request);
  }

  /** Adds the steps. */
  void contribute(PlanBuilder plan) {
    Mounts.of(request.host()).requireUpper(layer.directory());
    Directory root = Directory.of(request.host().file("/"));
    LayerSteps steps = LayerSteps.of(request, layer, plan);
    steps.mkdir(layer.directory(), 0700, "make the directory of the container's own layer");
    steps.mkdir(
        layer.upper(),
        root.mode(),
        root.uid(),
        root.gid(),
        "make the directory for what the container writes");
    Location mountPoint = Location.host(request.mountPoint());
    mapped = new MappedLayers(request, plan);
    if (HostTree.isPieced(request)) {
      makeNodes(steps);
      makeParts(steps);
      plan.root()
          .bind(
              BindMount.of(Text.of(layer.upper()), mountPoint)
                  .create(MountPointKind.EXISTING)
                  .build())
          .label("bind the container's own directory as its root");
    } else {
      steps.mkdir(layer.work(), 0700, "make the kernel's scratch directory beside it");
      OverlayMount overlay = overlay(root.path(), layer.directory());
      overlay.prepare(steps);
      makeParts(steps);
      overlay.mount(plan.root(), mountPoint, MountPointKind.EXISTING);
    }
    mapped.end();
    if (!tree.parts().isEmpty()) {
      FdSlot merged = plan.fdSlot("root of the layers");
      plan.root()
          .openPath(mountPoint, merged)
          .label("open the root, to find mount points inside it only");
      for (HostTree.Part part : tree.parts()) {
        mount(part, merged, plan);
      }
      plan.root().close(merged).label("close it");
    }
    OverlayRootfsProvider.remove(request, layer, plan);
  }

  private void makeNodes(LayerSteps steps) {
    for (HostTree.Node node : tree.nodes()) {
      Path path = layer.upper().resolve(node.path().substring(1));
      if (node.isLink()) {
        steps.symlink(path, node.target(), "make the link " + node.path() + " like the host's");
      } else {
        steps.mkdir(path, node.mode(), "make the directory " + node.path());
      }
    }
  }

  private void makeParts(LayerSteps steps) {
    boolean any = false;
    for (HostTree.Part part : tree.parts()) {
      if (part.kind() == HostTree.PartKind.READ_ONLY) {
        continue;
      }
      if (!any) {
        steps.mkdir(
            layer.branches(),
            0700,
            "make the directory for the layers of what is mounted below the root");
        any = true;
      }
      Path directory = layer.branch(part.path());
      if (part.kind() == HostTree.PartKind.EMPTY) {
        steps.mkdir(directory, part.mode(), part.uid(), part.gid(), "make an empty " + part.path());
      } else {
        steps.mkdir(directory, 0700, "make the directory of the layer on " + part.path());
        steps.mkdir(
            directory.resolve("upper"),
            part.mode(),
            part.uid(),
            part.gid(),
            "make the directory for what is written to " + part.path());
        steps.mkdir(
            directory.resolve("work"), 0700, "make the kernel's scratch directory beside it");
        overlay(part.source(), directory).prepare(steps);
      }
    }
  }

  private void mount(HostTree.Part part, FdSlot merged, PlanBuilder plan) {
    Location target = Location.in(merged, part.path().substring(1));
    MountPointKind create =
        HostTree.isPieced(request) ? MountPointKind.LIKE_SOURCE : MountPointKind.EXISTING;
    switch (part.kind()) {
      case OVERLAY ->
          overlay(part.source(), layer.branch(part.path()))
              .mount(
                  plan.root(),
                  target,
                  HostTree.isPieced(request) ? MountPointKind.DIRECTORY : MountPointKind.EXISTING);
      case EMPTY ->
          plan.root()
              .bind(BindMount.of(Text.of(layer.branch(part.path())), target).create(create).build())
              .label("begin with an empty " + part.path());
      case READ_ONLY ->
          plan.root()
              .bind(
                  BindMount.of(Text.of(part.source()), target)
                      .depth(Depth.RECURSIVE)
                      .attributes(MOUNT_ATTR_RDONLY, 0)
                      .create(create)
                      .build())
              .label("show " + part.path() + " of the host, read-only");
    }
  }

  private OverlayMount overlay(Path lower, Path directory) {
    return overlays.computeIfAbsent(
        directory,
        unused ->
            new OverlayMount(
                List.of(mapped.of(lower)),
                directory,
                OverlayRootfsProvider.attributes(request),
                OverlayRootfsProvider.durability(request)));
  }
}
