package io.hardway.fs.overlay;

import io.hardway.fs.overlay.archive.ArchiveStore;
import io.hardway.spi.BindMount;
import io.hardway.spi.Depth;
import io.hardway.spi.FdSlot;
import io.hardway.spi.FileChange;
import io.hardway.spi.Host;
import io.hardway.spi.Location;
import io.hardway.spi.MountPointKind;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.PlanningException;
import io.hardway.spi.RootfsPreparation;
import io.hardway.spi.RootfsProvider;
import io.hardway.spi.RootfsRequest;
import io.hardway.spi.RootfsSource;
import io.hardway.spi.StepRunner;
import io.hardway.spi.Support;
import io.hardway.spi.Text;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Stacks shared directories with the kernel's overlay file system: any number of containers stand
 * on the same files, and each writes to a layer of its own, {@code layer} in its data directory.
 *
 * <p>Option: {@code volatile} ({@code true} or {@code false}, the default): what the container
 * writes is never synced to disk. Right for containers that are removed when they end; after a
 * crash of the host the layer is garbage.
 *
 * @since 0.1
 */
public final class OverlayRootfsProvider implements RootfsProvider {
  private static final int USER_NAMESPACE_OVERLAY = 5011;

  /** For how long a tree of the store may be away while prune makes sure that nobody uses it. */
  private static final int PRUNING_MILLIS = 500;

  /** For the service loader. */
  public OverlayRootfsProvider() {}

  @Override
  public String name() {
    return "fs-overlay";
  }

  @Override
  public String description() {
    return "layers of shared directories with copy-on-write, by the kernel's overlay file system";
  }

  @Override
  public Support probe(Host host) {
    if (!host.supportsFilesystem("overlay")) {
      return Support.unusable(
          "the kernel offers no overlay file system: load its module (modprobe overlay)");
    }
    if (!host.isPrivileged() && host.kernelVersion() < USER_NAMESPACE_OVERLAY) {
      return Support.unusable(
          "an ordinary user can mount an overlay from kernel 5.11 on: run as root, or with a newer kernel");
    }
    return Support.usable(80, "");
  }

  @Override
  public RootfsSource prepare(RootfsPreparation request) {
    return request.source().kind().equals("archive")
        ? new ArchiveStore(request.store()).prepare(request)
        : request.source();
  }

  @Override
  public RootfsSource preview(RootfsPreparation request) {
    return request.source().kind().equals("archive")
        ? new ArchiveStore(request.store()).preview(request)
        : request.source();
  }

  @Override
  public List<Path> prepared(Path store) {
    return new ArchiveStore(store).prepared();
  }

  @Override
  public List<String> prune(Host host, Path store, Supplier<List<Path>> used, StepRunner runner) {
    return new ArchiveStore(store).prune(host, used, runner);
  }

  @Override
  public void contribute(RootfsRequest request, PlanBuilder plan) {
    switch (request.source().kind()) {
      case "bundle" -> bundle(request, plan);
      case "directories", "prepared" -> directories(request, plan);
      case "host" -> new HostRoot(request).contribute(plan);
      default ->
          throw new PlanningException(
              "fs-overlay cannot make a root of kind " + request.source().kind(),
              "archives are unpacked before they are planned with");
    }
  }

  private static void bundle(RootfsRequest request, PlanBuilder plan) {
    Directory directory = Directory.of(request.source().paths().get(0));
    plan.root()
        .bind(
            BindMount.of(Text.of(directory.path()), Location.host(request.mountPoint()))
                .depth(Depth.RECURSIVE)
                .create(MountPointKind.EXISTING)
                .build())
        .label("bind the bundle's root " + directory.path());
  }

  private static void directories(RootfsRequest request, PlanBuilder plan) {
    Layer layer = new Layer(request.container());
    Mounts.of(request.host()).requireUpper(layer.directory());
    List<Path> lower = new ArrayList<>();
    Directory top = null;
    boolean prepared = request.source().kind().equals("prepared");
    for (Path named : request.source().paths()) {
      Directory directory = prepared ? prepared(named, plan) : Directory.of(named);
      requireApart(directory.path(), lower, layer);
      lower.add(directory.path());
      top = top == null ? directory : top;
    }
    LayerSteps steps = LayerSteps.of(request, layer, plan);
    MappedLayers mapped = new MappedLayers(request, plan);
    List<Path> places = new ArrayList<>();
    for (Path path : lower) {
      places.add(mapped.of(path));
    }
    mapped.end();
    OverlayMount overlay =
        new OverlayMount(places, layer.directory(), attributes(request), durability(request));
    steps.mkdir(layer.directory(), 0700, "make the directory of the container's own layer");
    steps.mkdir(
        layer.upper(),
        top.mode(),
        top.uid(),
        top.gid(),
        "make the directory for what the container writes, like " + top.path());
    steps.mkdir(layer.work(), 0700, "make the kernel's scratch directory beside it");
    overlay.prepare(steps);
    overlay.mount(plan.root(), Location.host(request.mountPoint()), MountPointKind.EXISTING);
    remove(request, layer, plan);
  }

  /**
   * A directory of the store; it may be that it is not there yet, where a plan is only shown, or
   * not any more.
   */
  private static Directory prepared(Path path, PlanBuilder plan) {
    FdSlot place = plan.fdSlot("unpacked archive");
    plan.host()
        .openPath(Location.host(path), place)
        .retry(PRUNING_MILLIS)
        .label("see that the unpacked archive is there")
        .hint(
            "it was deleted, maybe by a prune at this moment: run the command again, or make the container anew");
    plan.host().close(place).label("close it");
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
        ? Directory.of(path)
        : Directory.assumed(path);
  }

  /** The kernel refuses layers that overlap with ELOOP; this says which. */
  private static void requireApart(Path path, List<Path> before, Layer layer) {
    for (Path other : before) {
      if (path.equals(other)) {
        throw new PlanningException(
            path + " is named twice as a directory of the root", "name each directory once");
      }
      if (path.startsWith(other) || other.startsWith(path)) {
        throw new PlanningException(
            path
                + " and "
                + other
                + " cannot both be directories of one root: one is inside the other",
            "leave one out, or copy it elsewhere");
      }
    }
    if (path.startsWith(layer.directory())) {
      throw new PlanningException(
          path + " is inside the container's own layer " + layer.directory(),
          "name a directory outside of it");
    }
  }

  /** Adds the undo of the layer. */
  static void remove(RootfsRequest request, Layer layer, PlanBuilder plan) {
    boolean ownIdAlone =
        request.uidMappings().size() == 1 && request.uidMappings().get(0).size() == 1;
    if (request.userNamespace() && !request.host().isPrivileged() && !ownIdAlone) {
      plan.removal()
          .removeTree(
              layer.directory(),
              UserNamespaceIds.lines(request.uidMappings()),
              UserNamespaceIds.lines(request.gidMappings()))
          .label("remove the container's own layer, as root of its ids");
    } else {
      plan.removal().removeTree(layer.directory()).label("remove the container's own layer");
    }
  }

  /** Which attributes the mounting process may use. */
  static OverlayMount.Attributes attributes(RootfsRequest request) {
    return request.userNamespace() ? OverlayMount.Attributes.USER : OverlayMount.Attributes.TRUSTED;
  }

  /** Whether the layer must survive a crash of the host. */
  static OverlayMount.Durability durability(RootfsRequest request) {
    String wanted = request.options().getOrDefault("volatile", "false");
    return switch (wanted) {
      case "true" -> OverlayMount.Durability.VOLATILE;
      case "false" -> OverlayMount.Durability.SYNCED;
      default ->
          throw new PlanningException(
              "fs-overlay: option volatile is true or false, not " + wanted);
    };
  }

  @Override
  public List<FileChange> changes(RootfsRequest request) {
    return LayerChanges.of(request).list();
  }

  @Override
  public long size(RootfsRequest request) {
    return LayerChanges.of(request).size();
  }
}
