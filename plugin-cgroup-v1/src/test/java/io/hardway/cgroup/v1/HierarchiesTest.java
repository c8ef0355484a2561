package io.hardway.cgroup.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardway.spi.Limit;
import io.hardway.spi.spec.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which hierarchies a container has a group in. */
class HierarchiesTest {
  @TempDir Path root;

  private static List<String> names(FakeHierarchies hierarchies) {
    return new CgroupV1Controller()
        .group(hierarchies.request(Resources.builder().build())).hierarchies().stream()
            .map(hierarchy -> hierarchy.name())
            .toList();
  }

  @Test
  void controllersThatOnlyCountAreJoinedToo() throws IOException {
    FakeHierarchies hierarchies =
        new FakeHierarchies(root, "cpu,cpuacct", "perf_event", "net_cls,net_prio");
    hierarchies.start("cpu,cpuacct", "perf_event", "net_cls,net_prio");
    assertEquals(
        List.of(
            "cpu,cpuacct/hardway/c/tasks",
            "perf_event/hardway/c/tasks",
            "net_cls,net_prio/hardway/c/tasks"),
        hierarchies.joined());
  }

  @Test
  void systemdsIsJoinedAndWhatOthersHaveNamedIsLeftAlone() throws IOException {
    FakeHierarchies hierarchies =
        new FakeHierarchies(root, "memory", "name=systemd", "name=theirs", "none,name=more");
    assertEquals(List.of("memory", "systemd"), names(hierarchies));
  }

  @Test
  void aHierarchyMountedTwiceIsUsedOnce() throws IOException {
    FakeHierarchies hierarchies = new FakeHierarchies(root, "memory", "pids", "memory");
    assertEquals(List.of("memory", "pids"), names(hierarchies));
  }

  @Test
  void whatWasMountedLaterIsNotJoinedAndItsLimitsAreRefused() throws IOException {
    FakeHierarchies hierarchies = new FakeHierarchies(root, "memory");
    hierarchies.start("memory");
    hierarchies.mount("pids");
    assertEquals(List.of("memory/hardway/c/tasks"), hierarchies.joined());
    hierarchies.isRefused(
        Resources.builder().pids(Limit.of(5)).build(),
        "pids.max cannot be set: the cgroup controller pids was mounted after the container",
        "start it again");
  }

  @Test
  void aGroupThatIsGoneIsNotJoinedElsewhere() throws IOException {
    FakeHierarchies hierarchies = new FakeHierarchies(root, "memory", "pids");
    assertEquals(List.of("memory/hardway/c/tasks", "pids/hardway/c/tasks"), hierarchies.joined());
    assertEquals(false, Files.exists(root.resolve("sys/fs/cgroup/memory/hardway")));
  }
}
