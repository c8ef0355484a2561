package io.hardway.core;

import io.hardway.spi.ControlGroup;
import io.hardway.spi.ExecRequest;
import io.hardway.spi.FdSlot;
import io.hardway.spi.FileChange;
import io.hardway.spi.Hierarchy;
import io.hardway.spi.Host;
import io.hardway.spi.HugepageUsage;
import io.hardway.spi.IsolationProvider;
import io.hardway.spi.IsolationRequest;
import io.hardway.spi.Location;
import io.hardway.spi.NetworkProvider;
import io.hardway.spi.NetworkRequest;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.PlanningException;
import io.hardway.spi.ResourceController;
import io.hardway.spi.ResourceRequest;
import io.hardway.spi.RootfsProvider;
import io.hardway.spi.RootfsRequest;
import io.hardway.spi.RootfsSource;
import io.hardway.spi.Support;
import io.hardway.spi.Usage;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.Step;
import io.hardway.spi.spec.ContainerProcess;
import io.hardway.spi.spec.LinuxSettings;
import io.hardway.spi.spec.Namespace;
import io.hardway.spi.spec.Resources;
import io.hardway.spi.spec.Spec;
import io.hardway.testkit.FakeHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An engine over an empty directory, with plugins of a few steps each. */
final class PlannedEngine {
  static final String ID = "4f".repeat(32);

  private final HardwayComponent component;

  PlannedEngine(Path directory) throws IOException {
    Path index = Files.createDirectories(directory.resolve("home/lib")).resolve("plugins.index");
    Files.writeString(
        index,
        line(ResourceController.class, Group.class)
            + line(ResourceController.class, Pages.class)
            + line(RootfsProvider.class, Layers.class)
            + line(IsolationProvider.class, Namespaces.class)
            + line(NetworkProvider.class, Loopback.class));
    component =
        HardwayComponent.of(
            EngineOptions.builder()
                .configuration(Files.writeString(directory.resolve("config.toml"), ""))
                .state(directory.resolve("state"))
                .data(directory.resolve("data"))
                .installation(directory.resolve("home"))
                .build(),
            new FakeHost(Files.createDirectories(directory.resolve("host"))));
  }

  private static String line(Class<?> kind, Class<?> plugin) {
    return kind.getName() + " " + plugin.getName() + "\n";
  }

  Engine engine() {
    return component.engine();
  }

  Directories directories() {
    return component.directories();
  }

  static ContainerConfig.Builder config() {
    return ContainerConfig.builder()
        .id(ID)
        .name("web")
        .created("2026-01-01T00:00:00Z")
        .source(RootfsSource.directories(List.of(Path.of("/srv/root"))))
        .spec(
            Spec.builder()
                .process(ContainerProcess.builder().args(List.of("true")).build())
                .linux(
                    LinuxSettings.builder()
                        .namespaces(List.of(Namespace.builder().type("mount").build()))
                        .build())
                .build())
        .resources("group")
        .rootfs("layers")
        .isolation("namespaces")
        .network("loopback");
  }

  /** A container that has been made, and is in this status. */
  static ContainerRecord container(Status status) {
    return new ContainerRecord(
        config().build(),
        status,
        status.isAlive() ? 42 : 0,
        "",
        ExitRecord.NONE,
        List.of(),
        List.of());
  }

  /** Each step as {@code PLUGIN KEYWORD: LABEL}. */
  static List<String> texts(Plan plan) {
    List<String> texts = new ArrayList<>();
    for (Step step : plan.steps()) {
      texts.add(step.plugin() + " " + step.operation().keyword() + ": " + step.label());
    }
    return texts;
  }

  /** A resource controller. */
  static final class Group implements ResourceController {
    private static final Path GROUP = Path.of("/sys/fs/cgroup/hardway/" + ID);

    @Override
    public String name() {
      return "group";
    }

    @Override
    public Support probe(Host host) {
      return Support.usable(1, "");
    }

    @Override
    public boolean gives(Host host, String controller) {
      return !controller.equals("hugetlb");
    }

    @Override
    public ControlGroup group(ResourceRequest request) {
      return ControlGroup.builder()
          .version(2)
          .hierarchies(
              List.of(
                  Hierarchy.builder()
                      .name("unified")
                      .controllers(List.of("memory"))
                      .directory(request.cgroupsPath().map(request.host()::file).orElse(GROUP))
                      .build()))
          .build();
    }

    @Override
    public FdSlot contribute(ResourceRequest request, ControlGroup group, PlanBuilder plan) {
      plan.host().mkdir(Location.host(GROUP), 0755).label("make the group");
      if (!request.resources().hugepageLimits().isEmpty()) {
        throw new PlanningException("there are no huge pages", "leave them out");
      }
      request
          .ownerUid()
          .ifPresent(
              uid -> plan.host().chown(Location.host(GROUP), uid, -1).label("give it to " + uid));
      plan.kill().killGroupV2(GROUP).label("kill the group");
      plan.teardown().removeGroup(GROUP, 1000).label("remove the group");
      return FdSlot.NONE;
    }

    @Override
    public FdSlot contributeJoin(ControlGroup group, PlanBuilder plan) {
      return FdSlot.NONE;
    }

    @Override
    public void contributeUpdate(
        Host host, ControlGroup group, Resources changed, PlanBuilder plan) {
      plan.host()
          .write(Location.host(GROUP.resolve("memory.max")), "1")
          .label("limit " + changed.controllers());
    }

    @Override
    public void contributeFreeze(ControlGroup group, PlanBuilder plan) {
      plan.host().write(Location.host(GROUP.resolve("cgroup.freeze")), "1").label("freeze");
    }

    @Override
    public void contributeThaw(ControlGroup group, PlanBuilder plan) {
      plan.host().write(Location.host(GROUP.resolve("cgroup.freeze")), "0").label("thaw");
    }

    @Override
    public boolean isFrozen(ControlGroup group) {
      return false;
    }

    @Override
    public List<Long> processes(ControlGroup group) {
      return List.of();
    }

    @Override
    public Usage usage(ControlGroup group) {
      return Usage.builder().pids(3).build();
    }
  }

  /** A resource controller that has nothing but huge pages. */
  static final class Pages implements ResourceController {
    private static final Path GROUP = Path.of("/sys/fs/cgroup/unified/hardway/" + ID);

    @Override
    public String name() {
      return "pages";
    }

    @Override
    public Support probe(Host host) {
      return Support.unusable("it has nothing but huge pages");
    }

    @Override
    public boolean gives(Host host, String controller) {
      return controller.equals("hugetlb");
    }

    @Override
    public ControlGroup group(ResourceRequest request) {
      return ControlGroup.builder()
          .version(2)
          .hierarchies(
              List.of(Hierarchy.builder().name("unified").version(2).directory(GROUP).build()))
          .build();
    }

    @Override
    public FdSlot contribute(ResourceRequest request, ControlGroup group, PlanBuilder plan) {
      plan.host()
          .mkdir(Location.host(GROUP), 0755)
          .label(
              "make the "
                  + (request.supplementary() ? "other group of " : "group of ")
                  + request.resources().controllers());
      plan.kill().killGroupV2(GROUP).label("kill the other group");
      plan.teardown().removeGroup(GROUP, 1000).label("remove the other group");
      return contributeJoin(group, plan);
    }

    @Override
    public FdSlot contributeJoin(ControlGroup group, PlanBuilder plan) {
      FdSlot slot = plan.fdSlot("the other group");
      plan.host().openPath(Location.host(GROUP), slot).label("take hold of the other group");
      return slot;
    }

    @Override
    public void contributeUpdate(
        Host host, ControlGroup group, Resources changed, PlanBuilder plan) {
      for (var pages : changed.hugepageLimits()) {
        plan.host()
            .write(Location.host(GROUP.resolve("hugetlb.max")), "1")
            .label("limit pages of " + pages.pageSize());
      }
    }

    @Override
    public void contributeFreeze(ControlGroup group, PlanBuilder plan) {
      throw new AssertionError("the first part is frozen");
    }

    @Override
    public void contributeThaw(ControlGroup group, PlanBuilder plan) {
      throw new AssertionError("the first part is thawed");
    }

    @Override
    public boolean isFrozen(ControlGroup group) {
      throw new AssertionError("the first part knows");
    }

    @Override
    public List<Long> processes(ControlGroup group) {
      throw new AssertionError("the first part knows");
    }

    @Override
    public Usage usage(ControlGroup group) {
      return Usage.builder()
          .pids(9)
          .hugepages(List.of(HugepageUsage.builder().pageSize("2MB").build()))
          .build();
    }
  }

  /** A root file system provider. */
  static final class Layers implements RootfsProvider {
    @Override
    public String name() {
      return "layers";
    }

    @Override
    public Support probe(Host host) {
      return Support.usable(1, "");
    }

    @Override
    public void contribute(RootfsRequest request, PlanBuilder plan) {
      Path layer = request.container().data().resolve("layer");
      plan.host().mkdir(Location.host(layer), 0700).label("make the layer");
      plan.root().propagation("/", 0).label("mount the root");
      plan.removal().removeTree(layer).label("remove the layer");
    }

    @Override
    public List<FileChange> changes(RootfsRequest request) {
      return List.of();
    }

    @Override
    public long size(RootfsRequest request) {
      return 0;
    }
  }

  /** An isolation provider. */
  static final class Namespaces implements IsolationProvider {
    @Override
    public String name() {
      return "namespaces";
    }

    @Override
    public Support probe(Host host) {
      return Support.usable(1, "");
    }

    @Override
    public void contribute(IsolationRequest request, PlanBuilder plan) {
      plan.spawn()
          .spawn(0, FdSlot.NONE, FdSlot.NONE, request.spawnCgroup())
          .label("make the process");
      plan.confine().exec(request.spec().process().args(), List.of(), "/bin").label("execute");
    }

    @Override
    public void contributeExec(ExecRequest request, PlanBuilder plan) {
      plan.spawn().spawn(0, FdSlot.NONE, FdSlot.NONE, FdSlot.NONE).label("make the process");
      plan.confine().exec(request.process().args(), List.of(), "/bin").label("execute");
    }
  }

  /** A network provider. */
  static final class Loopback implements NetworkProvider {
    @Override
    public String name() {
      return "loopback";
    }

    @Override
    public Support probe(Host host) {
      return Support.usable(1, "");
    }

    @Override
    public void contribute(NetworkRequest request, PlanBuilder plan) {
      plan.enter().hostname("here").label("bring up the network");
      plan.teardown().removeTree(Path.of("/run/lease")).label("give back the address");
    }
  }
}
