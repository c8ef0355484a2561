package io.hardway.cgroup.v2;

import io.hardway.linux.cgroup.CgroupFile;
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
import io.hardway.spi.Usage;
import io.hardway.spi.spec.Resources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Limits by cgroup version 2 (the kernel's cgroup-v2.rst). The container's process is born in its
 * group. Rules about devices are not applied: version 2 has no controller for them, they are
 * programs.
 *
 * @since 0.1
 */
public final class CgroupV2Controller implements ResourceController {
  private static final int SCORE = 60;

  /** Before the names of controllers whose files are written as they are named. */
  private static final String RAW = "unified/";

  /** The first with {@code cgroup.kill}. */
  private static final int LEAST_KERNEL = 5014;

  private static final int REMOVAL_MILLIS = 10_000;
  private static final List<String> NEEDED = List.of("memory", "cpu", "pids");

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
          new OtherControllers(),
          new UnifiedLimits());

  /** For the service loader. */
  public CgroupV2Controller() {}

  @Override
  public String name() {
    return "cgroup-v2";
  }

  @Override
  public String description() {
    return "limits by control groups of version 2";
  }

  @Override
  public Support probe(Host host) {
    if (host.kernelVersion() < LEAST_KERNEL) {
      return Support.unusable("Linux 5.14 or newer is needed, which kills a group as a whole");
    }
    Path mount = mount(host);
    if (mount == null) {
      return Support.unusable("no cgroup v2 hierarchy is mounted");
    }
    Path top = top(host, mount);
    List<String> controllers = controllers(top);
    for (String controller : NEEDED) {
      if (!controllers.contains(controller)) {
        return Support.unusable(
            "the controller "
                + controller
                + " is not available in the cgroup v2 hierarchy at "
                + top
                + ": it is used by version 1, or not delegated to this user");
      }
    }
    if (!Files.isWritable(top)) {
      return Support.unusable(
          "the cgroup "
              + top
              + " belongs to another user: have it delegated (systemd: Delegate=yes), or run as root");
    }
    return Support.usable(
        SCORE, "has no rules about devices: containers cannot make device nodes (no CAP_MKNOD)");
  }

  private static Path mount(Host host) {
    Path found = null;
    for (MountPoint mount : host.mounts()) {
      if (mount.type().equals("cgroup2")) {
        found = host.file(mount.target());
      }
    }
    return found;
  }

  /**
   * Where our groups are: the root for root; for others the uppermost delegated group above this
   * process, because a group with processes of its own cannot give controllers to groups below it.
   */
  private static Path top(Host host, Path mount) {
    if (host.isPrivileged()) {
      return mount;
    }
    for (String line : host.ownCgroups()) {
      if (line.startsWith("0::/")) {
        Path top = mount.resolve(line.substring("0::/".length()));
        while (!top.equals(mount) && Files.isWritable(top.getParent().resolve("cgroup.procs"))) {
          top = top.getParent();
        }
        return top;
      }
    }
    return mount;
  }

  private static List<String> controllers(Path group) {
    return List.of(CgroupFile.text(group.resolve("cgroup.controllers")).split(" "));
  }

  @Override
  public ControlGroup group(ResourceRequest request) {
    Path mount = mount(request.host());
    if (mount == null) {
      throw new PlanningException(
          "no cgroup v2 hierarchy is mounted", "mount one: mount -t cgroup2 cgroup /sys/fs/cgroup");
    }
    String asked = request.cgroupsPath().orElse("hardway/" + request.container().id());
    Path path = Path.of("/" + asked).normalize();
    if (path.getNameCount() < 1 || !Path.of("/" + asked).equals(path)) {
      throw new PlanningException(
          "the cgroup path " + asked + " is not a plain path below the root of the hierarchy",
          "leave out empty parts, . and ..");
    }
    Path top = top(request.host(), mount);
    return ControlGroup.builder()
        .version(2)
        .hierarchies(
            List.of(
                Hierarchy.builder()
                    .name("unified")
                    .version(2)
                    .controllers(controllers(top))
                    .directory(top.resolve(path.toString().substring(1)))
                    .build()))
        .build();
  }

  static Path directory(ControlGroup group) {
    return group.hierarchies().get(0).directory();
  }

  @Override
  public FdSlot contribute(ResourceRequest request, ControlGroup group, PlanBuilder plan) {
    Path directory = directory(group);
    plan.host().mkdirs(Location.host(directory.getParent()), 0755).label("make the groups above");
    subtree(request.host(), group).contribute(needed(request.resources()), plan);
    plan.host().mkdirs(Location.host(directory), 0755).label("make the group");
    plan.kill().killGroupV2(directory).label("kill every process of the group");
    plan.teardown().removeGroup(directory, REMOVAL_MILLIS).label("remove the group");
    limits(request.host(), request.resources(), group, plan);
    return open(directory, plan);
  }

  private static SubtreeControl subtree(Host host, ControlGroup group) {
    Path mount = mount(host);
    return new SubtreeControl(
        mount == null ? directory(group) : top(host, mount),
        directory(group),
        group.hierarchies().get(0).controllers());
  }

  private static Set<String> needed(Resources resources) {
    Set<String> needed = new LinkedHashSet<>();
    for (String controller : resources.controllers()) {
      needed.add(withoutPrefix(controller));
    }
    return needed;
  }

  private static FdSlot open(Path directory, PlanBuilder plan) {
    FdSlot slot = plan.fdSlot("the container's cgroup");
    plan.host()
        .openPath(Location.host(directory), slot)
        .label("take hold of the group, for the process to be born in");
    return slot;
  }

  @Override
  public FdSlot contributeJoin(ControlGroup group, PlanBuilder plan) {
    return open(directory(group), plan);
  }

  @Override
  public void contributeUpdate(Host host, ControlGroup group, Resources changed, PlanBuilder plan) {
    subtree(host, group).contributeUpdate(needed(changed), plan);
    limits(host, changed, group, plan);
  }

  /** All are asked before a step is performed: what one refuses leaves nothing half changed. */
  private static void limits(Host host, Resources wanted, ControlGroup group, PlanBuilder plan) {
    LimitWriter limits = new LimitWriter(host, group, plan.host());
    for (Controller controller : CONTROLLERS) {
      controller.contribute(wanted, limits);
    }
  }

  @Override
  public void contributeFreeze(ControlGroup group, PlanBuilder plan) {
    Freezer.freeze(directory(group), plan.host());
  }

  @Override
  public void contributeThaw(ControlGroup group, PlanBuilder plan) {
    Freezer.thaw(directory(group), plan.host());
  }

  @Override
  public boolean isFrozen(ControlGroup group) {
    return Freezer.isFrozen(directory(group));
  }

  @Override
  public List<Long> processes(ControlGroup group) {
    return CgroupFile.processes(directory(group));
  }

  @Override
  public boolean gives(Host host, String controller) {
    Path mount = mount(host);
    if (mount == null) {
      return false;
    }
    Path top = top(host, mount);
    if (!Files.isWritable(top)) {
      return false;
    }
    return controller.equals("devices")
        ? enforcesDeviceRules(host)
        : controllers(top).contains(withoutPrefix(controller));
  }

  private static String withoutPrefix(String controller) {
    return controller.startsWith(RAW) ? controller.substring(RAW.length()) : controller;
  }

  @Override
  public Usage usage(ControlGroup group) {
    Usage.Builder usage = Usage.builder();
    for (Controller controller : CONTROLLERS) {
      controller.usage(directory(group), usage);
    }
    return usage.build();
  }

  @Override
  public Optional<OomCounter> oomCounter(ControlGroup group) {
    return Optional.of(new OomCounter(directory(group).resolve("memory.events"), "oom_kill"));
  }
}
