package io.hardway.isolation.linux;

import io.hardway.spi.FdSlot;
import io.hardway.spi.IntSlot;
import io.hardway.spi.IsolationRequest;
import io.hardway.spi.Location;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Text;
import io.hardway.spi.spec.Namespace;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;

/** Which namespaces a container has of its own, and which it joins. */
final class Namespaces {
  private final EnumSet<NamespaceKind> fresh = EnumSet.noneOf(NamespaceKind.class);
  private final Map<NamespaceKind, FdSlot> joined = new EnumMap<>(NamespaceKind.class);

  /** What a request asks for; opens what is joined, in the host phase. */
  static Namespaces of(IsolationRequest request, PlanBuilder plan) {
    Namespaces namespaces = new Namespaces();
    for (Namespace namespace : request.spec().linux().namespaces()) {
      NamespaceKind kind = NamespaceKind.of(namespace.type());
      if (kind == null) {
        throw new PlanningException(
            "there is no namespace of type " + namespace.type(), "see namespaces(7)");
      }
      if (!request.host().supportsNamespace(kind.file())) {
        throw new PlanningException(
            "the kernel has no " + kind.type() + " namespaces",
            "do without, or use a newer kernel");
      }
      if (namespace.path().isEmpty()) {
        namespaces.fresh.add(kind);
      } else {
        FdSlot slot = plan.fdSlot(kind.type() + " namespace");
        String path = namespace.path().get();
        plan.host()
            .open(Location.host(path), 0, 0, slot)
            .label("open the " + kind.type() + " namespace " + path);
        namespaces.joined.put(kind, slot);
      }
    }
    for (Map.Entry<String, Path> shared : request.joined().entrySet()) {
      NamespaceKind kind = NamespaceKind.of(shared.getKey());
      FdSlot process = plan.fdSlot("process whose " + kind.type() + " namespace is shared");
      IntSlot pid = plan.intSlot("pid of that process");
      FdSlot slot = plan.fdSlot(kind.type() + " namespace");
      plan.host()
          .openProcess(shared.getValue(), process, pid)
          .label("find the container whose " + kind.type() + " namespace is shared");
      Text file =
          Text.builder().literal("/proc/").decimal(pid).literal("/ns/" + kind.file()).build();
      plan.host()
          .open(Location.host(file), 0, 0, slot)
          .label("open its " + kind.type() + " namespace");
      namespaces.joined.put(kind, slot);
    }
    if (!namespaces.fresh.contains(NamespaceKind.MOUNT)) {
      throw new PlanningException(
          "a container needs a mount namespace of its own",
          "add a namespace of type mount without a path");
    }
    return namespaces;
  }

  /** Whether it has a new one of this kind. */
  boolean isNew(NamespaceKind kind) {
    return fresh.contains(kind);
  }

  /** Whether it has another than the host's. */
  boolean isOwn(NamespaceKind kind) {
    return fresh.contains(kind) || joined.containsKey(kind);
  }

  /** The one it joins, or none. */
  FdSlot joined(NamespaceKind kind) {
    return joined.getOrDefault(kind, FdSlot.NONE);
  }

  /** Those it joins. */
  Map<NamespaceKind, FdSlot> joined() {
    return joined;
  }
}
