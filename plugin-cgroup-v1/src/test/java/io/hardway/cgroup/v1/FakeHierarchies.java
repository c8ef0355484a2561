package io.hardway.cgroup.v1;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.Container;
import io.hardway.spi.MountPoint;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.PlanningException;
import io.hardway.spi.ResourceRequest;
import io.hardway.spi.Usage;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.plan.Step;
import io.hardway.spi.spec.Resources;
import io.hardway.testkit.FakeHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A directory that looks like hierarchies of version 1, and what is planned for a container. */
final class FakeHierarchies {
  private final Path root;
  private final FakeHost host;

  /** With these mounted, each like {@code memory} or {@code cpu,cpuacct}. */
  FakeHierarchies(Path root, String... mounted) throws IOException {
    this.root = root;
    this.host = new FakeHost(root);
    for (String controllers : mounted) {
      mount(controllers);
    }
  }

  /** Mounts one more, with a root group. */
  void mount(String controllers) throws IOException {
    String name = controllers.replace("name=", "");
    write(name + "/tasks", "");
    host.mount(
        new MountPoint(
            "/", "/sys/fs/cgroup/" + name, "rw", "cgroup", "cgroup", "rw," + controllers));
  }

  /** A file below the directory where hierarchies are mounted. */
  void write(String file, String content) throws IOException {
    file("sys/fs/cgroup/" + file, content);
  }

  /** A file of the host. */
  void file(String file, String content) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content + "\n");
  }

  /** The container's group, in these hierarchies. */
  void start(String... mounted) throws IOException {
    for (String name : mounted) {
      write(name + "/hardway/tasks", "");
      write(name + "/hardway/c/tasks", "1");
    }
  }

  ResourceRequest request(Resources wanted) {
    return ResourceRequest.builder()
        .host(host)
        .container(
            Container.builder().id("c").state(Path.of("/state")).data(Path.of("/data")).build())
        .resources(wanted)
        .build();
  }

  private interface Contribution {
    void to(PlanBuilder plan);
  }

  /** The steps of a new group, each as its keyword, a path below the hierarchies, and what. */
  List<String> made(Resources wanted) {
    var controller = new CgroupV1Controller();
    ResourceRequest request = request(wanted);
    return written(plan -> controller.contribute(request, controller.group(request), plan), true);
  }

  /** What is written to the files of the group to change its limits, each as {@code file=value}. */
  List<String> updated(Resources wanted) {
    var controller = new CgroupV1Controller();
    var group = controller.group(request(wanted));
    return written(plan -> controller.contributeUpdate(host, group, wanted, plan), false);
  }

  /** What is joined for one more process, by the name of the hierarchy. */
  List<String> joined() {
    var controller = new CgroupV1Controller();
    PlanAssembler assembler = new PlanAssembler();
    var group = controller.group(request(Resources.builder().build()));
    controller.contributeJoin(group, assembler.forPlugin("test"));
    List<String> joined = new ArrayList<>();
    for (Step step : assembler.run(Optional.empty()).steps()) {
      if (step.operation() instanceof Operation.Open open) {
        joined.add(below(open.path().toString()));
      }
    }
    return joined;
  }

  /** What the container has used. */
  Usage usage() {
    var controller = new CgroupV1Controller();
    return controller.usage(controller.group(request(Resources.builder().build())));
  }

  private String below(String path) {
    return root.resolve("sys/fs/cgroup").relativize(Path.of(path)).toString();
  }

  private List<String> written(Contribution contribution, boolean withPath) {
    PlanAssembler assembler = new PlanAssembler();
    contribution.to(assembler.forPlugin("test"));
    List<String> written = new ArrayList<>();
    for (Step step : assembler.run(Optional.empty()).steps()) {
      if (step.operation() instanceof Operation.Write write) {
        String path = write.path().toString();
        String shown = withPath ? below(path) : path.substring(path.lastIndexOf('/') + 1);
        written.add(shown + "=" + write.data());
      }
    }
    return written;
  }

  /** Makes sure that a change of limits is refused, by its name and with this remedy. */
  void isRefused(Resources wanted, String reason, String remedy) {
    PlanningException refusal = assertThrows(PlanningException.class, () -> updated(wanted));
    assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
    assertTrue(refusal.remedy().contains(remedy), refusal.remedy());
  }

  /** Makes sure that a change of limits is refused, by its name. */
  void isRefused(Resources wanted, String reason) {
    isRefused(wanted, reason, "");
  }
}
