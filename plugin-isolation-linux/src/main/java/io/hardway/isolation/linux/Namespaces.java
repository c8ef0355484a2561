package io.hardway.isolation.linux;

import io.hardway.spi.FdSlot;
import io.hardway.spi.Host;
import io.hardway.spi.IntSlot;
import io.hardway.spi.IsolationRequest;
import io.hardway.spi.Location;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Text;
import io.hardway.spi.spec.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;

/** Which namespaces a container has of its own, and which it joins. */
final class Namespaces {
  private final EnumSet<NamespaceKind> fresh = EnumSet.noneOf(NamespaceKind.class);
  private final Map<NamespaceKind, FdSlot> joined = new EnumMap<>(NamespaceKind.class);

  /**
   * What a request asks for; opens what is joined, in the host phase.
   *
   * @throws PlanningException by name, where one cannot be had
   */
  static Namespaces of(IsolationRequest request, PlanBuilder plan) {
    Namespaces namespaces = new Namespaces();
    for (Namespace namespace : request.spec().linux().namespaces()) {
      NamespaceKind kind = NamespaceKind.of(namespace.type());
      if (kind == null) {
        throw new PlanningException(
            "there is no namespace of type " + namespace.type(), "see namespaces(7)");
      }
      namespaces.requireSupported(request.host(), kind);
      if (namespace.path().isEmpty()) {
        namespaces.fresh.add(kind);
      } else {
        namespaces.join(request.host(), kind, namespace.path().get(), plan);
      }
    }
    for (Map.Entry<String, Path> shared : request.joined().entrySet()) {
      NamespaceKind kind = NamespaceKind.of(shared.getKey());
      namespaces.requireSupported(request.host(), kind);
      namespaces.share(request.host(), kind, shared.getValue(), plan);
    }
    namespaces.requirePossible(request.host());
    return namespaces;
  }

  private void requireSupported(Host host, NamespaceKind kind) {
    if (!host.supportsNamespace(kind.file())) {
      throw new PlanningException(
          "the kernel has no " + kind.type() + " namespaces", "do without, or use a newer kernel");
    }
    if (fresh.contains(kind) || joined.containsKey(kind)) {
      throw new PlanningException(
          "the " + kind.type() + " namespace is said twice", "say once which one it is");
    }
  }

  private void join(Host host, NamespaceKind kind, String path, PlanBuilder plan) {
    String found = NamespaceFile.require(host, kind, path);
    if (isOurUserNamespace(host, kind, found)) {
      return;
    }
    FdSlot slot = plan.fdSlot(kind.type() + " namespace");
    plan.host()
        .open(Location.host(path), 0, 0, slot)
        .label("open the " + kind.type() + " namespace " + path);
    joined.put(kind, slot);
  }

  private void share(Host host, NamespaceKind kind, Path identity, PlanBuilder plan) {
    if (isOurUserNamespace(host, kind, ofProcess(host, kind, identity))) {
      return;
    }
    FdSlot process = plan.fdSlot("process whose " + kind.type() + " namespace is shared");
    IntSlot pid = plan.intSlot("pid of that process");
    FdSlot slot = plan.fdSlot(kind.type() + " namespace");
    plan.host()
        .openProcess(identity, process, pid)
        .label("find the container whose " + kind.type() + " namespace is shared");
    Text file = Text.builder().literal("/proc/").decimal(pid).literal("/ns/" + kind.file()).build();
    plan.host()
        .open(Location.host(file), 0, 0, slot)
        .label("open its " + kind.type() + " namespace");
    joined.put(kind, slot);
  }

  /** Nobody can enter the user namespace he is in: setns(2), EINVAL. Nor has he to. */
  private static boolean isOurUserNamespace(Host host, NamespaceKind kind, String identity) {
    return kind == NamespaceKind.USER
        && identity.equals(NamespaceFile.identity(host, "/proc/self/ns/user"));
  }

  private static String ofProcess(Host host, NamespaceKind kind, Path identity) {
    try {
      String text = Files.readString(identity);
      String pid = text.substring(0, text.indexOf(' '));
      return NamespaceFile.identity(host, "/proc/" + pid + "/ns/" + kind.file());
    } catch (IOException | IndexOutOfBoundsException ended) {
      return ""; // the step that opens it says so
    }
  }

  private void requirePossible(Host host) {
    if (fresh.contains(NamespaceKind.USER) && !joined.isEmpty()) {
      throw new PlanningException(
          "the "
              + joined.keySet().iterator().next().type()
              + " namespace cannot be joined from a new user namespace, which has no rights in it",
          "join the user namespace too, like --userns container:NAME"
              + (host.isPrivileged() ? ", or take the host's" : ""));
    }
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
