package io.hardway.cgroup.v2;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.Container;
import io.hardway.spi.MountPoint;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.PlanningException;
import io.hardway.spi.ResourceRequest;
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

/** A directory that looks like cgroupfs of version 2, and what is planned for a container in it. */
final class FakeGroups {
  /** Where the container's group is. */
  static final String GROUP = "hardway/c";

  private static final String CONTROLLERS = "cpuset cpu io memory hugetlb pids rdma";

  private final Path root;
  private final FakeHost host;

  FakeGroups(Path root) throws IOException {
    this.root = root;
    this.host =
        new FakeHost(root)
            .mount(new MountPoint("/", "/sys/fs/cgroup", "rw", "cgroup2", "cgroup", "rw"));
    write("cgroup.controllers", CONTROLLERS);
    write(GROUP + "/cgroup.controllers", CONTROLLERS);
  }

  /** A file below the root of the hierarchy. */
  void write(String file, String content) throws IOException {
    host("sys/fs/cgroup/" + file, content);
  }

  /** A file of the host. */
  void host(String file, String content) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content + "\n");
  }

  /** A group with these controllers, none of them with a file so far. */
  void group(String group, String controllers) throws IOException {
    write(group + "/cgroup.type", "domain");
    write(group + "/cgroup.controllers", controllers);
    write(group + "/cgroup.subtree_control", "");
    Files.writeString(root.resolve("sys/fs/cgroup/" + group + "/cgroup.procs"), "");
  }

  ResourceRequest request(Resources wanted) {
    return ResourceRequest.builder()
        .host(host)
        .container(
            Container.builder().id("c").state(Path.of("/state")).data(Path.of("/data")).build())
        .resources(wanted)
        .build();
  }

  /** What a new group is planned with, each as {@code path=value} below the hierarchy. */
  List<String> made(Resources wanted) {
    var controller = new CgroupV2Controller();
    ResourceRequest request = request(wanted);
    return written(plan -> controller.contribute(request, controller.group(request), plan), true);
  }

  /** What is written to the files of the group to change its limits, each as {@code file=value}. */
  List<String> updated(Resources wanted) {
    var controller = new CgroupV2Controller();
    var group = controller.group(request(wanted));
    return written(plan -> controller.contributeUpdate(host, group, wanted, plan), false);
  }

  private interface Contribution {
    void to(PlanBuilder plan);
  }

  private List<String> written(Contribution contribution, boolean withPath) {
    PlanAssembler assembler = new PlanAssembler();
    contribution.to(assembler.forPlugin("test"));
    List<String> written = new ArrayList<>();
    for (Step step : assembler.run(Optional.empty()).steps()) {
      if (step.operation() instanceof Operation.Write write) {
        Path path = Path.of(write.path().toString());
        Path shown = withPath ? root.resolve("sys/fs/cgroup").relativize(path) : path.getFileName();
        written.add(shown + "=" + write.data());
      } else if (step.operation() instanceof Operation.Await await) {
        written.add("await " + Path.of(await.path().toString()).getFileName());
      } else if (step.operation() instanceof Operation.DeviceProgram program) {
        written.add(program.keyword() + "=" + step.label());
      }
    }
    return written;
  }

  /** Makes sure that a change of limits is refused for this reason. */
  void isRefused(Resources wanted, String reason) {
    isRefused(() -> updated(wanted), reason);
  }

  /** Makes sure that a new group is refused for this reason. */
  void isNotMade(Resources wanted, String reason) {
    isRefused(() -> made(wanted), reason);
  }

  private static void isRefused(Runnable planning, String reason) {
    PlanningException refusal = assertThrows(PlanningException.class, planning::run);
    assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
  }
}
