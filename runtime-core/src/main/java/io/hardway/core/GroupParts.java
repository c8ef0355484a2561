package io.hardway.core;

import io.hardway.linux.cgroup.CgroupFile;
import io.hardway.spi.Container;
import io.hardway.spi.ControlGroup;
import io.hardway.spi.FdSlot;
import io.hardway.spi.Hierarchy;
import io.hardway.spi.Host;
import io.hardway.spi.OomCounter;
import io.hardway.spi.ResourceController;
import io.hardway.spi.ResourceRequest;
import io.hardway.spi.Usage;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.spec.IdMapping;
import io.hardway.spi.spec.Mount;
import io.hardway.spi.spec.Namespace;
import io.hardway.spi.spec.Resources;
import io.hardway.spi.spec.Spec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A container's control group. Mostly it has one part, that of the plugin that was chosen; where a
 * limit is asked for that only another plugin gives here, that one's is another part.
 */
final class GroupParts {
  private final Host host;
  private final Plugins plugins;
  private final GroupedContainer config;
  private final List<Part> parts;

  /** What one plugin is asked for, and gives. */
  private record Part(ResourceController controller, ResourceRequest request, ControlGroup group) {}

  private GroupParts(Host host, Plugins plugins, GroupedContainer config, List<Part> parts) {
    this.host = host;
    this.plugins = plugins;
    this.config = config;
    this.parts = parts;
  }

  /** The parts of a container that has a resource plugin, and is started. */
  static GroupParts of(Host host, Plugins plugins, Container container, GroupedContainer config) {
    return of(host, plugins, container, config, GroupPlaces.NONE);
  }

  /**
   * The parts of a container that has a resource plugin.
   *
   * @param places where they are, as far as that was noted at the start
   */
  static GroupParts of(
      Host host,
      Plugins plugins,
      Container container,
      GroupedContainer config,
      GroupPlaces places) {
    Resources wanted = config.spec().linux().resources();
    ResourceRequest.Builder request = ResourceRequest.builder().host(host).container(container);
    config.spec().linux().cgroupsPath().ifPresent(request::cgroupsPath);
    request.bySystemd(config.bySystemd());
    List<IdMapping> uids = config.spec().linux().uidMappings();
    if (host.isPrivileged() && !uids.isEmpty() && mayMakeGroups(config.spec())) {
      request
          .ownerUid(IdMapping.hostId(uids, 0))
          .ownerGid(IdMapping.hostId(config.spec().linux().gidMappings(), 0));
    }
    ResourceController chosen =
        places.isEmpty()
            ? plugins.resources(config.resources())
            : plugins.resourcesNamed(config.resources());
    Set<String> lacking = new LinkedHashSet<>();
    for (String controller : wanted.controllers()) {
      if (!chosen.gives(host, controller)) {
        lacking.add(controller);
      }
    }
    List<Part> others = new ArrayList<>();
    Set<String> elsewhere = new LinkedHashSet<>();
    for (String name : lacking.isEmpty() ? List.<String>of() : config.supplements()) {
      ResourceController other = plugins.resourcesNamed(name);
      Set<String> given = given(host, other, lacking);
      if (!given.isEmpty()) {
        lacking.removeAll(given);
        elsewhere.addAll(given);
        request.supplementary(true).resources(wanted.only(given::contains));
        others.add(part(other, request.build(), places));
        DecisionLog.say(GroupParts.class, "{} is asked for {}", name, given);
      }
    }
    List<Part> parts = new ArrayList<>();
    request
        .supplementary(false)
        .resources(
            elsewhere.isEmpty()
                ? wanted
                : wanted.only(controller -> !elsewhere.contains(controller)));
    parts.add(part(chosen, request.build(), places));
    parts.addAll(others);
    return new GroupParts(host, plugins, config, parts);
  }

  /** In a cgroup namespace of its own, with its groups mounted writable. */
  private static boolean mayMakeGroups(Spec spec) {
    boolean hasNamespace = false;
    for (Namespace namespace : spec.linux().namespaces()) {
      hasNamespace |= namespace.type().equals("cgroup") && namespace.path().isEmpty();
    }
    boolean isWritable = false;
    for (Mount mount : spec.mounts()) {
      isWritable |= mount.type().startsWith("cgroup") && !mount.options().contains("ro");
    }
    return hasNamespace && isWritable;
  }

  private static Part part(
      ResourceController controller, ResourceRequest request, GroupPlaces places) {
    ControlGroup group = places.of(controller.name()).orElseGet(() -> controller.group(request));
    return new Part(controller, request, group);
  }

  /** Where the parts are, for who asks from elsewhere. */
  GroupPlaces places() {
    Map<String, ControlGroup> places = new LinkedHashMap<>();
    for (Part part : parts) {
      places.put(part.controller().name(), part.group());
    }
    return new GroupPlaces(places);
  }

  private static Set<String> given(Host host, ResourceController controller, Set<String> wanted) {
    Set<String> given = new LinkedHashSet<>();
    for (String name : wanted) {
      if (controller.gives(host, name)) {
        given.add(name);
      }
    }
    return given;
  }

  private Part first() {
    return parts.get(0);
  }

  /** All its hierarchies. */
  ControlGroup group() {
    if (parts.size() == 1) {
      return first().group();
    }
    List<Hierarchy> hierarchies = new ArrayList<>();
    for (Part part : parts) {
      hierarchies.addAll(part.group().hierarchies());
    }
    return first().group().toBuilder().hierarchies(hierarchies).build();
  }

  /**
   * Adds the steps that make it, and let the container's process join it.
   *
   * @return the directory the process is to be born in, or none
   */
  FdSlot contribute(PlanAssembler assembler) {
    requireFree();
    FdSlot birthplace = FdSlot.NONE;
    for (Part part : parts) {
      FdSlot slot =
          part.controller()
              .contribute(
                  part.request(), part.group(), assembler.forPlugin(part.controller().name()));
      birthplace = theOne(birthplace, slot);
    }
    return birthplace;
  }

  /**
   * A group that was named by its whole path may be another's: ours is killed and removed as a
   * whole, and what is frozen runs nothing. One with the container's id as its name is no other's,
   * but that of a unit may be.
   */
  private void requireFree() {
    Optional<String> asked = config.spec().linux().cgroupsPath();
    boolean isNoOthers = asked.isEmpty() || asked.get().endsWith(config.id());
    if (isNoOthers && first().group().unit().isEmpty()) {
      return;
    }
    for (Hierarchy hierarchy : group().hierarchies()) {
      int processes = CgroupFile.processes(hierarchy.directory()).size();
      if (processes > 0) {
        throw new HardwayException(
            "the cgroup "
                + hierarchy.directory()
                + " is not empty: "
                + processes
                + (processes == 1 ? " process is" : " processes are")
                + " in it; name one that is not there yet, or end them");
      }
    }
    if (isFrozen()) {
      throw new HardwayException(
          "the cgroup "
              + first().group().hierarchies().get(0).directory()
              + " is frozen: nothing would run in it; thaw it, or name another");
    }
  }

  /** Adds the steps that let one more process join it; the result as for {@link #contribute}. */
  FdSlot contributeJoin(PlanAssembler assembler) {
    FdSlot birthplace = FdSlot.NONE;
    for (Part part : parts) {
      FdSlot slot =
          part.controller()
              .contributeJoin(part.group(), assembler.forPlugin(part.controller().name()));
      birthplace = theOne(birthplace, slot);
    }
    return birthplace;
  }

  private static FdSlot theOne(FdSlot first, FdSlot second) {
    if (first != FdSlot.NONE && second != FdSlot.NONE) {
      throw new HardwayException("two resource plugins want the process to be born in their group");
    }
    return first == FdSlot.NONE ? second : first;
  }

  /** Adds the steps that change limits; what is absent in {@code changed} stays. */
  void contributeUpdate(Resources changed, PlanAssembler assembler) {
    requireParts(changed);
    Set<String> elsewhere = new LinkedHashSet<>();
    for (Part part : parts.subList(1, parts.size())) {
      elsewhere.addAll(part.request().resources().controllers());
    }
    for (Part part : parts) {
      Set<String> own = part.request().resources().controllers();
      Resources share =
          part == first()
              ? changed.only(controller -> !elsewhere.contains(controller))
              : changed.only(own::contains);
      part.controller()
          .contributeUpdate(
              host, part.group(), share, assembler.forPlugin(part.controller().name()));
    }
  }

  /** What only another plugin gives needs a part that was made when the container started. */
  private void requireParts(Resources changed) {
    Set<String> missing = new LinkedHashSet<>();
    for (String controller : changed.controllers()) {
      boolean has = first().controller().gives(host, controller);
      for (Part part : parts.subList(1, parts.size())) {
        has |= part.request().resources().controllers().contains(controller);
      }
      if (!has) {
        missing.add(controller);
      }
    }
    for (String name : missing.isEmpty() ? List.<String>of() : config.supplements()) {
      Set<String> given = given(host, plugins.resourcesNamed(name), missing);
      if (!given.isEmpty()) {
        throw new HardwayException(
            "cannot update the limits of "
                + String.join(", ", given)
                + " while container "
                + config.name()
                + " runs: they need a group of "
                + name
                + ", and it was started without one; "
                + config.remedyForLateLimits(),
            1);
      }
    }
  }

  /** Adds the steps that freeze it. */
  void contributeFreeze(PlanAssembler assembler) {
    ResourceController controller = first().controller();
    controller.contributeFreeze(first().group(), assembler.forPlugin(controller.name()));
  }

  /** Adds the steps that thaw it. */
  void contributeThaw(PlanAssembler assembler) {
    ResourceController controller = first().controller();
    controller.contributeThaw(first().group(), assembler.forPlugin(controller.name()));
  }

  /** The group above that is frozen, and it with that. */
  Optional<Path> frozenAbove() {
    return first().controller().frozenAbove(first().group());
  }

  /** Whether it is frozen. */
  boolean isFrozen() {
    return first().controller().isFrozen(first().group());
  }

  /** The pids of all its processes. */
  List<Long> processes() {
    return first().controller().processes(first().group());
  }

  /** What it has used, by the first part that knows. */
  Usage usage() {
    Usage usage = first().controller().usage(first().group());
    for (Part part : parts.subList(1, parts.size())) {
      usage = usage.orElse(part.controller().usage(part.group()));
    }
    return usage;
  }

  /** Where the kernel counts what it has killed for lack of memory. */
  Optional<OomCounter> oomCounter() {
    for (Part part : parts) {
      Optional<OomCounter> counter = part.controller().oomCounter(part.group());
      if (counter.isPresent()) {
        return counter;
      }
    }
    return Optional.empty();
  }
}
