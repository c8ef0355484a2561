package io.hardway.isolation.linux;

import io.hardway.spi.ExecRequest;
import io.hardway.spi.FdSlot;
import io.hardway.spi.Host;
import io.hardway.spi.IntOperand;
import io.hardway.spi.IntSlot;
import io.hardway.spi.Location;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.Stage;
import io.hardway.spi.Text;
import io.hardway.spi.spec.IdMapping;
import io.hardway.spi.spec.LinuxSettings;
import io.hardway.spi.spec.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** The steps of another process in a container. */
final class ExecSteps {
  private final ExecRequest request;
  private final PlanBuilder plan;
  private final Host host;

  ExecSteps(ExecRequest request, PlanBuilder plan) {
    this.request = request;
    this.plan = plan;
    this.host = request.host();
  }

  void contribute() {
    EnumSet<NamespaceKind> other = namespaces();
    FdSlot process = plan.fdSlot("the container's first process");
    IntSlot pid = plan.intSlot("its pid");
    plan.host()
        .openProcess(request.identity(), process, pid)
        .label("find the container's first process");
    request
        .process()
        .execCpuAffinity()
        .ifPresent(wanted -> Scheduling.contributeInitial(plan.host(), wanted));
    FdSlot user = FdSlot.NONE;
    if (other.contains(NamespaceKind.USER)) {
      user = open(pid, NamespaceKind.USER);
      LinuxSettings linux = request.spec().linux();
      ProcessSteps.giveStreams(
          host, plan, request.stdio(), linux.uidMappings(), linux.gidMappings());
    }
    FdSlot pids = other.contains(NamespaceKind.PID) ? open(pid, NamespaceKind.PID) : FdSlot.NONE;
    plan.spawn()
        .spawn(0, user, pids, request.spawnCgroup())
        .label("make a process in the container's pid namespace");
    Stage enter = plan.enter();
    request
        .process()
        .execCpuAffinity()
        .ifPresent(wanted -> Scheduling.contributeFinal(enter, wanted));
    SecurityLabels labels = new SecurityLabels(host, request.process());
    labels.open(plan, enter);
    long joined = 0;
    StringBuilder names = new StringBuilder();
    for (NamespaceKind kind : other) {
      if (kind != NamespaceKind.USER && kind != NamespaceKind.PID) {
        joined |= kind.flag();
        names.append(names.isEmpty() ? "" : ", ").append(kind.type());
      }
    }
    if (user != FdSlot.NONE) {
      enter
          .credentials(IntOperand.of(0), IntOperand.of(0), Text.of(deniesGroups() ? "-" : ""))
          .label("become root of the user namespace");
    }
    FdSlot own = hasMounts() ? FdSlot.NONE : openRoot(pid);
    if (joined != 0) {
      enter.join(process, joined).label("join the container's namespaces: " + names);
    }
    if (own != FdSlot.NONE) {
      enter.chroot(own).label("change the root to the container's");
    }
    FdSlot root = plan.fdSlot("root of the container");
    enter.openPath(Location.host("/"), root).label("take hold of the container's root");
    Optional<SystemCallFilter> filter =
        request.privileged()
            ? Optional.empty()
            : SystemCallFilter.of(host, request.spec(), request.store());
    new ProcessSteps(
            request.process(),
            request.spec().linux(),
            plan,
            request.stdio(),
            labels,
            filter,
            request.processState())
        .contributeInside(
            root,
            user != FdSlot.NONE && deniesGroups(),
            request.preservedDescriptors(),
            request.supervised());
  }

  /** Whether its root is that of its mount namespace. */
  private boolean hasMounts() {
    for (Namespace namespace : request.spec().linux().namespaces()) {
      if (namespace.type().equals(NamespaceKind.MOUNT.type())) {
        return namespace.path().isEmpty();
      }
    }
    return !host.isPrivileged();
  }

  /** The root of a process can be another than that of its mount namespace. */
  private FdSlot openRoot(IntSlot pid) {
    FdSlot root = plan.fdSlot("root of the container's first process");
    Text path = Text.builder().literal("/proc/").decimal(pid).literal("/root").build();
    plan.host()
        .openPath(Location.host(path), root)
        .label("take hold of the root of the container's first process");
    return root;
  }

  private boolean deniesGroups() {
    List<IdMapping> groups = request.spec().linux().gidMappings();
    return !host.isPrivileged() && groups.size() == 1 && groups.get(0).size() == 1;
  }

  private FdSlot open(IntSlot pid, NamespaceKind kind) {
    FdSlot slot = plan.fdSlot(kind.type() + " namespace of the container");
    Text file = Text.builder().literal("/proc/").decimal(pid).literal("/ns/" + kind.file()).build();
    plan.host()
        .open(Location.host(file), 0, 0, slot)
        .label("open its " + kind.type() + " namespace");
    return slot;
  }

  /** Those that are not ours; where the kernel does not tell, those the container was made with. */
  private EnumSet<NamespaceKind> namespaces() {
    EnumSet<NamespaceKind> other = EnumSet.noneOf(NamespaceKind.class);
    try {
      String identity = Files.readString(request.identity());
      String pid = identity.substring(0, identity.indexOf(' '));
      for (NamespaceKind kind : NamespaceKind.values()) {
        Path theirs = Files.readSymbolicLink(host.file("/proc/" + pid + "/ns/" + kind.file()));
        Path ours = Files.readSymbolicLink(host.file("/proc/self/ns/" + kind.file()));
        if (!theirs.toString().equals(ours.toString())) {
          other.add(kind);
        }
      }
    } catch (IOException | IndexOutOfBoundsException hidden) {
      other.clear();
      for (Namespace namespace : request.spec().linux().namespaces()) {
        other.add(NamespaceKind.of(namespace.type()));
      }
    }
    return other;
  }
}
