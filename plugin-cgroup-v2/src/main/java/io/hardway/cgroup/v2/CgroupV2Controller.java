package io.hardway.cgroup.v2;

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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Limits by cgroup version 2 (the kernel's {@code cgroup-v2.rst}). The container's process is born in its group, so nothing of it ever runs
 * outside. An ordinary user's containers are below the group that was delegated to the user.
 *
 * <p>Version 2 has no device controller: access to devices is decided by what nodes the container has and may make. Device rules have no
 * effect on it.
 *
 * @since 0.1
 */
public final class CgroupV2Controller implements ResourceController {
  private static final int SCORE = 60;
  private static final int REMOVAL_MILLIS = 10_000;
  private static final int FREEZE_MILLIS = 10_000;
  private static final List<String> NEEDED = List.of("memory", "cpu", "pids");
  private static final List<String> ENABLED = List.of("cpuset", "cpu", "io", "memory", "hugetlb", "pids", "rdma");

  /** For the service loader. */
  public CgroupV2Controller() {}

  @Override
  public String name() {
    return "cgroup-v2";
  }

  @Override
  public String description() {
    return "limits by control groups of version 2, one hierarchy for all controllers";
  }

  @Override
  public Support probe(Host host) {
    Optional<MountPoint> mount = Delegation.mountPoint(host);
    if (mount.isEmpty()) {
      return Support.unusable("no cgroup v2 hierarchy is mounted: use cgroup-v1, or mount one at /sys/fs/cgroup");
    }
    Path target = host.file(mount.get().target());
    List<String> atMount = GroupFile.words(target.resolve("cgroup.controllers"));
    for (String controller : NEEDED) {
      if (!atMount.contains(controller)) {
        return Support.unusable(
            "the cgroup v2 hierarchy at " + mount.get().target() + " has no controller " + controller + ": boot with systemd.unified_cgroup_hierarchy=1, or use cgroup-v1");
      }
    }
    Optional<Delegation> delegation = Delegation.of(host);
    if (delegation.isEmpty()) {
      return Support.unusable(
          host.isPrivileged()
              ? "the cgroup v2 hierarchy at " + mount.get().target() + " cannot be written to: mount it read-write"
              : "no cgroup v2 group is delegated to this user: start Hardway in one, as systemd-run --user --scope -p Delegate=yes does");
    }
    List<String> delegated = delegation.get().controllers();
    for (String controller : NEEDED) {
      if (!delegated.contains(controller)) {
        return Support.unusable("the group " + delegation.get().top() + " is delegated without the controller " + controller + ": delegate it, with systemd by Delegate=" + controller);
      }
    }
    if (!delegation.get().canGive(NEEDED)) {
      return Support.unusable(
          "processes are in the group " + delegation.get().top() + " itself, so its controllers cannot be given to groups below it: move them to a group of their own");
    }
    return Support.usable(SCORE, "");
  }

  @Override
  public ControlGroup group(ResourceRequest request) {
    Delegation delegation = delegation(request.host());
    return ControlGroup.builder()
        .version(2)
        .hierarchies(
            List.of(
                Hierarchy.builder()
                    .name(delegation.mount().getFileName().toString())
                    .controllers(delegation.controllers())
                    .directory(delegation.top().resolve(path(request)))
                    .build()))
        .build();
  }

  private static Delegation delegation(Host host) {
    return Delegation.of(host)
        .orElseThrow(
            () -> new PlanningException("no cgroup v2 group may be divided by this user", "run as root, or in a delegated group: systemd-run --user --scope -p Delegate=yes"));
  }

  private static String path(ResourceRequest request) {
    String asked = request.cgroupsPath().orElse("hardway/" + request.container().id());
    String absolute = asked.startsWith("/") ? asked : "/" + asked;
    Path path = Path.of(absolute).normalize();
    if (path.getNameCount() < 1 || !path.toString().equals(absolute)) {
      throw new PlanningException("the cgroup path " + asked + " is not a plain path below the root of the hierarchy", "leave out empty parts, . and ..");
    }
    return absolute.substring(1);
  }

  static Path directory(ControlGroup group) {
    return group.hierarchies().get(0).directory();
  }

  @Override
  public FdSlot contribute(ResourceRequest request, ControlGroup group, PlanBuilder plan) {
    Path directory = directory(group);
    Path parent = directory.getParent();
    Path top = delegation(request.host()).top();
    if (!parent.equals(top)) {
      plan.host().mkdirs(Location.host(parent), 0755).label("make the group above the container's");
    }
    enable(group, top, parent, plan);
    plan.host().mkdirs(Location.host(directory), 0755).label("make the group");
    plan.kill().killGroupV2(directory).label("kill every process of the group");
    plan.teardown().removeGroup(directory, REMOVAL_MILLIS).label("remove the group");
    new GroupLimits(group, plan.host()).write(request.resources());
    return contributeJoin(group, plan);
  }

  /** One write each: a controller that cannot be given does not keep the others back, and a limit that needs it says so. */
  private static void enable(ControlGroup group, Path top, Path parent, PlanBuilder plan) {
    for (Path level : levels(top, parent)) {
      List<String> given = GroupFile.words(level.resolve("cgroup.subtree_control"));
      for (String controller : ENABLED) {
        if (group.hierarchies().get(0).controllers().contains(controller) && !given.contains(controller)) {
          plan.host()
              .write(Location.host(level.resolve("cgroup.subtree_control")), "+" + controller)
              .label("give the controller " + controller + " to the groups below " + level)
              .bestEffort();
        }
      }
    }
  }

  /** From the uppermost directory down to the container's parent. */
  private static List<Path> levels(Path top, Path parent) {
    List<Path> levels = new ArrayList<>();
    for (Path level = parent; level != null && level.startsWith(top); level = level.getParent()) {
      levels.add(0, level);
    }
    return levels;
  }

  @Override
  public FdSlot contributeJoin(ControlGroup group, PlanBuilder plan) {
    FdSlot directory = plan.fdSlot("group");
    plan.host().openPath(Location.host(directory(group)), directory).label("open the group");
    return directory;
  }

  @Override
  public void contributeUpdate(Host host, ControlGroup group, Resources changed, PlanBuilder plan) {
    new GroupLimits(group, plan.host()).write(changed);
  }

  @Override
  public void contributeFreeze(ControlGroup group, PlanBuilder plan) {
    plan.host().write(Location.host(directory(group).resolve("cgroup.freeze")), "1").label("freeze the group");
    plan.host().await(Location.host(directory(group).resolve("cgroup.events")), "frozen", "1", FREEZE_MILLIS).label("wait until every process stands still");
  }

  @Override
  public void contributeThaw(ControlGroup group, PlanBuilder plan) {
    plan.host().write(Location.host(directory(group).resolve("cgroup.freeze")), "0").label("thaw the group");
  }

  @Override
  public boolean isFrozen(ControlGroup group) {
    return GroupFile.text(directory(group).resolve("cgroup.freeze")).equals("1");
  }

  @Override
  public List<Long> processes(ControlGroup group) {
    return GroupFile.processes(directory(group));
  }

  @Override
  public Usage usage(ControlGroup group) {
    return GroupUsage.read(directory(group));
  }

  @Override
  public Optional<OomCounter> oomCounter(ControlGroup group) {
    return Optional.of(new OomCounter(directory(group).resolve("memory.events"), "oom_kill"));
  }
}
