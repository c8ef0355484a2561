package io.hardway.cgroup.v1;

import io.hardway.linux.cgroup.CgroupFile;
import io.hardway.linux.cgroup.GroupPath;
import io.hardway.spi.ControlGroup;
import io.hardway.spi.FdSlot;
import io.hardway.spi.Hierarchy;
import io.hardway.spi.Host;
import io.hardway.spi.Location;
import io.hardway.spi.MountPoint;
import io.hardway.spi.OomCounter;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.PlanningException;
import io.hardway.spi.ResourceController;
import io.hardway.spi.ResourceRequest;
import io.hardway.spi.Support;
import io.hardway.spi.Text;
import io.hardway.spi.Usage;
import io.hardway.spi.spec.Resources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Limits by cgroup version 1 (the kernel's {@code cgroup-v1} documents). A container has a group of
 * the same name in every hierarchy that is mounted, also in those of controllers that only count or
 * mark what is theirs, like {@code perf_event}, and in systemd's; hierarchies that others have
 * named for themselves are left alone, as by runc. Its process joins them by itself: a parent that
 * moves it waits for the kernel's grace period.
 *
 * @since 0.1
 */
public final class CgroupV1Controller implements ResourceController {
  private static final int SCORE = 50;
  private static final int REMOVAL_MILLIS = 10_000;
  private static final List<String> NEEDED = List.of("memory", "cpu", "pids", "freezer");
  private static final FreezerController FREEZER = new FreezerController();

  /** Memory first: where a group that runs holds too much, its step fails before any other. */
  private static final List<Controller> CONTROLLERS =
      List.of(
          new MemoryController(),
          new CpuController(),
          new CpusetController(),
          new PidsController(),
          new BlockIoController(),
          new HugetlbController(),
          new RdmaController(),
          new NetClsController(),
          new NetPrioController(),
          new DevicesController(),
          FREEZER,
          new UnifiedLimits());

  /** For the service loader. */
  public CgroupV1Controller() {}

  @Override
  public String name() {
    return "cgroup-v1";
  }

  @Override
  public String description() {
    return "limits by control groups of version 1, one hierarchy a controller";
  }

  @Override
  public Support probe(Host host) {
    List<MountPoint> mounts = mounts(host);
    if (mounts.isEmpty()) {
      return Support.unusable("no cgroup v1 hierarchy is mounted");
    }
    for (String controller : NEEDED) {
      MountPoint mount = mountOf(mounts, controller);
      if (mount == null) {
        return Support.unusable(
            "the controller " + controller + " is in no mounted cgroup v1 hierarchy");
      }
      if (!Files.isWritable(host.file(mount.target()))) {
        return Support.unusable(
            "cgroup v1 belongs to root here: "
                + mount.target()
                + " cannot be written to; run as root, or on a host with cgroup v2");
      }
    }
    return Support.usable(SCORE, "");
  }

  private static List<MountPoint> mounts(Host host) {
    List<MountPoint> found = new ArrayList<>();
    for (MountPoint mount : host.mounts()) {
      if (mount.type().equals("cgroup")
          && isForContainers(mount)
          && !hasTarget(found, mount.superOptions())) {
        found.add(mount);
      }
    }
    return found;
  }

  private static boolean isForContainers(MountPoint mount) {
    for (String controller : controllers(mount)) {
      if (!controller.startsWith("name=") || controller.equals("name=systemd")) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasTarget(List<MountPoint> mounts, String superOptions) {
    for (MountPoint mount : mounts) {
      if (mount.superOptions().equals(superOptions)) {
        return true;
      }
    }
    return false;
  }

  private static MountPoint mountOf(List<MountPoint> mounts, String controller) {
    for (MountPoint mount : mounts) {
      if (mount.hasSuperOption(controller)) {
        return mount;
      }
    }
    return null;
  }

  @Override
  public ControlGroup group(ResourceRequest request) {
    if (request.bySystemd()) {
      throw new PlanningException(
          "the container's group cannot be made by systemd: it is asked where there is version 2 alone",
          "have it made directly: leave --systemd-cgroup out, choose the driver cgroupfs in the engine");
    }
    List<Hierarchy> hierarchies = new ArrayList<>();
    for (MountPoint mount : mounts(request.host())) {
      if (request.supplementary() && !isAskedFor(mount, request.resources())) {
        continue;
      }
      Path target = Path.of(mount.target());
      hierarchies.add(
          Hierarchy.builder()
              .name(target.getFileName().toString())
              .controllers(controllers(mount))
              .directory(path(request, mount).directory())
              .build());
    }
    return ControlGroup.builder().version(1).hierarchies(hierarchies).build();
  }

  private static boolean isAskedFor(MountPoint mount, Resources resources) {
    for (String controller : resources.controllers()) {
      if (mount.hasSuperOption(nameHere(controller))) {
        return true;
      }
    }
    return false;
  }

  /** The name that version 1 has for a controller. */
  private static String nameHere(String controller) {
    return controller.equals("io") ? "blkio" : controller;
  }

  private static GroupPath path(ResourceRequest request, MountPoint mount) {
    Path top = request.host().file(mount.target());
    return GroupPath.of(request, top, top);
  }

  /** Controllers and names are among the options of the file system; the rest are known flags. */
  private static List<String> controllers(MountPoint mount) {
    List<String> controllers = new ArrayList<>();
    for (String option : mount.superOptions().split(",")) {
      switch (option) {
        case "rw", "ro", "xattr", "noprefix", "clone_children", "none", "cpuset_v2_mode" -> {}
        default -> {
          if (!option.startsWith("release_agent=")) {
            controllers.add(option);
          }
        }
      }
    }
    return controllers;
  }

  @Override
  public FdSlot contribute(ResourceRequest request, ControlGroup group, PlanBuilder plan) {
    List<Path> directories = new ArrayList<>();
    for (Hierarchy hierarchy : group.hierarchies()) {
      Path directory = hierarchy.directory();
      directories.add(directory);
      plan.host()
          .mkdirs(Location.host(directory), 0755)
          .label("make the " + hierarchy.name() + " group");
      plan.teardown()
          .removeGroup(directory, REMOVAL_MILLIS)
          .label("remove the " + hierarchy.name() + " group");
    }
    plan.kill().killGroupV1(directories).label("kill every process of the group");
    cpuset(request, group, plan);
    limits(request.host(), request.resources(), group, plan);
    join(group, plan);
    return FdSlot.NONE;
  }

  /** A group of cpuset takes nobody in before it has processors and memory nodes. */
  private static void cpuset(ResourceRequest request, ControlGroup group, PlanBuilder plan) {
    Optional<Path> directory = new GroupFiles(group).directory("cpuset");
    if (directory.isEmpty()) {
      return;
    }
    for (Path level : levels(request, directory.get())) {
      for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
        var inherited = plan.textSlot(file + " of " + level.getParent());
        plan.host()
            .read(Location.host(level.getParent().resolve(file)), inherited)
            .label("read " + file + " of the group above " + level);
        plan.host()
            .write(Location.host(level.resolve(file)), Text.builder().text(inherited).build())
            .label("give " + level + " the same " + file);
      }
    }
  }

  /**
   * The directories from below the mount to the group, uppermost first, that are not set up
   * already.
   *
   * @throws PlanningException where one of them is not ours to set up
   */
  private static List<Path> levels(ResourceRequest request, Path directory) {
    List<Path> levels = new ArrayList<>();
    MountPoint mount = mountOf(mounts(request.host()), "cpuset");
    GroupPath path = path(request, mount);
    Path top = request.host().file(mount.target());
    for (Path level = directory;
        level != null && !level.equals(top) && level.startsWith(top);
        level = level.getParent()) {
      boolean isSetUp =
          !level.equals(directory)
              && !CgroupFile.text(level.resolve("cpuset.cpus")).isEmpty()
              && !CgroupFile.text(level.resolve("cpuset.mems")).isEmpty();
      if (!isSetUp && !path.isOurs(level)) {
        throw new PlanningException(
            "the cgroup "
                + level
                + " has no processors or memory nodes, so that nothing can run below",
            "write to its cpuset.cpus and cpuset.mems, or name another parent");
      }
      if (!isSetUp) {
        levels.add(0, level);
      }
    }
    return levels;
  }

  private static void join(ControlGroup group, PlanBuilder plan) {
    for (Hierarchy hierarchy : group.hierarchies()) {
      FdSlot tasks = plan.fdSlot(hierarchy.name() + " tasks");
      plan.host()
          .openForWriting(Location.host(hierarchy.directory().resolve("tasks")), tasks)
          .label("open the tasks of the " + hierarchy.name() + " group");
      plan.enter().writeTo(tasks, Text.of("0")).label("join the " + hierarchy.name() + " group");
    }
  }

  @Override
  public FdSlot contributeJoin(ControlGroup group, PlanBuilder plan) {
    join(made(group), plan);
    return FdSlot.NONE;
  }

  /** Without those hierarchies that were mounted after the container was started. */
  private static ControlGroup made(ControlGroup group) {
    List<Hierarchy> made = new ArrayList<>();
    for (Hierarchy hierarchy : group.hierarchies()) {
      if (Files.isDirectory(hierarchy.directory())) {
        made.add(hierarchy);
      }
    }
    return made.isEmpty() ? group : group.toBuilder().hierarchies(made).build();
  }

  @Override
  public void contributeUpdate(Host host, ControlGroup group, Resources changed, PlanBuilder plan) {
    LimitWriter limits =
        new LimitWriter(
            host, new GroupFiles(made(group)), plan.host(), Optional.of(plan.teardown()));
    contribute(changed, limits);
    limits.takeBack();
  }

  /** All are asked before a step is performed: what one refuses leaves nothing half changed. */
  private static void limits(Host host, Resources wanted, ControlGroup group, PlanBuilder plan) {
    contribute(wanted, new LimitWriter(host, new GroupFiles(group), plan.host()));
  }

  private static void contribute(Resources wanted, LimitWriter limits) {
    for (Controller controller : CONTROLLERS) {
      controller.contribute(wanted, limits);
    }
  }

  @Override
  public void contributeFreeze(ControlGroup group, PlanBuilder plan) {
    FREEZER.freeze(new GroupFiles(group), plan.host());
  }

  @Override
  public void contributeThaw(ControlGroup group, PlanBuilder plan) {
    FREEZER.thaw(new GroupFiles(group), plan.host());
  }

  @Override
  public boolean isFrozen(ControlGroup group) {
    return FREEZER.isFrozen(new GroupFiles(group));
  }

  @Override
  public Optional<Path> frozenAbove(ControlGroup group) {
    return FREEZER.frozenAbove(new GroupFiles(group));
  }

  @Override
  public List<Long> processes(ControlGroup group) {
    return new GroupFiles(group).directory("pids").map(CgroupFile::processes).orElse(List.of());
  }

  @Override
  public boolean enforcesDeviceRules(Host host) {
    return mountOf(mounts(host), "devices") != null;
  }

  @Override
  public boolean gives(Host host, String controller) {
    MountPoint mount = mountOf(mounts(host), nameHere(controller));
    return mount != null && Files.isWritable(host.file(mount.target()));
  }

  @Override
  public Usage usage(ControlGroup group) {
    GroupFiles files = new GroupFiles(group);
    Usage.Builder usage = Usage.builder();
    for (Controller controller : CONTROLLERS) {
      controller.usage(files, usage);
    }
    return usage.build();
  }

  @Override
  public Optional<OomCounter> oomCounter(ControlGroup group) {
    return new GroupFiles(group)
        .directory("memory")
        .map(
            directory ->
                new OomCounter(directory.resolve("memory.oom_control"), "oom_kill")
                    .withControl(directory.resolve("cgroup.event_control")));
  }
}
