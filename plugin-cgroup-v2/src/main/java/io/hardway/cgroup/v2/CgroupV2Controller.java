package io.hardway.cgroup.v2;

import io.hardway.linux.cgroup.CgroupFile;
import io.hardway.linux.cgroup.GroupPath;
import io.hardway.linux.cgroup.SystemdScope;
import io.hardway.spi.ControlGroup;
import io.hardway.spi.FdSlot;
import io.hardway.spi.Hierarchy;
import io.hardway.spi.Host;
import io.hardway.spi.Location;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Limits by cgroup version 2 (the kernel's cgroup-v2.rst). The container's process is born in its
 * group.
 *
 * @since 0.1
 */
public final class CgroupV2Controller implements ResourceController {
  private static final int SCORE = 60;
  private static final int PARTIAL_SCORE = 10;

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
          new DevicesController(),
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
    Optional<Delegation> found = Delegation.of(host);
    if (found.isEmpty()) {
      return Support.unusable("no cgroup v2 hierarchy is mounted");
    }
    Delegation delegation = found.get();
    if (!delegation.isWritable()) {
      return Support.unusable(
          "the cgroup "
              + delegation.top()
              + " belongs to another user: have one delegated (systemd-run --user --scope -p"
              + " Delegate=yes hardway …), or run as root");
    }
    List<String> controllers = delegation.controllers();
    if (controllers.isEmpty()) {
      return Support.unusable(
          "the cgroup "
              + delegation.top()
              + " has no controllers: version 1 uses them, or none was delegated");
    }
    return support(host, controllers);
  }

  private static Support support(Host host, List<String> controllers) {
    List<String> missing = new ArrayList<>(NEEDED);
    missing.removeAll(controllers);
    StringBuilder remark = new StringBuilder();
    if (!missing.isEmpty()) {
      remark
          .append("has only ")
          .append(String.join(", ", controllers))
          .append(", since version 1 has the others or they are not delegated");
    }
    if (!DevicesController.isAvailable(host)) {
      remark.append(remark.isEmpty() ? "" : "; ").append(DevicesController.WITHOUT);
    }
    return Support.usable(missing.isEmpty() ? SCORE : PARTIAL_SCORE, remark.toString());
  }

  private static Delegation delegation(Host host) {
    return Delegation.of(host)
        .orElseThrow(
            () ->
                new PlanningException(
                    "no cgroup v2 hierarchy is mounted",
                    "mount one: mount -t cgroup2 cgroup /sys/fs/cgroup"));
  }

  @Override
  public ControlGroup group(ResourceRequest request) {
    Delegation delegation = delegation(request.host());
    if (request.bySystemd()) {
      return scopeGroup(request, delegation);
    }
    return ControlGroup.builder()
        .version(2)
        .hierarchies(
            List.of(
                Hierarchy.builder()
                    .name("unified")
                    .version(2)
                    .controllers(delegation.controllers())
                    .directory(delegation.path(request).directory())
                    .build()))
        .build();
  }

  private static ControlGroup scopeGroup(ResourceRequest request, Delegation delegation) {
    ScopeSteps.on(request.host());
    SystemdScope scope = scope(request);
    return ControlGroup.builder()
        .version(2)
        .unit(scope.name())
        .hierarchies(
            List.of(
                Hierarchy.builder()
                    .name("unified")
                    .version(2)
                    .controllers(delegation.controllers())
                    .directory(delegation.top().resolve(scope.path()))
                    .build()))
        .build();
  }

  private static SystemdScope scope(ResourceRequest request) {
    return SystemdScope.of(request.cgroupsPath().orElse(":hardway:" + request.container().id()));
  }

  static Path directory(ControlGroup group) {
    return group.hierarchies().get(0).directory();
  }

  @Override
  public FdSlot contribute(ResourceRequest request, ControlGroup group, PlanBuilder plan) {
    if (request.bySystemd()) {
      return contributeScope(request, group, plan);
    }
    Path directory = directory(group);
    plan.host().mkdirs(Location.host(directory.getParent()), 0755).label("make the groups above");
    subtree(request.host(), group).contribute(needed(request.resources()), plan);
    plan.host().mkdirs(Location.host(directory), 0755).label("make the group");
    GroupOwner.contribute(request, directory, plan.host());
    plan.kill().killGroupV2(directory).label("kill every process of the group");
    plan.teardown().removeGroup(directory, REMOVAL_MILLIS).label("remove the group");
    contribute(request.resources(), new LimitWriter(request.host(), group, plan.host()));
    return open(directory, plan);
  }

  /** systemd moves a process that is there already; its limits come before it does anything. */
  private static FdSlot contributeScope(
      ResourceRequest request, ControlGroup group, PlanBuilder plan) {
    ScopeSteps systemd = ScopeSteps.on(request.host());
    SystemdScope scope = scope(request);
    Path directory = directory(group);
    Set<String> others = needed(request.resources());
    others.retainAll(group.hierarchies().get(0).controllers());
    others.removeAll(ScopeSteps.OF_SYSTEMD);
    ScopeSteps.enable(
        delegation(request.host()).top(), directory, List.copyOf(others), plan.mapped());
    GroupOwner.contribute(request, directory, plan.mapped());
    LimitWriter limits = new LimitWriter(request.host(), group, plan.mapped());
    contribute(request.resources(), limits);
    systemd.start(scope, request.container().id(), limits.written(), plan);
    plan.kill().killGroupV2(directory).label("kill every process of the group");
    systemd.stop(scope.name(), plan.teardown());
    plan.teardown().removeGroup(directory, REMOVAL_MILLIS).label("see that the group is gone");
    return FdSlot.NONE;
  }

  private static SubtreeControl subtree(Host host, ControlGroup group) {
    return new SubtreeControl(
        GroupPath.at(directory(group), delegation(host).top()),
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
    if (group.unit().isEmpty()) {
      subtree(host, group).contributeUpdate(needed(changed), plan);
    }
    LimitWriter limits = new LimitWriter(host, group, plan.host(), Optional.of(plan.teardown()));
    contribute(changed, limits);
    limits.takeBack();
    if (group.unit().isPresent()) {
      ScopeSteps systemd = ScopeSteps.on(host);
      systemd.update(group.unit().get(), limits.written(), plan.host());
      systemd.takeBack(group.unit().get(), limits.before(), plan.teardown());
    }
  }

  /** All are asked before a step is performed: what one refuses leaves nothing half changed. */
  private static void contribute(Resources wanted, LimitWriter limits) {
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
  public Optional<Path> frozenAbove(ControlGroup group) {
    return Freezer.frozenAbove(directory(group));
  }

  @Override
  public List<Long> processes(ControlGroup group) {
    return CgroupFile.processes(directory(group));
  }

  @Override
  public boolean gives(Host host, String controller) {
    Optional<Delegation> delegation = Delegation.of(host);
    if (delegation.isEmpty() || !delegation.get().isWritable()) {
      return false;
    }
    return controller.equals("devices")
        ? enforcesDeviceRules(host)
        : delegation.get().controllers().contains(withoutPrefix(controller));
  }

  private static String withoutPrefix(String controller) {
    return controller.startsWith(RAW) ? controller.substring(RAW.length()) : controller;
  }

  @Override
  public boolean enforcesDeviceRules(Host host) {
    return DevicesController.isAvailable(host);
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
